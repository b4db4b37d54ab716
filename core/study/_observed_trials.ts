/**
 * A study's trials as its algorithm sees them.
 *
 * @module
 */
import type { Observed } from "../search/task.ts";
import { type Goal, responseOf } from "./goal.ts";
import { isUnfinished, type TrialRecord } from "./records.ts";
import { retriedNumbers } from "./_retries.ts";
import type { StudyContext } from "./_study_context.ts";

/** What is observed, and what was done with trials outside of the space. */
export interface ObservedTrials extends Observed {
  readonly points: readonly Float64Array[];
  readonly responses: Float64Array;
  /** Points of running trials, and of those that wait with a configuration. */
  readonly running: readonly Float64Array[];
  /** Keys of all these points. */
  readonly known: ReadonlySet<string>;
  /** Numbers of the finished trials whose configurations were moved into the space. */
  readonly clipped: readonly number[];
  /** Numbers of the finished trials that were left out. */
  readonly omitted: readonly number[];
}

/**
 * Complete trials are observed with their value (negated if it is to become small), failed ones as NaN.
 *
 * A pruned trial is known to be a bad one, but its last value is of an earlier step and so not comparable: it is
 * observed as that value, moved into the range from the worst to the median complete response. A loss of the first
 * epoch then does not make all others look alike, nor is an early peak taken for an optimum. While no trial is
 * complete it counts as it is; one that reported nothing counts as failed.
 *
 * A trial that is tried again is left to the one that does so.
 */
export function observedTrials(
  { reader, goal, outOfSpace }: Pick<StudyContext, "reader" | "goal" | "outOfSpace">,
  trials: readonly TrialRecord[],
): ObservedTrials {
  const retried = retriedNumbers(trials);
  const complete = trials.filter(({ state }) => state === "complete");
  const range = rangeOfPruned(complete.map(({ values }) => responseOf(values[0], goal)));
  const points: Float64Array[] = [], responses: number[] = [], running: Float64Array[] = [];
  const clipped: number[] = [], omitted: number[] = [];
  const known = new Set<string>();
  for (const trial of trials) {
    const isWithout = trial.parameters.length === 0 && isUnfinished(trial.state);
    if (isWithout || retried.has(trial.number)) continue;
    const read = reader.point(trial);
    const isLeftOut = read === undefined || (read.isOutside && outOfSpace === "omit");
    if (!isLeftOut) known.add(read.key);
    if (isUnfinished(trial.state)) {
      if (!isLeftOut) running.push(read.point);
    } else if (isLeftOut) {
      omitted.push(trial.number);
    } else {
      if (read.isOutside) clipped.push(trial.number);
      points.push(read.point);
      responses.push(responseOfTrial(trial, goal, range));
    }
  }
  return { points, responses: Float64Array.from(responses), running, known, clipped, omitted };
}

function responseOfTrial(
  { state, values }: TrialRecord,
  goal: Goal,
  { low, high }: { readonly low: number; readonly high: number },
): number {
  if (state === "fail" || values.length === 0) return NaN;
  const response = responseOf(values[0], goal);
  return state === "complete" ? response : Math.max(low, Math.min(high, response));
}

/** From the worst to the median of the finite responses. */
function rangeOfPruned(complete: readonly number[]): { low: number; high: number } {
  const sorted = complete.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return { low: -Infinity, high: Infinity };
  return { low: sorted[0], high: sorted[sorted.length >> 1] };
}
