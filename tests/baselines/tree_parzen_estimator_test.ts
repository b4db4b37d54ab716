import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  TreeParzenEstimator,
  type TreeParzenEstimatorVariant,
} from "../../baselines/tree_parzen_estimator.ts";
import type { Coordinate } from "../../core/search/coordinates.ts";
import { Random } from "../../core/search/random.ts";

const variants: TreeParzenEstimatorVariant[] = ["tpe", "tpe-univariate"];

/** A parabola with its top at (0.7, ..., 0.7), seen at n random points. */
function parabola(n: number, d: number) {
  const random = Random.of("parabola", n, d);
  const points = Array.from({ length: n }, () => random.point(d));
  const responses = points.map((p) => -p.reduce((sum, v) => sum + (v - 0.7) ** 2, 0));
  return { points, responses };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

Deno.test("tpe is multivariate by default, and unknown variants and seeds are refused", () => {
  assertEquals(new TreeParzenEstimator().name, "tpe");
  for (const variant of variants) assertEquals(new TreeParzenEstimator({ variant }).name, variant);
  const variant = "tpe-magic" as TreeParzenEstimatorVariant;
  assertThrows(() => new TreeParzenEstimator({ variant }), RangeError, 'got "tpe-magic"');
  assertThrows(() => new TreeParzenEstimator({ seed: 0.5 }), RangeError, "got 0.5");
});

for (const variant of variants) {
  Deno.test(`${variant} suggests at random before the tenth response, then by responses`, async () => {
    const algorithm = new TreeParzenEstimator({ variant });
    for (const [n, expected] of [[9, true], [10, false]] as const) {
      const { points, responses } = parabola(n, 3);
      const turned = responses.map((response) => -response);
      const [one, other] = await Promise.all(
        [responses, turned].map((responses) => algorithm.observeAndSuggest({ points, responses })),
      );
      assertEquals(one.every((value, j) => value === other[j]), expected, `${n} responses`);
    }
  });

  Deno.test(`${variant} suggests near what was good`, async () => {
    const observed = parabola(100, 2), algorithm = new TreeParzenEstimator({ variant });
    const distances = await Promise.all(Array.from({ length: 20 }, async (_, key) => {
      const point = await algorithm.observeAndSuggest(observed, { key });
      return Math.max(...point.map((value) => Math.abs(value - 0.7)));
    }));
    assert(mean(distances) < 0.15, `${mean(distances)}`);
  });

  Deno.test(`${variant} chooses a row near what was good, and never one that failed`, async () => {
    const { points, responses } = parabola(100, 2),
      algorithm = new TreeParzenEstimator({ variant });
    const rows = [[0.1, 0.1], [0.7, 0.69], [0, 1]];
    assertEquals(await algorithm.observeAndChoose({ points, responses }, rows), 1);
    const failed = { points: [...points, rows[1]], responses: [...responses, NaN] };
    assertNotEquals(await algorithm.observeAndChoose(failed, rows), 1);
  });

  Deno.test(`${variant} keeps away from running points`, async () => {
    const observed = parabola(40, 1), algorithm = new TreeParzenEstimator({ variant });
    const best = observed.points[observed.responses.indexOf(Math.max(...observed.responses))][0];
    const near = async (running: number[][]): Promise<number> => {
      let count = 0;
      for (let key = 0; key < 40; key++) {
        const [x] = await algorithm.observeAndSuggest({ ...observed, running }, { key });
        if (Math.abs(x - best) < 0.05) count++;
      }
      return count;
    };
    const crowd = Array.from({ length: 30 }, (_, i) => [best - 0.06 + 0.004 * i]);
    const [alone, beside] = [await near([[0.1]]), await near(crowd)];
    assert(beside < alone / 2, `${alone} near without, ${beside} with running points there`);
  });
}

Deno.test("choices and levels are learned, those of an inactive parent from its active trials alone", async () => {
  // The child counts where choice 1 switches it on: level 2 of 4 is best there.
  const coordinates: Coordinate[] = [
    { kind: "choice", count: 2 },
    { kind: "levels", positions: [0.1, 0.4, 0.6, 0.9], when: [{ parent: 0, values: [1] }] },
  ];
  const random = Random.of("conditional");
  const points = Array.from({ length: 60 }, () => {
    const active = random.integer(2);
    return active === 0 ? [0, 0, 1] : [1, [0.1, 0.4, 0.6, 0.9][random.integer(4)], 0];
  });
  const responses = points.map(([active, level]) => active - Math.abs(level - 0.6));
  for (const variant of variants) {
    const algorithm = new TreeParzenEstimator({ variant });
    // Without repeats the best configuration that was not tried is chosen.
    const isBest = ([active, level]: ArrayLike<number> & Iterable<number>): boolean =>
      active === 1 && level === 0.6;
    const without = points.map((point, i) => ({ point, response: responses[i] }))
      .filter(({ point }) => !isBest(point));
    const untried = await algorithm.observeAndSuggest({
      points: without.map(({ point }) => point),
      responses: without.map(({ response }) => response),
    }, { coordinates });
    assertEquals([...untried], [1, 0.6, 0], variant);
    let best = 0;
    for (let key = 0; key < 20; key++) {
      const options = { coordinates, key, repeats: true };
      const point = await algorithm.observeAndSuggest({ points, responses }, options);
      if (point[0] === 1 && point[1] === 0.6) best++;
    }
    assert(best > 10, `${variant}: the best of five configurations ${best} times in 20`);
  }
});
