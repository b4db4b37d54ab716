/**
 * Trials that measure a leader again.
 *
 * @module
 */
import { pointToConfirm } from "../search/confirmation.ts";
import { keyOf } from "../search/untried.ts";
import type { TrialRecord } from "./records.ts";
import type { StudyContext } from "./_study_context.ts";
import { CONFIRMS } from "./trial_summary.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";

/** What a new trial is to try. */
export interface Proposal {
  readonly configuration: UntypedConfiguration;
  /** What says that it measures again, where it does. */
  readonly systemAttributes?: Readonly<Record<string, number>>;
}

/**
 * The configuration to measure again now, with the number of its first trial; undefined where the next trial should
 * search on.
 *
 * @param limit Number of trials that the study has in the end; Infinity where that is not known.
 */
export async function proposeConfirmation(
  context: StudyContext,
  trials: readonly TrialRecord[],
  limit: number,
): Promise<Proposal | undefined> {
  const { confirm, estimator, space: { coordinates }, reader, observer } = context;
  if (confirm === false || estimator === undefined) return undefined;
  const end = limit < Infinity ? { trials: limit } : {};
  const point = await pointToConfirm(observer.observe(trials), {
    confirm,
    estimator,
    coordinates,
    ...end,
  });
  if (point === undefined) return undefined;
  const first = trialsAt(context, trials, point)[0];
  const configuration = first && reader.configuration(first);
  return configuration && { configuration, systemAttributes: { [CONFIRMS]: first.number } };
}

/** The complete trials of a point's configuration. */
export function trialsAt(
  { reader }: Pick<StudyContext, "reader">,
  trials: readonly TrialRecord[],
  point: Float64Array,
): TrialRecord[] {
  const key = keyOf(point);
  return trials.filter((trial) => {
    return trial.state === "complete" && reader.point(trial)?.key === key;
  });
}
