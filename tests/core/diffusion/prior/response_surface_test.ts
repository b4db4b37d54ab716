import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { ResponseSurface } from "../../../../core/diffusion/prior/response_surface.ts";
import { Random } from "../../../../core/search/random.ts";

const seeds = fc.integer();
const dimensions = fc.integer({ min: 1, max: 20 });

Deno.test("thousands of surfaces of 1 to 20 inputs are finite, also at the corners", () => {
  for (let dimension = 1; dimension <= 20; dimension++) {
    const random = Random.of("finite", dimension);
    const corners = Float64Array.from(random.point(8 * dimension), Math.round);
    for (let i = 0; i < 150; i++) {
      const surface = ResponseSurface.draw(random, dimension);
      for (const points of [random.point(8 * dimension), corners]) {
        assert(surface.evaluate(points).every(Number.isFinite));
      }
    }
  }
});

Deno.test("a surface is a pure function of its stream, and each response of its own point alone", () => {
  fc.assert(
    fc.property(seeds, dimensions, (seed, dimension) => {
      const surface = ResponseSurface.draw(Random.of(seed), dimension);
      const same = ResponseSurface.draw(Random.of(seed), dimension);
      const points = Random.of(seed, "points").point(6 * dimension);
      const values = surface.evaluate(points);
      assertEquals(same.evaluate(points), values);
      for (let i = 5; i >= 0; i--) {
        const point = points.subarray(i * dimension, (i + 1) * dimension);
        assertEquals(surface.evaluate(point)[0], values[i]);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("different streams give different surfaces", () => {
  const point = Float64Array.of(0.3, 0.6);
  const values = Array.from(
    { length: 50 },
    (_, seed) => ResponseSurface.draw(Random.of(seed), 2, { plateauShare: 0 }).evaluate(point)[0],
  );
  assertEquals(new Set(values).size, 50);
});

Deno.test("no input is special: each has the same part in the variation, on average", () => {
  const dimension = 5, draws = 600;
  const random = Random.of("exchangeable surface");
  const part = new Float64Array(dimension);
  for (let i = 0; i < draws; i++) {
    const surface = ResponseSurface.draw(random, dimension, { plateauShare: 0 });
    const point = random.point(dimension);
    const moved = new Float64Array(dimension * dimension);
    for (let j = 0; j < dimension; j++) {
      moved.set(point.with(j, random.uniform()), j * dimension);
    }
    const before = surface.evaluate(point)[0];
    const changes = surface.evaluate(moved).map((value) => Math.abs(value - before));
    const total = changes.reduce((sum, change) => sum + change, 0);
    if (total > 0) changes.forEach((change, j) => part[j] += change / total / draws);
  }
  // The part's standard deviation is about .33, so that .055 is four standard errors.
  for (const mean of part) assertAlmostEquals(mean, 0.2, 0.055);
});

Deno.test("smooth surfaces change little over a thousandth of the cube, rugged ones often jump", () => {
  const dimension = 4;
  const jumps = (smoothShare: number) => {
    const random = Random.of("jumps", smoothShare);
    let count = 0;
    for (let i = 0; i < 200; i++) {
      const surface = ResponseSurface.draw(random, dimension, { smoothShare, plateauShare: 0 });
      assertEquals(surface.isSmooth, smoothShare === 1);
      const points = random.point(60 * dimension);
      const values = surface.evaluate(points);
      const nearby = surface.evaluate(points.map((x) => Math.min(1, x + 1e-3)));
      const range = Math.max(...values) - Math.min(...values);
      if (values.some((value, p) => Math.abs(nearby[p] - value) > 0.05 * range)) count++;
    }
    return count / 200;
  };
  assert(jumps(1) < 0.1); // one in ten is quantised
  assert(jumps(0) > 0.25);
});

Deno.test("a closed gate makes the inputs that it controls irrelevant", () => {
  const random = Random.of("gated");
  let gated = 0;
  for (let i = 0; i < 400; i++) {
    const surface = ResponseSurface.draw(random, 6, {
      smoothShare: 0,
      plateauShare: 0,
      surrogateShare: 0,
    });
    const { gate, cliff, residual } = surface.parts;
    if (gate === undefined || cliff !== undefined || residual !== undefined) continue;
    gated++;
    const point = random.point(6);
    point[gate.input] = 0;
    if (!gate.isClosed(point)) point[gate.input] = 1;
    const moved = point.slice();
    for (const j of gate.controlled) if (j !== gate.input) moved[j] = random.uniform();
    assertEquals(surface.evaluate(moved), surface.evaluate(point));
  }
  assert(gated > 20);
});

Deno.test("on a plateau 10 to 90 % of the points share the worst response", () => {
  const dimension = 6, points = 500;
  const random = Random.of("plateau");
  for (let i = 0; i < 100; i++) {
    const surface = ResponseSurface.draw(random, dimension, { plateauShare: 1, surrogateShare: 0 });
    const values = surface.evaluate(random.point(points * dimension)).sort();
    const tied = values.lastIndexOf(values[0]) + 1;
    // The quantile is estimated from 128 points: .15 is four standard errors of the difference.
    assert(tied / points > 0.1 - 0.15);
    const distinct = new Set(values).size;
    if (distinct > points / 2) assert(tied / points < 0.9 + 0.15);
    assertNotEquals(tied, 1);
  }
});

Deno.test("a surrogate stands for a rugged surface in the asked share, and follows its table", () => {
  const dimension = 8, draws = 200;
  const random = Random.of("surrogate");
  const explained: number[] = [];
  for (let i = 0; i < draws; i++) {
    const surface = ResponseSurface.draw(random, dimension, {
      smoothShare: 0,
      surrogateShare: 0.5,
    });
    if (surface.table === undefined) continue;
    const { x, y, size } = surface.table;
    assert(size >= 80 && size <= 600);
    const mean = y.reduce((sum, value) => sum + value, 0) / size;
    const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    const fitted = surface.evaluate(x);
    const total = squares(y.map((value) => value - mean));
    if (total > 0) explained.push(1 - squares(y.map((value, k) => value - fitted[k])) / total);
  }
  assertAlmostEquals(explained.length / draws, 0.5, 0.14); // four standard errors
  explained.sort((a, b) => a - b);
  assert(explained[explained.length >> 1] > 0.9);
});

Deno.test("smooth surfaces are never given as surrogates", () => {
  const random = Random.of("smooth surrogate");
  for (let i = 0; i < 50; i++) {
    const surface = ResponseSurface.draw(random, 3, { smoothShare: 1, surrogateShare: 1 });
    assertEquals(surface.table, undefined);
  }
});
