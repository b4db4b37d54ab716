import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  drawContexts,
  drawSubset,
} from "../../../../core/diffusion/training/pretraining_context.ts";
import { ResponseSurface } from "../../../../core/diffusion/prior/response_surface.ts";
import { Random } from "../../../../core/search/random.ts";

const drawSurfaces = (random: Random, count: number, dimension: number, smoothShare: number) =>
  Array.from(
    { length: count },
    () =>
      ResponseSurface.draw(random, dimension, { smoothShare, plateauShare: 0, surrogateShare: 0 }),
  );

Deno.test("contexts have the size asked for and hold points of the cube with finite responses", () => {
  const sizes = fc.integer({ min: 1, max: 60 }), dimensions = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(fc.integer(), sizes, dimensions, (seed, size, dimension) => {
      const random = Random.of(seed);
      const surfaces = drawSurfaces(random, 2, dimension, 0.5);
      const contexts = drawContexts(random, surfaces, { size });
      for (const context of contexts) {
        assertEquals([context.size, context.dimension], [size, dimension]);
        assertEquals([context.x.length, context.y.length], [size * dimension, size]);
        assert(context.x.every((x) => x >= 0 && x <= 1));
        assert(context.y.every(Number.isFinite));
      }
    }),
    { seed: 1 },
  );
});

Deno.test("responses are the surface's, but for the noise of some start points", () => {
  const random = Random.of("noise");
  const surfaces = drawSurfaces(random, 400, 6, 0.5);
  const contexts = drawContexts(random, surfaces, { size: 30 });
  let noisy = 0;
  contexts.forEach((context, i) => {
    const exact = surfaces[i].evaluate(context.x);
    const wrong = exact.filter((value, k) => value !== context.y[k]).length;
    assert(wrong <= 10); // start points alone
    if (wrong > 0) noisy++;
  });
  assertAlmostEquals(noisy / 400, 0.35, 0.1);
});

Deno.test("a subset keeps the best point in 80 % of the draws, and by luck in its share of the others", () => {
  const size = 40, kept = 10, draws = 3000;
  const random = Random.of("subset");
  const history = { dimension: 1, size, x: random.point(size), y: random.point(size) };
  const best = Math.max(...history.y);
  let count = 0;
  for (let i = 0; i < draws; i++) {
    const subset = drawSubset(random, history, kept);
    assertEquals(new Set(subset.y).size, kept);
    if (subset.y.includes(best)) count++;
  }
  assertAlmostEquals(count / draws, 0.8 + 0.2 * kept / size, 0.03);
});

Deno.test("exploitation brings late contexts of smooth surfaces close to the optimum in low dimension", () => {
  const medianBest = (exploitationShare: number) => {
    const random = Random.of("exploitation", exploitationShare);
    const surfaces = drawSurfaces(random, 100, 3, 1);
    const contexts = drawContexts(random, surfaces, { size: 55, exploitationShare });
    const gaps = contexts.map((context, i) => {
      const values = surfaces[i].evaluate(random.point(3 * 2000)).sort();
      const median = values[1000], highest = Math.max(values[1999], ...context.y);
      return (highest - Math.max(...context.y)) / (highest - median);
    });
    return gaps.sort((a, b) => a - b)[50];
  };
  // The reference is the best of 2000 uniform points: an exploiting context is above it more often than not.
  assertEquals(medianBest(1), 0);
  assert(medianBest(0) > 1e-3);
});

Deno.test("start points of a surrogate are points of its table, measured or predicted", () => {
  const random = Random.of("table starts");
  const surfaces = Array.from(
    { length: 100 },
    () => ResponseSurface.draw(random, 5, { smoothShare: 0, surrogateShare: 1 }),
  );
  const contexts = drawContexts(random, surfaces, { size: 3, exploitationShare: 0 });
  let rows = 0, measured = 0;
  contexts.forEach(({ x, y }, i) => {
    const table = surfaces[i].table!;
    const predicted = surfaces[i].evaluate(x);
    for (let k = 0; k < 3; k++) {
      const point = x.subarray(5 * k, 5 * k + 5).join();
      const same = table.y.filter((_, row) =>
        table.x.subarray(5 * row, 5 * row + 5).join() === point
      );
      if (same.length === 0) continue; // from the search after the start
      rows++;
      if (y[k] === predicted[k]) continue;
      assert(same.includes(y[k]));
      measured++;
    }
  });
  assert(rows > 150);
  assertAlmostEquals(measured / rows, 0.5, 0.2);
});
