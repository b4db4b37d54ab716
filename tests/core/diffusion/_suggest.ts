/** A suggestion as plain data, to be asked for here, in a worker and in another process. */
import type { BackendName } from "../../../core/diffusion/backend.ts";
import {
  type DiffusionMode,
  diffusionModes,
  DiffusionSearch,
} from "../../../core/diffusion/diffusion_search.ts";
import { HistorySearch } from "../../../core/diffusion/history_search.ts";
import type { SeededAlgorithm } from "../../../core/search/seeded_algorithm.ts";

/** What is searched with: a mode of diffusion search, or history search. */
export type SearchKind = DiffusionMode | "history";

export const searchKinds: readonly SearchKind[] = [...diffusionModes, "history"];

export interface SuggestJob {
  kind: SearchKind;
  options: { seed: number; guidance?: number; backend?: BackendName };
  points: number[][];
  responses: number[];
}

/** A search with few steps. */
export function quickSearch({ kind, options }: Omit<SuggestJob, "points" | "responses">) {
  const quick = { trainingSteps: 4, denoisingSteps: 5, ...options };
  const search: SeededAlgorithm = kind === "history"
    ? new HistorySearch(quick)
    : new DiffusionSearch({ ...quick, mode: kind });
  return search;
}

export async function suggest({ points, responses, ...search }: SuggestJob): Promise<number[]> {
  return [...await quickSearch(search).observeAndSuggest({ points, responses })];
}
