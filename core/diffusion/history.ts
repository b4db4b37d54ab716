/**
 * The observed history as the model sees it.
 *
 * @module
 */
import { representativeRanks } from "../search/ranks.ts";

/** Observations in a canonical form: finite, on a common scale, sorted from best to worst. */
export interface History {
  /** Points in [0,1]^d, best first. */
  points: readonly Float64Array[];
  /** Their responses, from 0 (best) down to -1 (worst, several where they are off the scale); all 0 when equal. */
  values: Float64Array;
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
 * @param xObs n >= 1 points in [0,1]^d.
 * @param yObs Their responses, larger is better.
 */
export function toHistory(xObs: readonly Float64Array[], yObs: Float64Array): History {
  const order = [...xObs.keys()].filter((i) => Number.isFinite(yObs[i]));
  order.sort((a, b) => yObs[b] - yObs[a] || compare(xObs[a], xObs[b]));
  // Halves, since the range of two doubles can be twice the largest double.
  const gaps = order.map((i) => yObs[order[0]] / 2 - yObs[i] / 2);
  const median = gaps[(gaps.length - 1) >> 1], worst = gaps[gaps.length - 1];
  const range = median > 0 ? Math.min(worst, largestGap * median) : worst;
  return {
    points: order.map((i) => xObs[i]),
    values: Float64Array.from(gaps, (gap) => (range > 0 ? -Math.min(gap / range, 1) : 0)),
  };
}

/**
 * At most `size` observations of a history: the better half of them from the top, the others spread
 * evenly over the remaining ranks.
 */
export function condense(history: History, size: number): History {
  const n = history.points.length;
  if (n <= size) return history;
  const kept = representativeRanks(n, size);
  return {
    points: kept.map((i) => history.points[i]),
    values: Float64Array.from(kept, (i) => history.values[i]),
  };
}

/** Lexicographic order of coordinates. */
function compare(a: Float64Array, b: Float64Array): number {
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) return a[j] - b[j];
  return 0;
}
