/**
 * The observed history as the model sees it.
 *
 * @module
 */
import { comparePoints } from "../search/distance.ts";
import { sortTried } from "../search/observations.ts";
import { representativeRanks } from "../search/ranks.ts";

/** Observations in a canonical form: finite, on a common scale, sorted from best to worst. */
export interface History {
  /** Points in [0,1]^d, best first. */
  points: readonly Float64Array[];
  /** Their responses, from 0 (best) down to -1 (worst, several where they are off the scale); all 0 when equal. */
  values: Float64Array;
  /** Points of which a response was tried to measure in vain. @default {none} */
  failed?: readonly Float64Array[];
  /** Points that are being evaluated. @default {none} */
  running?: readonly Float64Array[];
  /** What is known of the columns, [d, 6]: `columnKinds`. @default {nothing} */
  columns?: Float32Array;
}

/** Responses this many median gaps below the best, or more, are equally bad: a penalty is no measurement. */
const largestGap = 30;

/**
 * The observations that carry information. Responses that are NaN or infinite are left out, the rest is
 * scaled to [-1, 0]. A response worse than the best by more than 30 times the median gap, such as the -1e9
 * of a run that failed, counts as that bad, as the others would be indistinguishable beside it. Sorting by
 * response, then by coordinates, makes everything computed from a history independent of the order in which
 * it was given, to the last bit.
 *
 * @param points n points in [0,1]^d.
 * @param responses Their responses, larger is better.
 */
export function toHistory(points: readonly Float64Array[], responses: Float64Array): History {
  const order = sortTried(points, responses).measured.sort((a, b) => responses[b] - responses[a]);
  // Halves, since the range of two doubles can be twice the largest double.
  const gaps = order.map((i) => responses[order[0]] / 2 - responses[i] / 2);
  const median = gaps[(gaps.length - 1) >> 1], worst = gaps[gaps.length - 1];
  const range = median > 0 ? Math.min(worst, largestGap * median) : worst;
  return {
    points: order.map((i) => points[i]),
    values: Float64Array.from(gaps, (gap) => (range > 0 ? -Math.min(gap / range, 1) : 0)),
  };
}

/**
 * For a network that is not told of statuses: a history with the points that are being evaluated, as if their response were the median one: enough to make the
 * surroundings unattractive, and no claim about them.
 */
export function withRunning(history: History, running: readonly Float64Array[]): History {
  if (running.length === 0) return history;
  const { points, values } = history;
  const median = values[(values.length - 1) >> 1];
  return toHistory(
    [...points, ...running],
    Float64Array.from([...values, ...running.map(() => median)]),
  );
}

/** A history with what is known beside the responses, in an order that does not depend on the one given. */
export function withStatuses(
  history: History,
  { failed = [], running = [], columns }: {
    failed?: readonly Float64Array[] | undefined;
    running?: readonly Float64Array[] | undefined;
    columns?: Float32Array | undefined;
  },
): History {
  return {
    ...history,
    failed: failed.toSorted(comparePoints),
    running: running.toSorted(comparePoints),
    ...columns === undefined ? {} : { columns },
  };
}

/**
 * At most `size` points of a history: of the responses the better half from the top, the others spread evenly over
 * the remaining ranks; points without a response take at most a quarter of the places, or what responses leave free, running ones
 * first.
 */
export function condense(history: History, size: number): History {
  const { points, failed = [], running = [] } = history;
  const n = points.length;
  if (n + failed.length + running.length <= size) return history;
  const others = Math.max(Math.floor(size / 4), size - n);
  const shown = {
    running: running.slice(0, others),
    failed: failed.slice(0, Math.max(0, others - running.length)),
  };
  const rest = size - shown.running.length - shown.failed.length;
  const kept = representativeRanks(n, Math.min(n, rest));
  return {
    ...history,
    ...shown,
    points: kept.map((i) => history.points[i]),
    values: Float64Array.from(kept, (i) => history.values[i]),
  };
}
