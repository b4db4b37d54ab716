import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  dot,
  factorize,
  factorizeWithJitter,
  inverseFromFactor,
  invertLower,
  multiplyLower,
  multiplyLowerTransposed,
} from "../../../baselines/numerics/linalg.ts";
import { Random } from "../../../core/search/random.ts";

/** B B^T + I / 10 for a random B: symmetric and positive definite. */
function positiveDefinite(n: number, random: Random): Float64Array {
  const b = Float64Array.from({ length: n * n }, () => random.normal());
  return Float64Array.from(
    { length: n * n },
    (_, k) => dot(b, Math.floor(k / n) * n, b, (k % n) * n, n) + (k % (n + 1) === 0 ? 0.1 : 0),
  );
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer());

Deno.test("the Cholesky factor times its transpose is the matrix", () => {
  fc.assert(
    fc.property(sizes, ([n, seed]) => {
      const a = positiveDefinite(n, Random.of(seed)), l = a.slice();
      assert(factorize(l, n));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          assertAlmostEquals(dot(l, i * n, l, j * n, j + 1), a[i * n + j], 1e-10);
        }
      }
    }),
    { seed: 1 },
  );
});

Deno.test("the inverse of the factor and of the matrix undo them", () => {
  fc.assert(
    fc.property(sizes, ([n, seed]) => {
      const random = Random.of(seed), a = positiveDefinite(n, random), l = a.slice();
      factorize(l, n);
      const lInverse = new Float64Array(n * n), inverse = new Float64Array(n * n);
      invertLower(l, n, lInverse);
      inverseFromFactor(lInverse, n, inverse);
      const v = Float64Array.from({ length: n }, () => random.normal());
      const half = new Float64Array(n), solved = new Float64Array(n);
      multiplyLower(lInverse, n, v, half);
      multiplyLowerTransposed(lInverse, n, half, solved);
      for (let i = 0; i < n; i++) {
        assertAlmostEquals(dot(a, i * n, solved, 0, n), v[i], 1e-8); // A (A^-1 v) = v
        let row = 0;
        for (let j = 0; j < n; j++) row += inverse[Math.max(i, j) * n + Math.min(i, j)] * v[j];
        assertAlmostEquals(row, solved[i], 1e-8);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("a singular matrix takes the smallest jitter that makes it definite", () => {
  const ones = new Float64Array(9).fill(1);
  assertEquals(factorize(ones.slice(), 3), false);
  const factorization = factorizeWithJitter(ones, 3);
  assertEquals(factorization?.jitter, 1e-8);
  assertEquals(ones, new Float64Array(9).fill(1), "the matrix itself is left alone");
});

Deno.test("an indefinite matrix and one with NaN cannot be factorized", () => {
  assertEquals(factorizeWithJitter(Float64Array.of(1, 2, 2, 1), 2), undefined);
  assertEquals(factorizeWithJitter(Float64Array.of(NaN), 1), undefined);
  assertEquals(factorizeWithJitter(Float64Array.of(Infinity), 1), undefined);
});
