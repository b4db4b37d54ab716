import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Observations } from "../../../../core/search/observations.ts";
import { propose } from "../../../../core/diffusion/training/proposal.ts";
import { Random } from "../../../../core/search/random.ts";

const seeds = fc.integer();

function uniformHistory(seed: number, dimension: number, size: number): Observations {
  const random = Random.of(seed, "history");
  return { dimension, size, x: random.point(size * dimension), y: random.point(size) };
}

/** Number of coordinates in which a proposed point differs from a given one. */
function changedCoordinates(point: Float64Array, base: Float64Array): number {
  return point.filter((x, j) => x !== base[j]).length;
}

Deno.test("proposed points lie in the cube, equal for equal streams, for 1 to 20 inputs", () => {
  const sizes = fc.integer({ min: 1, max: 40 }), dimensions = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(seeds, dimensions, sizes, (seed, dimension, size) => {
      const history = uniformHistory(seed, dimension, size);
      const points = propose(Random.of(seed), history, { count: 30 });
      assertEquals(points.length, 30 * dimension);
      assert(points.every((x) => x >= 0 && x <= 1));
      assertEquals(propose(Random.of(seed), history, { count: 30 }), points);
    }),
    { seed: 1 },
  );
});

Deno.test("the order of the history does not matter", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 2, max: 40 }), (seed, size) => {
      const history = uniformHistory(seed, 3, size);
      const order = Random.of(seed, "order").permutation(size);
      const shuffled = {
        ...history,
        x: Float64Array.from(
          { length: size * 3 },
          (_, i) => history.x[order[Math.floor(i / 3)] * 3 + i % 3],
        ),
        y: Float64Array.from(order, (i) => history.y[i]),
      };
      const options = { count: 20 };
      assertEquals(
        propose(Random.of(seed), shuffled, options),
        propose(Random.of(seed), history, options),
      );
    }),
    { seed: 1 },
  );
});

Deno.test("what lies behind the history's size is not looked at", () => {
  const history = uniformHistory(1, 4, 10);
  const longer = {
    ...history,
    x: Float64Array.from({ length: 80 }, (_, i) => history.x[i] ?? 0.5),
    y: Float64Array.from({ length: 20 }, (_, i) => history.y[i] ?? 9),
  };
  const options = { count: 50 };
  assertEquals(propose(Random.of(1), longer, options), propose(Random.of(1), history, options));
});

Deno.test("a uniform point moves 5 % of its coordinates to the border", () => {
  const history = uniformHistory(1, 10, 5);
  const points = propose(Random.of("border"), history, { count: 4000, uniformShare: 1 });
  const atBorder = points.filter((x) => x === 0 || x === 1).length / points.length;
  assertAlmostEquals(atBorder, 0.05, 0.005);
  assertAlmostEquals(points.reduce((sum, x) => sum + x, 0) / points.length, 0.5, 0.01);
});

Deno.test("perturbed points keep most coordinates of a good point: the best one in 45 %", () => {
  const dimension = 16, size = 30, count = 4000;
  const history = uniformHistory(2, dimension, size);
  const points = propose(Random.of("ranks"), history, { count, uniformShare: 0 });
  const order = [...history.y.keys()].sort((a, b) => history.y[b] - history.y[a]);
  const fromRank = new Float64Array(size);
  let identified = 0;
  for (let i = 0; i < count; i++) {
    const point = points.subarray(i * dimension, (i + 1) * dimension);
    const rank = order.findIndex((p) =>
      changedCoordinates(point, history.x.subarray(p * dimension, (p + 1) * dimension)) <= 6
    );
    if (rank < 0) continue; // too many coordinates changed to tell
    identified++;
    fromRank[rank]++;
  }
  assert(identified > 0.6 * count);
  assertAlmostEquals(fromRank[0] / identified, 0.45, 0.04);
  assertAlmostEquals(fromRank[1] / identified, 0.45 * 0.55, 0.04);
});

Deno.test("steps in low dimension go down to a thousandth, in high dimension to a hundredth", () => {
  const smallSteps = (dimension: number, below: number) => {
    const x = new Float64Array(dimension).fill(0.5);
    const history = { dimension, size: 1, x, y: Float64Array.of(0) };
    const count = 3000;
    const points = propose(Random.of("steps", dimension), history, { count, uniformShare: 0 });
    let small = 0;
    for (let i = 0; i < count; i++) {
      const point = points.subarray(i * dimension, (i + 1) * dimension);
      const distance = Math.max(...point.map((value) => Math.abs(value - 0.5)));
      if (distance > 0 && distance < below) small++;
    }
    return small / count;
  };
  assert(smallSteps(2, 0.004) > 0.05);
  assert(smallSteps(16, 0.004) < 0.02);
});

Deno.test("steps along differences shrink with the history", () => {
  const dimension = 3;
  const spread = (width: number) => {
    const random = Random.of("difference");
    const x = random.point(12 * dimension).map((value) => 0.5 + width * (value - 0.5));
    const history = { dimension, size: 12, x, y: random.point(12) };
    const points = propose(random, history, { count: 500, uniformShare: 0, differenceShare: 1 });
    return Math.max(...points.map((value) => Math.abs(value - 0.5)));
  };
  assertAlmostEquals(spread(0.01) / spread(0.1), 0.1, 0.001);
});
