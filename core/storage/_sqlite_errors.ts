/**
 * SQLite's errors as sentences for the person at the keyboard.
 *
 * SQLite's numbers would be surer than its messages, but Deno gives none where a file is opened.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";

/** What a message of SQLite means. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/unable to open database file/, "be a writable file in a folder that exists and is writable"],
  [/file is not a database/, "be a SQLite file: got something else"],
  [/disk image is malformed/, "be whole: it is damaged; mend it with SQLite's '.recover'"],
  [/readonly database|read-only/, "be a writable file in a folder that exists and is writable"],
  [/is full/, "lie on a disk with room: it is full; nothing that was told before is lost"],
  [/disk I\/O error/, "lie on a disk that works: reading or writing it failed"],
  [/is locked/, "be free: another program keeps it locked"],
];

/** Whether another connection holds a lock that may soon be gone. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /is locked/.test(error.message);
}

/** The error to throw for one that SQLite threw while it used a file; others are left as they are. */
export function sqliteError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_SQLITE_ERROR") {
    return error;
  }
  const requirement = MEANINGS.find(([message]) => message.test(error.message))?.[1];
  if (requirement === undefined) return error;
  return new InputError(`Cannot use "${file}" as it must ${requirement}`, { cause: error });
}
