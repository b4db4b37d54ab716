/**
 * Trials for the conformance suite of storages.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { NewTrial, ParameterRecord, TrialRecord } from "../study/records.ts";
import { START, type Storage } from "../study/storage.ts";

/** A check of an empty storage, by the sentence that it makes sure of. */
export type Checks = Readonly<Record<string, (storage: Storage) => Promise<void>>>;

/** The distribution of a number in [0, 1], as Optuna writes it. */
export const UNIT =
  `{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}`;
const CHOICE = `{"name": "CategoricalDistribution", "attributes": {"choices": ["a", null, true]}}`;

/** Values of two hyperparameters. */
export function parameters(x: number): ParameterRecord[] {
  return [{ name: "x", value: x, distribution: UNIT }, {
    name: "kind",
    value: 2,
    distribution: CHOICE,
  }];
}

/** Creates a study and gives its id. */
export async function newStudy(storage: Storage, name = "study"): Promise<number> {
  const study = await storage.createStudy({ name, directions: ["maximize"] });
  assert(study !== undefined);
  return study.id;
}

/** Creates a trial that must be created. */
export async function create(
  storage: Storage,
  study: number,
  trial: NewTrial,
): Promise<TrialRecord> {
  const created = await storage.createTrial(study, trial);
  assert(created !== undefined);
  return created;
}

/** All trials of a study. */
export async function all(storage: Storage, study: number): Promise<readonly TrialRecord[]> {
  return (await storage.changedTrials(study, START)).trials;
}
