/**
 * What happens in a study, as it happens.
 *
 * @module
 */
import { type IntermediateValue, isUnfinished, type TrialRecord } from "./records.ts";
import { START } from "./storage.ts";
import type { StudyContext } from "./_study_context.ts";
import type { StudyEvent } from "./study_events.ts";
import type { TrialSummary } from "./trial_summary.ts";

/** A record that has changed, and how. */
export interface RecordChange {
  readonly trial: TrialRecord;
  /** Whether it is new, in another state, or has got its configuration. */
  readonly isTurn: boolean;
  /** What it reported. */
  readonly reports: readonly IntermediateValue[];
}

/** How changes are followed. */
export interface Following {
  /** Whether to begin with the trials that are there. */
  readonly fromStart: boolean;
  /** Seconds between looks at what other processes did. */
  readonly interval: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Changes of a study's trials from the moment of the call, for as long as the consumer goes on. */
export function followChanges(
  { storage, id, changes }: Pick<StudyContext, "storage" | "id" | "changes">,
  { fromStart, interval, signal }: Following,
): AsyncGenerator<RecordChange> {
  let { count } = changes;
  const first = storage.changedTrials(id, START); // begun now, not when the consumer comes
  first.catch(() => {}); // it rejects the consumer's first call, if there is one
  async function* follow(): AsyncGenerator<RecordChange> {
    let { trials, cursor } = await first;
    const known = new Map(fromStart ? [] : trials.map((trial) => [trial.id, trial]));
    while (!signal.aborted) {
      for (const trial of trials) {
        const change = changeOf(known.get(trial.id), trial);
        if (isUnfinished(trial.state)) known.set(trial.id, trial);
        else known.delete(trial.id); // it will not be seen again
        if (change.isTurn || change.reports.length > 0) yield change;
      }
      await changes.next(count, interval, signal);
      if (signal.aborted) return;
      count = changes.count;
      ({ trials, cursor } = await storage.changedTrials(id, cursor));
    }
  }
  return follow();
}

/** Changes as people read them. */
export async function* eventsOf<C>(
  changes: AsyncIterable<RecordChange>,
  summaryOf: (record: TrialRecord) => TrialSummary<C>,
): AsyncGenerator<StudyEvent<C>> {
  for await (const { trial: record, isTurn, reports } of changes) {
    const trial = summaryOf(record);
    const turn = isTurn ? [{ type: "trial", trial } as const] : [];
    const values = reports.map((report) => ({ type: "report", trial, ...report }) as const);
    yield* isUnfinished(record.state) ? [...turn, ...values] : [...values, ...turn];
  }
}

function changeOf(before: TrialRecord | undefined, trial: TrialRecord): RecordChange {
  const values = new Map(before?.intermediateValues.map(({ step, value }) => [step, value]));
  return {
    trial,
    isTurn: before?.state !== trial.state ||
      (before.parameters.length === 0 && trial.parameters.length > 0),
    reports: trial.intermediateValues.filter(({ step, value }) =>
      !Object.is(values.get(step), value)
    ),
  };
}
