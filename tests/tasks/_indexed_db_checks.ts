/** The conformance suite of storages, for a browser: leaves in `window.problems` what went wrong. */
import { CHANGE_CHECKS } from "../core/study/_storage_change_checks.ts";
import { CREATION_CHECKS } from "../core/study/_storage_creation_checks.ts";
import { IndexedDbStorage } from "../../tasks/playground/indexed_db_storage.ts";

const problems: string[] = [];
const checks = Object.entries({ ...CREATION_CHECKS, ...CHANGE_CHECKS });
for (const [sentence, check] of checks) {
  try {
    await using storage = await IndexedDbStorage.open(sentence);
    await check(storage);
  } catch (error) {
    problems.push(`${sentence}: ${error}`);
  }
}
Object.assign(globalThis, { problems, checked: checks.length });
