/**
 * What was observed, as the model is shown it.
 *
 * @module
 */
import type { CheckedObserved } from "../search/algorithm.ts";
import type { Coordinate } from "../search/coordinates.ts";
import { columnKinds } from "./column_kinds.ts";
import { type History, toHistory, withStatuses } from "./history.ts";

/**
 * Everything that is known: responses, points that failed or are running, and what columns mean.
 *
 * @param coordinates What the numbers of a point mean, where it is known.
 */
export function observedHistory(
  { points, responses, running }: CheckedObserved,
  coordinates: readonly Coordinate[] | undefined,
): History {
  return withStatuses(toHistory(points, responses), {
    failed: points.filter((_, i) => !Number.isFinite(responses[i])),
    running,
    columns: coordinates && columnKinds(coordinates),
  });
}
