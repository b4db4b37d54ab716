/**
 * Trials as clients and the page get them.
 *
 * @module
 */
import type { TrialState } from "../../core/study/records.ts";
import type { TrialSummary } from "../../core/study/trial_summary.ts";

/** A trial in JSON. */
export interface TrialJson {
  number: number;
  state: TrialState;
  /** Null until it is chosen. */
  configuration: Record<string, string | number | boolean | null> | null;
  value?: number | null;
  intermediateValues: { step: number; value: number | null }[];
  confirms?: number;
  reason?: string;
  attributes: Record<string, unknown>;
  startedAt?: string;
  finishedAt?: string;
}

/** A trial in JSON; numbers that JSON lacks are null in it. */
export function trialJson(trial: TrialSummary<unknown>): TrialJson {
  const { number, state, configuration, value, intermediateValues, attributes } = trial;
  const { confirms, reason, startedAt, finishedAt } = trial;
  return {
    number,
    state,
    configuration: (configuration ?? null) as TrialJson["configuration"],
    ...(value !== undefined && { value: finite(value) }),
    intermediateValues: intermediateValues.map(({ step, value }) => ({
      step,
      value: finite(value),
    })),
    ...(confirms !== undefined && { confirms }),
    ...(reason !== undefined && { reason }),
    attributes: { ...attributes },
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
