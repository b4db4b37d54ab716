/**
 * An ablation of the context encoding: a history with positions instead of a set.
 *
 * @module
 */
import type { Algorithm } from "../../core/search/algorithm.ts";
import type { Observed, Point } from "../../core/search/task.ts";
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
  const withPositions = ({ points, responses }: Observed): Observed => ({
    points: points.map((point, i) =>
      Float64Array.of(...Array.from(point), i / Math.max(1, points.length - 1))
    ),
    responses,
  });
  return {
    name: "diffusion-ordered",
    async observeAndSuggest(observed: Observed) {
      return (await search.observeAndSuggest(withPositions(observed))).slice(0, -1);
    },
    observeAndChoose(observed: Observed, rows: readonly Point[]) {
      const last = rows.map((row) => Float64Array.of(...Array.from(row), 1));
      return search.observeAndChoose(withPositions(observed), last);
    },
  };
}
