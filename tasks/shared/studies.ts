/**
 * Studies that people name on the command line.
 *
 * @module
 */
import { didYouMean, InputError } from "../../core/search/errors.ts";
import type { StudyRecord } from "../../core/study/records.ts";
import type { ChangeableSetting } from "../../core/study/settings.ts";
import type { Storage } from "../../core/study/storage.ts";
import { type Flag, type Flags, oneOf } from "./cli.ts";

const changeable: readonly ChangeableSetting[] = ["space", "algorithm", "seed"];

/** The flag `--change`. */
export const changeFlag: Flag = {
  value: "a,b",
  description: `Stored settings that may be replaced: ${changeable.join(", ")}`,
};

/** @throws {UsageError} for another setting. */
export function readChange(flags: Flags): ChangeableSetting[] {
  return (flags.list("change") ?? []).map((one) => oneOf("--change", one, changeable));
}

/** Whether an argument is the URL of a storage rather than a file. */
export function isStorageUrl(text: string): boolean {
  return /^(sqlite|postgres(ql)?)(\+\w+)?:/i.test(text);
}

/**
 * The study of this name; without a name the only one of the storage.
 *
 * @throws {InputError} naming the studies that there are.
 */
export async function chosenStudy(
  storage: Storage,
  name: string | undefined,
): Promise<StudyRecord> {
  const studies = await storage.studies();
  const names = studies.map((study) => study.name);
  const found = name === undefined && studies.length === 1
    ? studies[0]
    : studies.find((study) => study.name === name);
  if (found !== undefined) return found;
  const wanted = name === undefined ? "one must be named" : `"${name}" must be among them`;
  const got = names.length === 0 ? "none" : names.join(", ");
  throw new InputError(
    `Cannot choose a study as ${wanted}: got ${got}${
      name === undefined ? "" : didYouMean(name, names)
    }`,
  );
}
