/**
 * How a trial ends.
 *
 * @module
 */
import type { TrialRecord } from "./records.ts";
import type { StudyContext } from "./_study_context.ts";
import { knownTrial } from "./_known_trial.ts";
import { StudyError } from "./study_error.ts";
import { type Ending, endingOf, isSameEnding, REASON, type Told } from "./told.ts";

/**
 * Stores how a trial ended. Telling the same again is no error.
 *
 * @param told As checked by `checkTold`.
 * @returns the finished trial.
 * @throws {StudyError} when the trial is unknown, waits, or has ended otherwise.
 */
export async function tellTrial(
  context: StudyContext,
  number: number,
  told: Told,
): Promise<TrialRecord> {
  const known = await knownTrial(context, number, "tell");
  const ending = endingOf(told, known);
  const { changed, trial } = await context.storage.changeTrial(known.id, ending);
  if (changed) context.changes.happened();
  else if (!isSameEnding(ending, trial)) throw tellError(trial, ending);
  return trial;
}

function tellError(
  { number, state, values, systemAttributes }: TrialRecord,
  { values: told }: Ending,
) {
  if (state === "waiting") {
    return new StudyError(
      "waiting-trial",
      `Cannot tell trial ${number} as it must be running: it waits, and must be asked for first`,
    );
  }
  const reason = systemAttributes[REASON];
  const stored = values.length > 0 ? ` with ${values[0]}` : "";
  return new StudyError(
    "finished-trial",
    `Cannot tell trial ${number} as it must be running: it is ${state} already${stored}` +
      `${typeof reason === "string" ? ` (${reason})` : ""}, and ${told[0] ?? "this"} was told`,
  );
}
