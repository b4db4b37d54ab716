/**
 * What every {@linkcode Storage} has to do, as tests that any implementation can run through.
 *
 * @module
 */
import type { Storage } from "../study/storage.ts";
import type { ConformanceTest } from "./conformance.ts";
import { CHANGE_CHECKS } from "./_storage_change_checks.ts";
import { CREATION_CHECKS } from "./_storage_creation_checks.ts";

/** Opens an empty storage, another one each time. */
export type StorageFactory = () => Storage | Promise<Storage>;

/**
 * The tests of a storage: what is kept and how it is read, who of many callers gets a trial, leases, and what is
 * refused. Each opens a storage of its own, and closes it.
 *
 * @example
 * ```ts
 * import { MemoryStorage } from "@genhpo/genhpo";
 * import { storageTests } from "@genhpo/genhpo/testing";
 *
 * for (const { run } of storageTests("memory", () => new MemoryStorage())) {
 *   await run(); // or, of { name, run }: Deno.test(name, run)
 * }
 * ```
 */
export function storageTests(name: string, factory: StorageFactory): ConformanceTest[] {
  return Object.entries({ ...CREATION_CHECKS, ...CHANGE_CHECKS }).map(([sentence, check]) => ({
    name: `${name}: ${sentence}`,
    run: async () => {
      await using storage = await factory();
      await check(storage);
    },
  }));
}
