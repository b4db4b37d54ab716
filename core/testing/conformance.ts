/**
 * What a conformance suite is made of.
 *
 * @module
 */
import type { Algorithm } from "../search/algorithm.ts";

/** Makes the algorithm under test with a seed. */
export type AlgorithmFactory = (seed: number) => Algorithm | Promise<Algorithm>;

/** A test that any runner can register: `for (const { name, run } of tests) Deno.test(name, run)`. */
export interface ConformanceTest {
  /** A sentence, after the name of what is tested. */
  name: string;
  /** Rejects when it fails. */
  run(): Promise<void>;
}
