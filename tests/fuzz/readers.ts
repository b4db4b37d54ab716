/**
 * All readers that are fuzzed. A new one is a {@linkcode FuzzedReader} in a file of its part of the package, and a
 * line here.
 *
 * @module
 */
import { benchmarkReaders } from "./benchmark_readers.ts";
import { boosterReaders } from "./booster_readers.ts";
import { cacheReaders } from "./cache_readers.ts";
import type { FuzzedReader } from "./reader.ts";
import { resultReaders } from "./result_readers.ts";
import { searchSpaceReaders } from "./search_space_readers.ts";
import { trialReaders } from "./trial_readers.ts";
import { weightReaders } from "./weight_readers.ts";

/** The readers, in the order of the table. */
export const readers: readonly FuzzedReader[] = [
  ...boosterReaders,
  ...benchmarkReaders,
  ...resultReaders,
  ...searchSpaceReaders,
  ...trialReaders,
  ...weightReaders,
  ...cacheReaders,
];
