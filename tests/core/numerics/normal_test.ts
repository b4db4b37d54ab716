import { assert, assertAlmostEquals } from "@std/assert";
import { erfcx, logH, normalCdf } from "../../../core/numerics/normal.ts";
import golden from "../../baselines/goldens/normal.json" with { type: "json" };

// Reference values: mpmath with 400 digits, goldens/make_numerics.py.

function assertRelative(actual: number, expected: number, tolerance: number, label: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
  assert(error <= tolerance, `${label}: got ${actual}, expected ${expected}, error ${error}`);
}

Deno.test("erfcx is exact to 1e-14", () => {
  for (const [x, expected] of golden.erfcx) assertRelative(erfcx(x), expected, 1e-14, `x = ${x}`);
});

Deno.test("the normal distribution function keeps its relative accuracy in the lower tail", () => {
  for (const [z, expected] of golden.cdf) assertRelative(normalCdf(z), expected, 1e-13, `z = ${z}`);
});

Deno.test("log h and its ratios are exact to 1e-12 from z = -1e8 to z = 40", () => {
  for (const [z, value, cdfRatio, densityRatio] of golden.logH) {
    const actual = logH(z);
    assertRelative(actual.value, value, 1e-12, `log h(${z})`);
    assertRelative(actual.cdfRatio, cdfRatio, 1e-12, `Phi / h at ${z}`);
    assertRelative(actual.densityRatio, densityRatio, 1e-12, `phi / h at ${z}`);
  }
});

Deno.test("log h has Phi / h as its derivative on both sides of every switch of formula", () => {
  for (const z of [-10.001, -9.999, -1.001, -0.999, 0.3]) {
    const step = 1e-5;
    const difference = (logH(z + step).value - logH(z - step).value) / (2 * step);
    assertAlmostEquals(logH(z).cdfRatio, difference, 1e-8 * Math.abs(difference) + 1e-8);
  }
});
