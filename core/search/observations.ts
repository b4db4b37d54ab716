/**
 * Points and responses as matrices: histories, tables and candidates of synthetic tasks.
 *
 * @module
 */
import { comparePoints } from "./distance.ts";

/** The observations of one task. */
export interface Observations {
  /** d, the number of coordinates of a point. */
  dimension: number;
  /** n, the number of observations; the arrays may be longer. */
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

/** Points one after the other, flat [n, dimension]. */
export function flatten(points: readonly Float64Array[], dimension: number): Float64Array {
  const flat = new Float64Array(points.length * dimension);
  points.forEach((point, i) => flat.set(point, i * dimension));
  return flat;
}

/** What was tried, split by whether there is something to learn from a point; indices into the points. */
export interface Tried {
  /** Those with a finite response, in the canonical order: by coordinates, then by response. */
  measured: number[];
  /** The others. */
  failed: number[];
}

/**
 * Sets aside what has no finite response, and brings the rest into one order, so that nothing that is computed
 * from observations depends on the order in which they were given, not even by rounding.
 */
export function sortTried(points: readonly Float64Array[], responses: Float64Array): Tried {
  const indices = [...points.keys()];
  const isMeasured = (i: number): boolean => Number.isFinite(responses[i]);
  return {
    measured: indices.filter(isMeasured).sort((a, b) =>
      comparePoints(points[a], points[b]) || responses[a] - responses[b]
    ),
    failed: indices.filter((i) => !isMeasured(i)),
  };
}
