import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  compressLowerTail,
  representatives,
  standardize,
  usableHistory,
} from "../../baselines/_observations.ts";
import { checkObserved } from "../../core/search/algorithm.ts";

const responses = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), {
  minLength: 1,
  maxLength: 20,
}).map((y) => Float64Array.from(y));

const transforms = { standardize, compressLowerTail };

for (const [name, transform] of Object.entries(transforms)) {
  Deno.test(`${name} gives mean 0 and variance 1, or zeros for constant responses`, () => {
    fc.assert(
      fc.property(responses, (y) => {
        const z = transform(y);
        const mean = z.reduce((sum, v) => sum + v, 0) / z.length;
        const variance = z.reduce((sum, v) => sum + v * v, 0) / z.length;
        assertAlmostEquals(mean, 0, 1e-6);
        assert(Math.abs(variance - 1) < 1e-6 || z.every((v) => v === 0), `variance ${variance}`);
      }),
      { seed: 1 },
    );
  });

  Deno.test(`${name} keeps the order of the responses`, () => {
    fc.assert(
      fc.property(responses, (y) => {
        const z = transform(y);
        for (let i = 0; i < y.length; i++) {
          for (let j = 0; j < y.length; j++) assert(y[i] < y[j] ? z[i] <= z[j] : z[i] >= z[j]);
        }
      }),
      { seed: 1 },
    );
  });

  Deno.test(`${name} does not depend on the unit of the responses`, () => {
    const y = Float64Array.of(0.2, 0.9, 0.4, 0.85, -3), expected = transform(y);
    for (const [scale, shift] of [[1e-9, 0], [1e9, 5], [1e290, 0], [3, -1e3]]) {
      transform(y.map((v) => scale * v + shift)).forEach((v, i) =>
        assertAlmostEquals(v, expected[i], 1e-9)
      );
    }
  });

  Deno.test(`${name} takes responses that differ by rounding alone for constant`, () => {
    const constants = [
      Float64Array.of(0.7, 0.7, 0.7),
      Float64Array.of(0.1 + 0.2, 0.3),
      new Float64Array(4),
    ];
    for (const y of constants) assertEquals(transform(y), new Float64Array(y.length));
  });
}

Deno.test("compressing the lower tail leaves most of the scale to the good responses", () => {
  const y = Float64Array.of(0.9, 0.89, 0.87, 0.85, 0.8, 0.1, 0);
  const share = (z: Float64Array) => (z[0] - z[4]) / (z[0] - z[6]); // of the range, for the best five
  assert(share(compressLowerTail(y)) > 3 * share(standardize(y)));
});

Deno.test("points without a finite response are set aside, the others are sorted", () => {
  const points = [[0.5, 0.1], [0.2, 0.9], [0.5, 0], [0.3, 0.3]];
  const checked = checkObserved({ points, responses: [1, 2, 3, NaN], running: [[0, 1]] });
  const { observations, avoided } = usableHistory(checked);
  assertEquals(observations.x, Float64Array.of(0.2, 0.9, 0.5, 0, 0.5, 0.1));
  assertEquals(observations.y, Float64Array.of(2, 3, 1));
  assertEquals([observations.size, observations.dimension], [3, 2]);
  assertEquals(avoided, Float64Array.of(0.3, 0.3, 0, 1));
});

Deno.test("a penalty counts as 100 median gaps below the best, other responses as they are", () => {
  const x = Array.from({ length: 5 }, (_, i) => Float64Array.of(i / 4));
  const seen = (responses: number[]) =>
    usableHistory(checkObserved({ points: x, responses })).observations.y;
  assertEquals(seen([1, 2, 3, 4, -1e9]), Float64Array.of(1, 2, 3, 4, 4 - 100 * 2));
  assertEquals(seen([1, 2, 3, 4, -90]), Float64Array.of(1, 2, 3, 4, -90));
  assertEquals(seen([1, 1, 1, 1, -1e9]), Float64Array.of(1, 1, 1, 1, -1e9), "no gap to measure by");
});

Deno.test("representatives are the best half and others of all ranks, in their order", () => {
  const y = Float64Array.from({ length: 100 }, (_, i) => (37 * i) % 100);
  const all = { x: y.map((v) => v / 100), y, size: 100, dimension: 1 };
  const some = representatives(all, 20), ranked = some.y.slice().sort().reverse();
  assertEquals(ranked.slice(0, 10), Float64Array.from({ length: 10 }, (_, k) => 99 - k));
  assert(ranked.slice(10).every((v, k) => v < 90 - 9 * k && v >= 81 - 9 * k), `${ranked}`);
  assertEquals(some.x, some.y.map((v) => v / 100));
  assertEquals([...some.y], [...y].filter((v) => ranked.includes(v)));
  assertEquals(representatives(all, 100), all);
});
