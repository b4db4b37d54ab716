/**
 * What every storage has to do. Each of memory, SQLite and PostgreSQL is tested by it.
 *
 * @module
 */
import type { Storage } from "../../../core/study/storage.ts";
import { CHANGE_CHECKS } from "./_storage_change_checks.ts";
import { CREATION_CHECKS } from "./_storage_creation_checks.ts";

/** Opens an empty storage. */
export type OpenStorage = () => Promise<Storage>;

/** Registers the suite for one storage. */
export function testStorage(name: string, open: OpenStorage, options: { ignore?: boolean } = {}) {
  for (const [sentence, check] of Object.entries({ ...CREATION_CHECKS, ...CHANGE_CHECKS })) {
    Deno.test({
      name: `${name}: ${sentence}`,
      ignore: options.ignore ?? false,
      fn: async () => {
        await using storage = await open();
        await check(storage);
      },
    });
  }
}
