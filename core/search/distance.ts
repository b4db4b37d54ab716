/**
 * Distances of points.
 *
 * @module
 */
import type { Point } from "./task.ts";

/** A point closer than this to another one (largest difference of a coordinate) is the same point again. */
export const sameRadius = 1e-3;

/** Squared Euclidean distance. */
export function squaredDistance(a: Point, b: Point): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] - b[j]) ** 2;
  return sum;
}

/** Largest difference in one coordinate. */
export function largestDifference(a: Point, b: Point): number {
  let largest = 0;
  for (let j = 0; j < a.length; j++) largest = Math.max(largest, Math.abs(a[j] - b[j]));
  return largest;
}

/** Whether a point lies within {@linkcode sameRadius} of one of the others. */
export function isNearAny(point: Point, others: readonly Point[]): boolean {
  return others.some((other) => largestDifference(point, other) < sameRadius);
}

/** Lexicographic order of coordinates. */
export function comparePoints(a: Point, b: Point): number {
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) return a[j] - b[j];
  return 0;
}
