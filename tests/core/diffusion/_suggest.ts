/** A suggestion as plain data, to be asked for here, in a worker and in another process. */
import {
  DiffusionSearch,
  type DiffusionSearchOptions,
} from "../../../core/diffusion/diffusion_search.ts";

export interface SuggestJob {
  options: DiffusionSearchOptions;
  points: number[][];
  responses: number[];
}

export async function suggest({ options, points, responses }: SuggestJob): Promise<number[]> {
  const search = new DiffusionSearch(options);
  return [...await search.observeAndSuggest({ points, responses })];
}
