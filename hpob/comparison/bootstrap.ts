/**
 * Bootstrap intervals.
 *
 * @module
 */
import { mean, median, quantileSorted } from "simple-statistics";
import { Random } from "../../core/search/random.ts";

/** How {@linkcode bootstrapInterval} works. */
export interface BootstrapOptions {
  /**
   * What the interval is of.
   * @default {"mean"}
   */
  statistic?: "mean" | "median";
  /**
   * Coverage, in (0, 1).
   * @default {0.95}
   */
  confidence?: number;
  /**
   * How many samples are drawn.
   * @default {10_000}
   */
  resamples?: number;
  /**
   * Key of the randomness.
   * @default {0}
   */
  seed?: number;
}

/**
 * Percentile interval of the mean or the median (Efron 1979). Equal values and options give an equal
 * interval.
 */
export function bootstrapInterval(
  values: readonly number[],
  { statistic = "mean", confidence = 0.95, resamples = 10_000, seed = 0 }: BootstrapOptions = {},
): [lower: number, upper: number] {
  if (values.length === 0) throw new RangeError("Cannot give an interval as there must be values");
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `Cannot give an interval as 'confidence' must be in (0, 1): ${confidence}`,
    );
  }
  const random = Random.of("bootstrap", seed, statistic, values.length);
  const of = statistic === "mean" ? mean : median;
  const sample = new Array<number>(values.length);
  const drawn = Array.from({ length: resamples }, () => {
    for (let i = 0; i < sample.length; i++) sample[i] = values[random.integer(values.length)];
    return of(sample);
  }).sort((a, b) => a - b);
  const at = (share: number): number => quantileSorted(drawn, share);
  return [at((1 - confidence) / 2), at((1 + confidence) / 2)];
}
