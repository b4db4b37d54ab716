/**
 * Tests for those who write an optimizer of their own: {@linkcode algorithmTests} is what every
 * {@linkcode Algorithm} of this package runs through.
 *
 * @module
 */
export {
  type AlgorithmFactory,
  type AlgorithmTestOptions,
  algorithmTests,
  type ConformanceTest,
} from "./algorithm_tests.ts";
