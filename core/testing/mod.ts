/**
 * Tests for those who write a part of their own: {@linkcode algorithmTests} is what every {@linkcode Algorithm} of this
 * package runs through, {@linkcode storageTests} what every {@linkcode Storage} does.
 *
 * @module
 */
export { type AlgorithmTestOptions, algorithmTests } from "./algorithm_tests.ts";
export type { AlgorithmFactory, ConformanceTest } from "./conformance.ts";
export { type StorageFactory, storageTests } from "./storage_tests.ts";
