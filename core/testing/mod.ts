/**
 * Tests for those who write an optimizer of their own: {@linkcode algorithmTests} is what every
 * {@linkcode Algorithm} of this package runs through.
 *
 * @module
 */
export { type AlgorithmTestOptions, algorithmTests } from "./algorithm_tests.ts";
export type { AlgorithmFactory, ConformanceTest } from "./conformance.ts";
