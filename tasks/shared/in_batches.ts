/**
 * What running several trials at once does to an algorithm, without running them at once.
 *
 * @module
 */
import type { Algorithm } from "../../core/search/algorithm.ts";

/**
 * An algorithm that sees the responses of whole batches alone, and the points since then as running.
 *
 * @param size Suggestions of a batch.
 * @param initial Points that were observed before the first suggestion.
 */
export function inBatches(algorithm: Algorithm, size: number, initial: number): Algorithm {
  return {
    name: algorithm.name,
    observeAndSuggest: async ({ points, responses }, options) => {
      const known = points.length - (points.length - initial) % size;
      const observed = {
        points: points.slice(0, known),
        responses: Float64Array.from(responses).slice(0, known),
        running: points.slice(known),
      };
      const key = points.length - known;
      return await algorithm.observeAndSuggest(observed, { ...options, key });
    },
    observeAndChoose: (...given) => algorithm.observeAndChoose(...given),
  };
}
