import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { inverseLogNormalCdf, logNormalCdf } from "../../../core/numerics/normal.ts";
import { logNormalMass, truncatedNormalQuantile } from "../../../core/numerics/truncated_normal.ts";
import golden from "../../baselines/goldens/truncated_normal.json" with { type: "json" };

// Reference values: SciPy's log_ndtr, ndtri_exp and truncnorm, goldens/make_tpe.py.

function assertClose(actual: number, expected: number, label: string): void {
  const error = Math.abs(actual - expected) / Math.max(1e-3, Math.abs(expected));
  assert(error <= 1e-11, `${label}: got ${actual}, expected ${expected}`);
}

Deno.test("the log of the normal distribution function and its inverse are SciPy's", () => {
  for (const [z, expected] of golden.logCdf) assertClose(logNormalCdf(z), expected, `z = ${z}`);
  for (const [y, expected] of golden.inverseLogCdf) {
    assertClose(inverseLogNormalCdf(y), expected, `y = ${y}`);
  }
  assertEquals([-Infinity, 0].map(inverseLogNormalCdf), [-Infinity, Infinity]);
  assertEquals(logNormalCdf(-Infinity), -Infinity);
});

Deno.test("the mass of an interval is SciPy's, in both tails and across zero", () => {
  for (const [a, b, expected] of golden.logMass) {
    assertClose(logNormalMass(a, b), expected, `[${a}, ${b}]`);
  }
});

Deno.test("quantiles of truncated normal distributions are SciPy's", () => {
  for (const [q, a, b, expected] of golden.quantile) {
    assertClose(truncatedNormalQuantile(q, a, b), expected, `q = ${q} on [${a}, ${b}]`);
  }
});

Deno.test("a quantile lies within its bounds and has the mass q below it", () => {
  const bounds = fc.tuple(
    fc.double({ min: -50, max: 50, noNaN: true }),
    fc.double({ min: 0.01, max: 20, noNaN: true }),
  );
  fc.assert(
    fc.property(bounds, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ([a, width], q) => {
      const b = a + width, x = truncatedNormalQuantile(q, a, b);
      assert(x >= a && x <= b);
      const below = Math.exp(logNormalMass(a, x) - logNormalMass(a, b));
      assert(Math.abs(below - q) < 1e-6, `[${a}, ${b}], q = ${q}: ${below}`);
    }),
    { seed: 7 },
  );
});
