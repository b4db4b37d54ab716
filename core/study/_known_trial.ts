/**
 * Trials by the numbers that people give.
 *
 * @module
 */
import type { TrialRecord } from "./records.ts";
import type { StudyContext } from "./_study_context.ts";
import { StudyError } from "./study_error.ts";

/**
 * The trial of this number as it stands.
 *
 * @param action What is to be done with it: `Cannot ACTION trial 3 as ...`.
 * @throws {StudyError} when there is none.
 */
export async function knownTrial(
  { log, name }: Pick<StudyContext, "log" | "name">,
  number: number,
  action: string,
): Promise<TrialRecord> {
  const trials = await log.refresh();
  const known = trials[number];
  if (known !== undefined) return known;
  throw new StudyError(
    "unknown-trial",
    `Cannot ${action} trial ${number} as it must be one of study "${name}": it has ${
      trials.length === 0 ? "none" : `trials 0 to ${trials.length - 1}`
    }`,
  );
}
