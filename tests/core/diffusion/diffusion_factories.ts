/** Diffusion search under the names by which the conformance suite and its workers ask for it. */
import { DiffusionSearch } from "../../../core/diffusion/diffusion_search.ts";
import { HistorySearch } from "../../../core/diffusion/history_search.ts";
import type { AlgorithmFactory } from "../../conformance.ts";

const quick = { trainingSteps: 4, denoisingSteps: 5 };

export const factories: Record<string, AlgorithmFactory> = {
  "diffusion": (seed) => new DiffusionSearch({ seed }),
  "diffusion-ranked": (seed) => new DiffusionSearch({ seed, candidates: 8 }),
  "diffusion-history": (seed) => new HistorySearch({ ...quick, seed }),
  "diffusion-adapted": (seed) => new DiffusionSearch({ ...quick, seed, mode: "adapted" }),
};
