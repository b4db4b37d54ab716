/**
 * An ablation of the context encoding: a history with positions instead of a set.
 *
 * @module
 */
import { type Algorithm, checkHistory } from "../../core/search/algorithm.ts";
import {
  DiffusionSearch,
  type DiffusionSearchOptions,
} from "../../core/diffusion/diffusion_search.ts";

/**
 * Diffusion search that is told when each point was observed: its position in the history, from 0 to 1, is
 * one more coordinate of the point; pending points are at the last position. The position that is generated with
 * a suggestion is dropped.
 */
export function orderedContextSearch(options: DiffusionSearchOptions): Algorithm {
  const search = new DiffusionSearch(options);
  const observeAndSuggest = async (
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen?: readonly Float64Array[],
  ): Promise<Float64Array | number> => {
    const { observations, dimension } = checkHistory(xObs, yObs, xPen);
    const ordered = xObs.map((point, i) =>
      Float64Array.of(...point, i / Math.max(1, observations - 1))
    );
    if (xPen !== undefined) {
      const pending = xPen.map((point) => Float64Array.of(...point, 1));
      return await search.observeAndSuggest(ordered, yObs, pending);
    }
    const suggestion = await search.observeAndSuggest(ordered, yObs);
    return suggestion.slice(0, dimension);
  };
  return {
    name: "diffusion-ordered",
    observeAndSuggest: observeAndSuggest as Algorithm["observeAndSuggest"],
  };
}
