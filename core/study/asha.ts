/**
 * Asynchronous successive halving: stopping trials that are behind others at the same step.
 *
 * @module
 */
import { type Goal, responseOf } from "./goal.ts";
import type { IntermediateValue, TrialRecord } from "./records.ts";

/** Options of asynchronous successive halving. */
export interface AshaOptions {
  /**
   * The first step at which trials are compared, an integer >= 1.
   * @default {the first step that the study's first trial reports, at least 1}
   */
  readonly minimumStep?: number;
  /**
   * One of so many trials goes on at each rung, and the next rung is at so many times the step; > 1.
   * @default {4}
   */
  readonly reductionFactor?: number;
}

/** How a trial stands at the highest rung that it has reached. */
export interface Verdict {
  /** Whether to stop. */
  readonly prune: boolean;
  /** Why, in words. */
  readonly reason: string;
}

/** @throws {RangeError} for options out of range. */
export function checkAsha({ minimumStep, reductionFactor = 4 }: AshaOptions): void {
  if (minimumStep !== undefined && !(Number.isSafeInteger(minimumStep) && minimumStep >= 1)) {
    throw new RangeError(
      `Cannot prune trials as 'minimumStep' must be an integer >= 1: got ${minimumStep}`,
    );
  }
  if (!(reductionFactor > 1 && reductionFactor < Infinity)) {
    throw new RangeError(
      `Cannot prune trials as 'reductionFactor' must be above 1: got ${reductionFactor}`,
    );
  }
}

/**
 * The rule of ASHA as Ray Tune runs it (Li et al. 2020, "A system for massively parallel hyperparameter tuning",
 * section 3): rung k is at step minimumStep * reductionFactor^k; a trial's value there is the first that it reported
 * at this step or later. Whoever reaches a rung goes on if it is not below the best 1 / reductionFactor of those
 * that reached it before. The first to come always goes on.
 *
 * @param trial The trial as it stands, after a report.
 * @param trials All trials of the study.
 */
export function judge(
  trial: TrialRecord,
  trials: readonly TrialRecord[],
  goal: Goal,
  options: AshaOptions,
): Verdict {
  const { reductionFactor = 4 } = options;
  const reached = rungsReached(trial.intermediateValues, trials, options);
  if (reached.length === 0) return { prune: false, reason: "no rung reached yet" };
  const rung = reached.length - 1, { step, value } = reached[rung];
  const place = `at rung ${rung} (step ${step})`;
  if (Number.isNaN(value)) return { prune: true, reason: `NaN ${place}` };
  const start = minimumStep(trials, options)!;
  const others = trials.filter(({ id }) => id !== trial.id)
    .map(({ intermediateValues }) => valueAt(intermediateValues, start * reductionFactor ** rung))
    .flatMap((one) => one === undefined || Number.isNaN(one.value) ? [] : [one.value]);
  if (others.length === 0) return { prune: false, reason: `the first ${place}` };
  const responses = others.map((other) => responseOf(other, goal)).sort((a, b) => a - b);
  const cutoff = quantile(responses, 1 - 1 / reductionFactor);
  const prune = responseOf(value, goal) < cutoff;
  const words = prune ? "is behind" : "is not behind";
  return {
    prune,
    reason: `${value} ${place} ${words} ${responseOf(cutoff, goal)}, where the best 1/` +
      `${reductionFactor} of ${others.length} others begin`,
  };
}

/**
 * A trial's values at the rungs that it has reached, from the lowest; what Optuna's successive halving looks for in
 * the attributes `completed_rung_0`, `completed_rung_1`, ...
 */
export function rungsReached(
  values: readonly IntermediateValue[],
  trials: readonly TrialRecord[],
  options: AshaOptions,
): readonly IntermediateValue[] {
  const start = minimumStep(trials, options);
  if (start === undefined) return [];
  const { reductionFactor = 4 } = options;
  const reached: IntermediateValue[] = [];
  for (let step = start;; step *= reductionFactor) {
    const value = valueAt(values, step);
    if (value === undefined) return reached;
    reached.push(value);
  }
}

/** The first value at this step or later. */
function valueAt(
  values: readonly IntermediateValue[],
  atLeast: number,
): IntermediateValue | undefined {
  return values.find(({ step }) => step >= atLeast);
}

/** The step of rung 0; undefined before anything was reported. */
function minimumStep(trials: readonly TrialRecord[], options: AshaOptions): number | undefined {
  if (options.minimumStep !== undefined) return options.minimumStep;
  const first = trials.find(({ intermediateValues }) => intermediateValues.length > 0);
  return first && Math.max(1, first.intermediateValues[0].step);
}

/** A quantile between the two nearest of n >= 1 ascending values. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1), low = Math.floor(at), high = Math.ceil(at);
  return low === high || sorted[low] === sorted[high]
    ? sorted[low]
    : sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}
