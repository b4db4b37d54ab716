import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bootstrapInterval } from "../../../hpob/comparison/bootstrap.ts";
import { Random } from "../../../core/search/random.ts";

Deno.test("the interval of a small sample's mean and median is that of all its resamples", () => {
  const values = [0, 1, 3, 10];
  for (const statistic of ["mean", "median"] as const) {
    const all: number[] = [];
    for (let code = 0; code < 256; code++) {
      const sample = [0, 2, 4, 6].map((shift) => values[(code >> shift) & 3]).sort((a, b) => a - b);
      all.push(
        statistic === "mean" ? sample.reduce((a, b) => a + b) / 4 : (sample[1] + sample[2]) / 2,
      );
    }
    all.sort((a, b) => a - b);
    // At 80 % neither end falls on a step of the exact distribution.
    const [lower, upper] = bootstrapInterval(values, { statistic, confidence: 0.8 });
    assertEquals([lower, upper], [all[25], all[230]]);
  }
});

Deno.test("the interval of a large sample's mean is mean +- 1.96 standard errors", () => {
  const random = Random.of("bootstrap test");
  const values = Array.from({ length: 400 }, () => random.normal());
  const mean = values.reduce((a, b) => a + b) / 400;
  const error = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / 400;
  const [lower, upper] = bootstrapInterval(values);
  assertAlmostEquals(lower, mean - 1.96 * error, 0.05 * error);
  assertAlmostEquals(upper, mean + 1.96 * error, 0.05 * error);
});

Deno.test("equal seeds give equal intervals, other seeds others", () => {
  const values = [0.3, 0.1, 0.7, 0.2, 0.9, 0.15];
  const interval = (seed: number) => bootstrapInterval(values, { seed, resamples: 200 });
  assertEquals(interval(1), interval(1));
  assert(interval(1)[0] !== interval(2)[0] || interval(1)[1] !== interval(2)[1]);
});

Deno.test("no values and a coverage outside (0, 1) are refused", () => {
  assertThrows(() => bootstrapInterval([]), RangeError, "there must be values");
  assertThrows(() => bootstrapInterval([1], { confidence: 95 }), RangeError, "95");
});
