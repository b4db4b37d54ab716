import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { DeepGaussianProcess } from "../../baselines/deep_gaussian_process.ts";
import { GaussianProcess, type GaussianProcessVariant } from "../../baselines/gaussian_process.ts";
import { RandomSearch } from "../../baselines/random_search.ts";
import { Random } from "../../core/search/random.ts";

const variants: GaussianProcessVariant[] = ["gp", "gp-polished", "gp-candidates", "gp-hpob"];

/** A parabola with its top at (0.7, ..., 0.7), seen at n random points. */
function parabola(n: number, d: number): { x: Float64Array[]; y: Float64Array } {
  const random = Random.of("parabola", n, d);
  const x = Array.from({ length: n }, () => random.point(d));
  return { x, y: Float64Array.from(x, (p) => -p.reduce((sum, v) => sum + (v - 0.7) ** 2, 0)) };
}

Deno.test("the name is the variant, gp by default", () => {
  assertEquals(new GaussianProcess().name, "gp");
  for (const variant of variants) assertEquals(new GaussianProcess({ variant }).name, variant);
  assertEquals(new DeepGaussianProcess().name, "dgp");
});

Deno.test("unknown variants and seeds that are no integers are refused", () => {
  const variant = "gp-magic" as GaussianProcessVariant;
  assertThrows(() => new GaussianProcess({ variant }), RangeError, 'got "gp-magic"');
  for (const seed of [0.5, NaN, Infinity]) {
    for (const algorithm of [GaussianProcess, DeepGaussianProcess, RandomSearch]) {
      assertThrows(() => new algorithm({ seed }), RangeError, `got ${seed}`);
    }
  }
});

for (const variant of variants) {
  Deno.test(`${variant} finds the top of a parabola it has seen enough of`, async () => {
    const { x, y } = parabola(25, 2);
    const point = await new GaussianProcess({ variant }).observeAndSuggest(x, y);
    point.forEach((v) => assertAlmostEquals(v, 0.7, 0.05));
  });

  Deno.test(`${variant} chooses the pending point at the top`, async () => {
    const { x, y } = parabola(25, 2);
    const pending = [[0.1, 0.1], [0.9, 0.2], [0.7, 0.69], [0, 1]].map((p) => Float64Array.from(p));
    assertEquals(await new GaussianProcess({ variant }).observeAndSuggest(x, y, pending), 2);
  });

  Deno.test(`${variant} does not depend on the unit of the responses`, async () => {
    const { x, y } = parabola(8, 3), algorithm = new GaussianProcess({ variant });
    const expected = await algorithm.observeAndSuggest(x, y);
    // a power of two changes no digit of the arithmetic
    assertEquals(await algorithm.observeAndSuggest(x, y.map((v) => v * 2 ** 40)), expected);
  });
}

Deno.test("a deep kernel chooses the pending point at the top", async () => {
  const { x, y } = parabola(30, 2);
  const pending = [[0.1, 0.1], [0.7, 0.69], [0, 1]].map((p) => Float64Array.from(p));
  assertEquals(await new DeepGaussianProcess().observeAndSuggest(x, y, pending), 1);
});

Deno.test("points around a failed one are not suggested", async () => {
  const { x, y } = parabola(25, 2), algorithm = new GaussianProcess({ variant: "gp-polished" });
  const tried = [...x], responses = [...y];
  for (let k = 0; k < 3; k++) {
    const point = await algorithm.observeAndSuggest(tried, Float64Array.from(responses));
    for (const failed of tried.slice(x.length)) {
      assert(point.some((v, j) => Math.abs(v - failed[j]) >= 1e-3), `${point} failed before`);
    }
    tried.push(point);
    responses.push(NaN);
  }
});

Deno.test("one penalty does not blind the process", async () => {
  const { x, y } = parabola(25, 2);
  y[y.indexOf(Math.min(...y))] = -1e9;
  const point = await new GaussianProcess().observeAndSuggest(x, y);
  point.forEach((v) => assertAlmostEquals(v, 0.7, 0.1));
});

Deno.test("of many observations the best and a spread of the others are enough", async () => {
  const { x, y } = parabola(1100, 2), algorithm = new GaussianProcess();
  const point = await algorithm.observeAndSuggest(x, y);
  point.forEach((v) => assertAlmostEquals(v, 0.7, 0.01));
});
