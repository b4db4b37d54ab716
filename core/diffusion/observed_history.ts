/**
 * What was observed, as the model is shown it.
 *
 * @module
 */
import type { CheckedObserved } from "../search/algorithm.ts";
import type { Coordinate } from "../search/coordinates.ts";
import { columnKinds, isShownAsReal } from "./column_kinds.ts";
import { type History, toHistory, withStatuses } from "./history.ts";

/**
 * Everything that is known: responses, points that failed or are running, and what columns mean.
 *
 * Of a space of reals alone nothing is said: it is a cube like those of most tasks that the model was trained on, and
 * which it searches best.
 *
 * @param coordinates What the numbers of a point mean, where it is known.
 */
export function observedHistory(
  { points, responses, running }: CheckedObserved,
  coordinates: readonly Coordinate[] | undefined,
): History {
  const isCube = coordinates?.every((one) => isShownAsReal(one) && one.when === undefined);
  return withStatuses(toHistory(points, responses), {
    failed: points.filter((_, i) => !Number.isFinite(responses[i])),
    running,
    columns: coordinates === undefined || isCube ? undefined : columnKinds(coordinates),
  });
}
