/**
 * An ablation of the context encoding: a history with positions instead of a set.
 *
 * @module
 */
import { type Algorithm, checkHistory } from "../core/algorithm.ts";
import { DiffusionSearch, type DiffusionSearchOptions } from "../core/diffusion.ts";

/**
 * Diffusion search that is told when each point was observed: its position in the history, from 0 to 1, is
 * one more coordinate of the point. The position that is generated with a suggestion is dropped.
 */
export class OrderedContextSearch implements Algorithm {
  /** Name in result files. */
  readonly name = "diffusion-ordered";
  readonly #search: DiffusionSearch;

  /** Prepares a search with the settings of the pre-trained model. */
  constructor(options: DiffusionSearchOptions) {
    this.#search = new DiffusionSearch(options);
  }

  /** See {@linkcode Algorithm}; pending points are at the last position. */
  observeAndSuggest(xObs: readonly Float64Array[], yObs: Float64Array): Promise<Float64Array>;
  observeAndSuggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen: readonly Float64Array[],
  ): Promise<number>;
  async observeAndSuggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen?: readonly Float64Array[],
  ): Promise<Float64Array | number> {
    const { observations, dimension } = checkHistory(xObs, yObs, xPen);
    const ordered = xObs.map((point, i) =>
      Float64Array.of(...point, i / Math.max(1, observations - 1))
    );
    if (xPen !== undefined) {
      const pending = xPen.map((point) => Float64Array.of(...point, 1));
      return await this.#search.observeAndSuggest(ordered, yObs, pending);
    }
    const suggestion = await this.#search.observeAndSuggest(ordered, yObs);
    return suggestion.slice(0, dimension);
  }
}
