import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DiffusionSearch } from "../../../core/diffusion/diffusion_search.ts";
import { type History, toHistory } from "../../../core/diffusion/history.ts";
import { View } from "../../../core/diffusion/local_view.ts";
import { Random } from "../../../core/search/random.ts";
import { branin } from "../../../tasks/shared/synthetic_functions.ts";

function uniformHistory(seed: number, dimension: number, size: number): History {
  const random = Random.of(seed, "history");
  return toHistory(Array.from({ length: size }, () => random.point(dimension)), random.point(size));
}

const histories = fc.record({
  seed: fc.integer(),
  dimension: fc.integer({ min: 1, max: 20 }),
  size: fc.integer({ min: 2, max: 60 }),
}).map(({ seed, dimension, size }) => uniformHistory(seed, dimension, size));

Deno.test("a box holds its best points, which are a history of their own, best first", () => {
  fc.assert(
    fc.property(histories, fc.nat(), (history, choice) => {
      const count = 2 + choice % (history.points.length - 1);
      const view = View.around(history, count);
      for (const point of history.points.slice(0, count)) {
        assert(view.project(point).every((x) => x >= 0 && x <= 1));
      }
      const { points, values } = view.restrict(history);
      assert(points.length >= count);
      assertEquals(points[0], view.project(history.points[0]));
      assertEquals([values[0], values.at(-1)], [0, -1]);
    }),
    { seed: 1 },
  );
});

Deno.test("lifting undoes projecting, and never leaves the cube", () => {
  fc.assert(
    fc.property(histories, fc.integer(), (history, seed) => {
      const view = View.around(history, 2);
      const point = Random.of(seed).point(history.points[0].length);
      const there = view.lift(point);
      assert(there.every((x) => x >= 0 && x <= 1));
      view.project(there).forEach((x, j) => assertAlmostEquals(x, point[j], 1e-9));
    }),
    { seed: 1 },
  );
});

Deno.test("no side of a box is shorter than a tenth of the longest one", () => {
  const points = [[0.2, 0.5], [0.6, 0.5]].map((x) => Float64Array.from(x));
  const view = View.around({ points, values: Float64Array.of(0, -1) }, 2);
  const [low, high] = [0, 1].map((x) => view.lift(new Float64Array(2).fill(x)));
  assertAlmostEquals(low[0], 0.1);
  assertAlmostEquals(high[0], 0.7);
  assertAlmostEquals(low[1], 0.47);
  assertAlmostEquals(high[1], 0.53);
});

Deno.test("the best points being one point, the view is the whole cube", () => {
  const points = [Float64Array.of(0.3, 0.4), Float64Array.of(0.3, 0.4), Float64Array.of(0.9, 0.1)];
  const view = View.around({ points, values: Float64Array.of(0, 0, -1) }, 2);
  assertEquals(view.project(points[2]), points[2]);
});

Deno.test("a box in which all responses are equal is not looked at", () => {
  const top = Array.from({ length: 9 }, (_, i) => Float64Array.of(0.5 + i / 100));
  const points = [...top, Float64Array.of(0.1), Float64Array.of(0.9)];
  const values = Float64Array.from(points, (_, i) => i < 9 ? 0 : -1);
  const random = Random.of("flat");
  for (let draw = 0; draw < 100; draw++) {
    const view = View.draw(random, { points, values }, 1);
    const { values: seen } = view.restrict({ points, values });
    assertEquals(seen.at(-1), -1);
  }
});

Deno.test("views are local with the given probability, and only once there are d + 3 points", () => {
  const share = (size: number, localShare: number): number => {
    const { points, values } = uniformHistory(1, 3, size);
    const history = { points: points.map((point) => point.map((x) => 0.4 + x / 5)), values };
    const random = Random.of("share");
    const probe = Float64Array.of(0.1, 0.2, 0.3);
    const draws = Array.from({ length: 2000 }, () => View.draw(random, history, localShare));
    const isLocal = (view: View) => view.project(probe).some((x, j) => x !== probe[j]);
    return draws.filter(isLocal).length / draws.length;
  };
  assertEquals(share(5, 1), 0);
  assertEquals(share(40, 0), 0);
  assertAlmostEquals(share(40, 0.5), 0.5, 0.03);
});

Deno.test("local views bring a search of unrefined samples closer to a smooth optimum", async () => {
  const gains: number[] = [];
  for (let seed = 0; seed < 40; seed++) {
    const [without, local] = await Promise.all([0, 0.5].map(async (localShare) => {
      const search = new DiffusionSearch({ seed, localShare, refinements: 0 });
      const random = Random.of("start", seed);
      const x = Array.from({ length: 5 }, () => random.point(2));
      for (let trial = 0; trial < 40; trial++) {
        x.push(await search.observeAndSuggest({ points: x, responses: x.map(branin.evaluate) }));
      }
      return branin.maximum - Math.max(...x.map(branin.evaluate));
    }));
    gains.push(Math.log10(without / local));
  }
  const gain = gains.reduce((sum, value) => sum + value, 0) / gains.length;
  assert(gain > 0.2, `the mean log10 gain of 40 searches is ${gain}`);
});
