// Reference values: goldens/make_statistics.py (SciPy 1.10.1).
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { binomialTail, chiSquaredTail, fTail, normalTail } from "../../../core/numerics/tails.ts";
import {
  type Alternative,
  friedmanTest,
  holm,
  nemenyiCriticalDifference,
  signTest,
  wilcoxonTest,
} from "../../../hpob/comparison/statistics.ts";
import goldens from "../goldens/statistics.json" with { type: "json" };

/** Equal to 10 digits, also where both are tiny. */
function assertClose(actual: number, expected: number): void {
  assertAlmostEquals(actual, expected, 1e-10 * Math.abs(expected) + 1e-300);
}

Deno.test("tails of distributions agree with SciPy to 10 digits", () => {
  const { normal, chiSquared, f, binomial } = goldens.tails;
  for (const [z, tail] of normal) assertClose(normalTail(z), tail);
  for (const [x, degrees, tail] of chiSquared) assertClose(chiSquaredTail(x, degrees), tail);
  for (const [x, a, b, tail] of f) assertClose(fTail(x, a, b), tail);
  for (const [k, n, tail] of binomial) assertClose(binomialTail(k, n), tail);
});

Deno.test("Friedman's test agrees with SciPy, with and without ties", () => {
  for (const { samples, ...expected } of goldens.friedman) {
    const result = friedmanTest(samples);
    assertClose(result.statistic, expected.statistic);
    assertClose(result.pValue, expected.pValue);
    assertClose(result.fStatistic, expected.fStatistic);
    assertClose(result.fPValue, expected.fPValue);
    result.averageRanks.forEach((rank, i) => assertClose(rank, expected.averageRanks[i]));
  }
});

Deno.test("Friedman's test is certain when all runs agree, and silent when all methods tie", () => {
  const agreed = friedmanTest([[1, 1, 1], [2, 2, 2], [3, 3, 3]]);
  assertEquals([agreed.fStatistic, agreed.fPValue], [Infinity, 0]);
  const tied = friedmanTest([[1, 2], [1, 2], [1, 2]]);
  assertEquals([tied.statistic, tied.pValue, tied.fPValue], [0, 1, 1]);
});

Deno.test("Wilcoxon's test agrees with SciPy, and with all sign patterns under ties and zeros", () => {
  for (const { first, second, alternative, statistic, pValue } of goldens.wilcoxon) {
    const result = wilcoxonTest(first, second, { alternative: alternative as Alternative });
    assertClose(result.statistic, statistic);
    assertClose(result.pValue, pValue);
  }
});

Deno.test("equal samples do not differ by any paired test", () => {
  assertEquals(wilcoxonTest([1, 2, 3], [1, 2, 3]).pValue, 1);
  assertEquals(signTest([1, 2], [1, 2]), { wins: 0, losses: 0, ties: 2, pValue: 1 });
});

Deno.test("swapping the samples swaps the alternatives", () => {
  const sample = fc.array(
    fc.tuple(fc.integer({ max: 9, min: 0 }), fc.integer({ max: 9, min: 0 })),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  fc.assert(
    fc.property(sample, (pairs) => {
      const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
      for (const test of [wilcoxonTest, signTest]) {
        const less = test(first, second, { alternative: "less" }).pValue;
        const greater = test(second, first, { alternative: "greater" }).pValue;
        assertAlmostEquals(less, greater, 1e-12);
        assert(less >= 0 && less <= 1 + 1e-12);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("the sign test agrees with SciPy's binomial test and counts a smaller first sample as a win", () => {
  for (const [wins, losses, pValue] of goldens.sign) {
    const first = [...Array(wins).fill(0), ...Array(losses).fill(2), 1];
    const result = signTest(first, first.map(() => 1));
    assertEquals([result.wins, result.losses, result.ties], [wins, losses, 1]);
    assertClose(result.pValue, pValue);
  }
  assert(signTest([0, 0, 0, 0, 0], [1, 1, 1, 1, 1], { alternative: "less" }).pValue < 0.05);
  assert(wilcoxonTest([0, 0, 0, 0, 0], [1, 1, 1, 1, 1], { alternative: "less" }).pValue < 0.05);
});

Deno.test("Holm's adjustment agrees with its worked example", () => {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.9), "holm")
  const adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.9]);
  [0.04, 0.09, 0.09, 0.025, 0.9].forEach((p, i) => assertAlmostEquals(adjusted[i], p, 1e-15));
  assertEquals(holm([]), []);
});

Deno.test("Nemenyi's critical difference agrees with SciPy's studentized range", () => {
  for (const [methods, runs, alpha, difference] of goldens.nemenyi) {
    assertAlmostEquals(nemenyiCriticalDifference({ methods, runs, alpha }), difference, 1e-6);
  }
  // Demsar 2006, Table 5: q = 2.569 for 4 methods at the level 0.05.
  const q = nemenyiCriticalDifference({ methods: 4, runs: 1 }) / Math.sqrt(20 / 6);
  assertAlmostEquals(q, 2.569, 5e-4);
});

Deno.test("samples of unequal length, of no runs or with NaN are refused", () => {
  assertThrows(() => wilcoxonTest([1, 2], [1]), RangeError, "got 2 and 1 values");
  assertThrows(() => signTest([], []), RangeError, "got 0 and 0 values");
  assertThrows(() => wilcoxonTest([1, NaN], [1, 2]), RangeError, "got NaN");
  assertThrows(() => friedmanTest([[1, 2]]), RangeError, "got 1 and 2");
  assertThrows(() => nemenyiCriticalDifference({ methods: 1, runs: 3 }), RangeError, "got 1, 3");
});
