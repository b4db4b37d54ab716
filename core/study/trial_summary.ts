/**
 * Trials as people read them.
 *
 * @module
 */
import type { Attributes, IntermediateValue, TrialRecord, TrialState } from "./records.ts";
import { type Goal, responseOf } from "./goal.ts";
import { REASON } from "./told.ts";

/** A trial of a study as it stands. `C` is the type of the space's configurations. */
export interface TrialSummary<C> {
  /** Its number in the study: 0, 1, 2, ... */
  readonly number: number;
  /** Where it stands. */
  readonly state: TrialState;
  /**
   * The hyperparameters as they were stored; after the space was changed, or in another program's trial, they may be
   * outside of it. Undefined until they are chosen.
   */
  readonly configuration: C | undefined;
  /** What the objective gave, of complete trials; the last intermediate value of pruned ones that reported. */
  readonly value?: number;
  /** What was reported on the way, by step. */
  readonly intermediateValues: readonly IntermediateValue[];
  /** Of a trial that measured a leader again, the number of the first trial of its configuration. */
  readonly confirms?: number;
  /** Why it failed or was stopped, where that is known. */
  readonly reason?: string;
  /** What was noted with the trial. */
  readonly attributes: Attributes;
  /** When it started; absent while it waits. */
  readonly startedAt?: Date;
  /** When it finished; absent before. */
  readonly finishedAt?: Date;
}

/** A complete trial. */
export interface CompleteTrial<C> extends TrialSummary<C> {
  /** Always complete. */
  readonly state: "complete";
  /** The hyperparameters. */
  readonly configuration: C;
  /** What the objective gave. */
  readonly value: number;
}

/** Attribute of trials that measure a leader again: the number of the first trial of its configuration. */
export const CONFIRMS = "genhpo:confirms";

/** The summary of a record whose configuration was read. */
export function summaryOf<C>(
  record: TrialRecord,
  configuration: C | undefined,
): TrialSummary<C> {
  const { number, state, values, intermediateValues, startedAt, finishedAt } = record;
  const { [REASON]: reason, [CONFIRMS]: confirms } = record.systemAttributes;
  return {
    number,
    state,
    configuration,
    ...(values.length > 0 && { value: values[0] }),
    intermediateValues,
    ...(typeof confirms === "number" && { confirms }),
    ...(typeof reason === "string" && { reason }),
    attributes: record.userAttributes,
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
  };
}

/** Whether it is complete, with a finite value: other programs complete trials with infinite ones, too. */
export function isComplete<C>(trial: TrialSummary<C>): trial is CompleteTrial<C> {
  return trial.state === "complete" && Number.isFinite(trial.value);
}

/** The complete trial with the best value, the first of equals; undefined while there is none. */
export function bestOf<C>(
  trials: readonly TrialSummary<C>[],
  goal: Goal,
): CompleteTrial<C> | undefined {
  let best: CompleteTrial<C> | undefined;
  for (const trial of trials.filter(isComplete)) {
    const isBetter = best === undefined ||
      responseOf(trial.value, goal) > responseOf(best.value, goal);
    if (isBetter) best = trial;
  }
  return best;
}
