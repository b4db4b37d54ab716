/**
 * From trials to the next configuration by the ratio of two Parzen estimators: Bergstra et al. 2011, as in Optuna 5.
 *
 * @module
 */
import { indexOfLargest } from "../core/numerics/arrays.ts";
import type { CheckedObserved } from "../core/search/algorithm.ts";
import { type Coordinate, isActive, readValues } from "../core/search/coordinates.ts";
import { comparePoints } from "../core/search/distance.ts";
import { sortTried } from "../core/search/observations.ts";
import { ParzenEstimator, type PastTrial } from "./_parzen_estimator.ts";

/** Trials in groups, each in an order that does not depend on that of the history. */
export interface SplitTrials {
  /** The best tenth of those with a response, at most 25. */
  good: PastTrial[];
  /** The others with a response. */
  bad: PastTrial[];
  /** Those without one yet. They count as bad: a constant liar, who keeps workers apart. */
  running: PastTrial[];
}

/** Number of good ones among n trials. */
export function goodCount(n: number): number {
  return Math.min(Math.ceil(0.1 * n), 25);
}

/** Splits what was observed; points without a finite response are left out. */
export function splitTrials(
  { points, responses, running }: Omit<CheckedObserved, "dimension">,
  coordinates: readonly Coordinate[],
): SplitTrials {
  const trial = (point: Float64Array, number: number): PastTrial => ({
    values: readValues(point, coordinates),
    number,
  });
  const { measured } = sortTried(points, responses);
  const good = new Set(
    measured.toSorted((a, b) => responses[b] - responses[a]).slice(0, goodCount(measured.length)),
  );
  const group = (indices: readonly number[]): PastTrial[] =>
    indices.map((i) => trial(points[i], i));
  return {
    good: group(measured.filter((i) => good.has(i))),
    bad: group(measured.filter((i) => !good.has(i))),
    running: running.toSorted(comparePoints).map((point) => trial(point, points.length)),
  };
}

/** How {@linkcode suggestRow} goes about it. */
export interface ParzenSearchOptions {
  /** Whether hyperparameters that all trials have are drawn together, or each alone. */
  multivariate: boolean;
  /** Number of candidates, of which the best is taken. */
  candidates: number;
  /** Uniform numbers of [0, 1). */
  uniform: () => number;
}

/**
 * What to set the hyperparameters to next. Those that some trials have not (conditional ones) are drawn each alone,
 * from the trials that have it.
 */
export function suggestRow(
  trials: SplitTrials,
  coordinates: readonly Coordinate[],
  options: ParzenSearchOptions,
): Float64Array {
  const together = options.multivariate ? sharedHyperparameters(trials) : [];
  const row = new Float64Array(coordinates.length);
  if (together.length > 0) {
    const drawn = drawBest(trials, coordinates, together, options);
    together.forEach((j, i) => row[j] = drawn[i]);
  }
  coordinates.forEach((coordinate, j) => {
    if (!isActive(coordinate, row)) row[j] = NaN;
    else if (!together.includes(j)) [row[j]] = drawBest(trials, coordinates, [j], options);
  });
  return row;
}

/** Indices of the hyperparameters that all finished trials have. */
function sharedHyperparameters({ good, bad }: SplitTrials): number[] {
  const finished = [...good, ...bad];
  return [...finished[0].values.keys()].filter((j) =>
    finished.every(({ values }) => !Number.isNaN(values[j]))
  );
}

/** The best of some candidates of the hyperparameters `chosen`, drawn from the good trials' density. */
function drawBest(
  trials: SplitTrials,
  coordinates: readonly Coordinate[],
  chosen: readonly number[],
  { candidates, uniform }: ParzenSearchOptions,
): Float64Array {
  const { good, bad } = estimators(trials, coordinates, chosen);
  const drawn = good.sample(uniform, candidates);
  return drawn[indexOfLargest(logRatio(good, bad, drawn))];
}

/** The density estimates of some hyperparameters. */
function estimators(
  { good, bad, running }: SplitTrials,
  coordinates: readonly Coordinate[],
  chosen: readonly number[],
): { good: ParzenEstimator; bad: ParzenEstimator } {
  return {
    good: new ParzenEstimator(good, coordinates, chosen),
    bad: new ParzenEstimator([...bad, ...running], coordinates, chosen),
  };
}

function logRatio(
  good: ParzenEstimator,
  bad: ParzenEstimator,
  rows: readonly Float64Array[],
): Float64Array {
  const against = bad.logDensity(rows);
  return good.logDensity(rows).map((value, i) => value - against[i]);
}

/**
 * How good each row is: the log ratio of what all finished trials have, together, and of each other hyperparameter
 * alone, summed over those that are active in the row.
 *
 * @param rows What the hyperparameters are set to, NaN while inactive.
 */
export function scoreRows(
  trials: SplitTrials,
  coordinates: readonly Coordinate[],
  rows: readonly Float64Array[],
  multivariate: boolean,
): Float64Array {
  const together = multivariate ? sharedHyperparameters(trials) : [];
  const alone = [...coordinates.keys()].filter((j) => !together.includes(j)).map((j) => [j]);
  const scores = new Float64Array(rows.length);
  for (const chosen of together.length > 0 ? [together, ...alone] : alone) {
    const active = [...rows.keys()].filter((i) => chosen.every((j) => !Number.isNaN(rows[i][j])));
    const parts = active.map((i) => Float64Array.from(chosen, (j) => rows[i][j]));
    const { good, bad } = estimators(trials, coordinates, chosen);
    logRatio(good, bad, parts).forEach((value, k) => scores[active[k]] += value);
  }
  return scores;
}
