/**
 * HPO-B's metrics of a comparison, as curves over the number of trials.
 *
 * The normalized regret of a run after k trials is 1 - incumbent; a method's rank in a run is its
 * place among the methods by regret, rounded to 8 decimals, where equal ones share their mean place.
 *
 * Source: Pineda-Arango et al. 2021 (arXiv 2106.06257), section 5, and HPO-B's `benchmark_plot.py`.
 *
 * @module
 */
import { mean, median, sampleVariance, variance } from "simple-statistics";
import type { ComparedRun, Comparison } from "./aligned_results.ts";
import { inRegretUnits } from "./ties.ts";

/** How values of runs become one value. */
export interface AggregationOptions {
  /**
   * How several search spaces are joined: `"macro"` averages over the runs of every space and then
   * over the spaces, as HPO-B's paper does; `"micro"` over all runs at once, as its code does.
   * @default {"macro"}
   */
  aggregation?: "macro" | "micro";
}

/** How the band around a mean is drawn. */
export interface BandOptions extends AggregationOptions {
  /**
   * `"95%"`: mean +- 1.96 standard errors. `"official"`: half of it, with the population's standard
   * deviation, as HPO-B's figures have it.
   * @default {"95%"}
   */
  band?: "95%" | "official";
}

/** A metric of one method after 0, 1, ..., trials trials. */
export interface Curve {
  /** The method. */
  readonly method: string;
  /** The metric, [trials + 1]. */
  readonly values: readonly number[];
}

/** A mean with its band. */
export interface BandCurve extends Curve {
  /** Lower edge, [trials + 1]; equal to the mean where there is a single run. */
  readonly lower: readonly number[];
  /** Upper edge, [trials + 1]. */
  readonly upper: readonly number[];
}

/** Values of the m methods in one run after k trials. */
type Quantity = (run: ComparedRun, trial: number) => readonly number[];

/** Regrets after `trial` trials, [m][runs]. */
export function regretsAt(comparison: Comparison, trial: number): number[][] {
  return valuesAt(comparison, regretsOf, trial);
}

/** Mean normalized regret of every method. */
export function meanRegret(comparison: Comparison, options: BandOptions = {}): BandCurve[] {
  return meanCurves(comparison, regretsOf, options);
}

/** Average rank of every method; the ranks of a run sum to m (m + 1) / 2. */
export function averageRank(comparison: Comparison, options: BandOptions = {}): BandCurve[] {
  return meanCurves(comparison, ranksOf, options);
}

/** Median normalized regret of every method. */
export function medianRegret(comparison: Comparison, options: AggregationOptions = {}): Curve[] {
  const spaces = groups(comparison, options);
  const samples = trialsOf(comparison) // [trials + 1][spaces][m][runs]
    .map((trial) => spaces.map((space) => regretsAt(space, trial)));
  return comparison.methods.map((method, m) => ({
    method,
    values: samples.map((bySpace) => mean(bySpace.map((byMethod) => median(byMethod[m])))),
  }));
}

/**
 * Ranks of values, 1 for the smallest; equal values share their mean rank.
 *
 * @param values Any numbers but NaN.
 */
export function averageRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

const regretsOf: Quantity = (run, trial) =>
  run.incumbents.map((incumbents) => 1 - incumbents[trial]);

const ranksOf: Quantity = (run, trial) => averageRanks(regretsOf(run, trial).map(inRegretUnits));

function meanCurves(
  comparison: Comparison,
  quantity: Quantity,
  { band = "95%", ...options }: BandOptions,
): BandCurve[] {
  const spaces = groups(comparison, options);
  const samples = trialsOf(comparison) // [trials + 1][spaces][m][runs]
    .map((trial) => spaces.map((space) => valuesAt(space, quantity, trial)));
  return comparison.methods.map((method, m) => {
    const ofMethod = samples.map((bySpace) => bySpace.map((byMethod) => byMethod[m]));
    const values = ofMethod.map((bySpace) => mean(bySpace.map(mean)));
    const halves = ofMethod.map((bySpace) => halfWidth(bySpace, band));
    return {
      method,
      values,
      lower: values.map((value, trial) => value - halves[trial]),
      upper: values.map((value, trial) => value + halves[trial]),
    };
  });
}

/** Half the width of the band around the mean of the samples' means. */
function halfWidth(samples: readonly number[][], band: "95%" | "official"): number {
  const squaredErrors = samples.map((sample) => {
    if (sample.length === 1) return 0;
    return (band === "95%" ? sampleVariance(sample) : variance(sample)) / sample.length;
  });
  const standardError = Math.sqrt(mean(squaredErrors) / samples.length);
  return (band === "95%" ? 1.96 : 0.98) * standardError;
}

/** The comparisons whose means are averaged: one a search space, or a single one. */
function groups(comparison: Comparison, { aggregation = "macro" }: AggregationOptions) {
  if (aggregation === "micro") return [comparison];
  const spaces = Map.groupBy(comparison.runs, (run) => run.searchSpaceId);
  return [...spaces.values()].map((runs) => ({ ...comparison, runs }));
}

function valuesAt(comparison: Comparison, quantity: Quantity, trial: number): number[][] {
  const byRun = comparison.runs.map((run) => quantity(run, trial));
  return comparison.methods.map((_, m) => byRun.map((values) => values[m]));
}

function trialsOf(comparison: Comparison): number[] {
  return Array.from({ length: comparison.trials + 1 }, (_, trial) => trial);
}
