/** The conformance suite of storages, for a browser: leaves in `window.problems` what went wrong. */
import { storageTests } from "../../core/testing/mod.ts";
import { IndexedDbStorage } from "../../tasks/playground/indexed_db_storage.ts";

const problems: string[] = [];
let count = 0;
const tests = storageTests("IndexedDB", () => IndexedDbStorage.open(`test ${count++}`));
for (const { name, run } of tests) {
  try {
    await run();
  } catch (error) {
    problems.push(`${name}: ${error}`);
  }
}
Object.assign(globalThis, { problems, checked: tests.length });
