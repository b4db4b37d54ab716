/** The baselines under the names by which the conformance suite and its workers ask for them. */
import { RandomSearch } from "../../baselines/random_search.ts";
import type { AlgorithmFactory } from "../conformance.ts";

export const factories: Record<string, AlgorithmFactory> = {
  "random": (seed) => new RandomSearch({ seed }),
};
