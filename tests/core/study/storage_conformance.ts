/**
 * The conformance suite of storages, as tests of Deno.
 *
 * @module
 */
import { type StorageFactory, storageTests } from "../../../core/testing/mod.ts";

/** Registers the suite for one storage. */
export function testStorage(
  name: string,
  factory: StorageFactory,
  options: { ignore?: boolean } = {},
): void {
  const { ignore = false } = options;
  for (const test of storageTests(name, factory)) {
    Deno.test({ name: test.name, ignore, fn: test.run });
  }
}
