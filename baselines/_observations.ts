/**
 * From a raw history to what a surrogate model is fitted to.
 *
 * @module
 */

/** A history in model space. */
export interface Observations {
  /** Points with a finite response, flat [n, dimension]. */
  x: Float64Array;
  /** Their responses, [n]. */
  y: Float64Array;
  /** Number of points. */
  n: number;
  /** Number of hyperparameters. */
  dimension: number;
}

/**
 * Drops what has no finite response and brings the rest into one order (lexicographic), so that a
 * suggestion does not depend on the order of the history, not even by rounding.
 */
export function usableObservations(
  xObs: readonly Float64Array[],
  yObs: Float64Array,
): Observations {
  const dimension = xObs[0].length;
  const order = xObs.map((_, i) => i).filter((i) => Number.isFinite(yObs[i]));
  order.sort((a, b) => {
    for (let j = 0; j < dimension; j++) {
      if (xObs[a][j] !== xObs[b][j]) return xObs[a][j] - xObs[b][j];
    }
    return yObs[a] - yObs[b];
  });
  const x = new Float64Array(order.length * dimension);
  order.forEach((i, row) => x.set(xObs[i], row * dimension));
  return { x, y: Float64Array.from(order, (i) => yObs[i]), n: order.length, dimension };
}

/** Responses below this deviation, relative to the largest of them, are constant up to rounding. */
const CONSTANT = 1e-12;

/** Responses with mean 0 and standard deviation 1, or all 0 when they are constant. */
export function standardize(y: Float64Array): Float64Array {
  const largest = y.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  if (largest === 0) return new Float64Array(y.length);
  const scaled = y.map((v) => v / largest); // squares of 1e300 overflow
  const mean = scaled.reduce((sum, v) => sum + v, 0) / y.length;
  const variance = scaled.reduce((sum, v) => sum + (v - mean) ** 2, 0) / y.length;
  const deviation = Math.sqrt(variance);
  return scaled.map((v) => deviation < CONSTANT ? 0 : (v - mean) / deviation);
}
