/**
 * Observed points and responses as matrices: histories, tables and candidates of synthetic tasks.
 *
 * @module
 */

/** The observations of one task. */
export interface Observations {
  /** d, the number of hyperparameters. */
  dimension: number;
  /** n >= 1, the number of observations; the arrays may be longer. */
  size: number;
  /** Points, [n, d], row-major, in [0, 1]. */
  x: Float64Array;
  /** Responses, [n], larger is better. */
  y: Float64Array;
}

/** The points one by one, copied. */
export function pointsOf({ dimension, size, x }: Observations): Float64Array[] {
  return Array.from({ length: size }, (_, i) => x.slice(i * dimension, (i + 1) * dimension));
}
