/**
 * Studies from one storage to another.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
import type { NewTrial, StudyRecord, TrialRecord } from "./records.ts";
import { START, type Storage } from "./storage.ts";
import { REASON } from "./told.ts";

/**
 * Copies a study with all trials, their numbers and attributes. A trial that runs is a failed one in the copy, as its
 * worker will not tell it there.
 *
 * @returns the number of trials.
 * @throws {InputError} when the other storage has a study of this name.
 */
export async function copyStudy(study: StudyRecord, from: Storage, to: Storage): Promise<number> {
  const copy = await to.createStudy(study);
  if (copy === undefined) {
    throw new InputError(
      `Cannot copy study "${study.name}" as the name must be free there: got a study of it`,
    );
  }
  const { trials } = await from.changedTrials(study.id, START);
  for (const trial of trials) await to.createTrial(copy.id, copyOf(trial));
  return trials.length;
}

function copyOf(trial: TrialRecord): NewTrial {
  const { parameters, values, intermediateValues, userAttributes, systemAttributes } = trial;
  const { state, startedAt, finishedAt } = trial;
  const parts = { parameters, intermediateValues, userAttributes };
  const times = { ...(startedAt && { startedAt }), ...(finishedAt && { finishedAt }) };
  return state === "running"
    ? {
      ...parts,
      ...times,
      state: "fail",
      systemAttributes: { ...systemAttributes, [REASON]: "was running when the study was copied" },
    }
    : { ...parts, ...times, state, values, systemAttributes };
}
