/**
 * Coverage: what keeps a search from staying in one basin, and its first points off the edges.
 *
 * The model gives no probability to basins that its history says nothing of, so that a search can spend all of its
 * trials in one of them. And its prior has more optima at the edges of the cube than people's spaces have, as they
 * choose ranges with room at both ends. Both are mended beside the model, by what is known of the points alone.
 *
 * @module
 */
import type { Random } from "../search/random.ts";
import { Categorical } from "../search/draw.ts";
import { byDimension } from "./low_dimension.ts";

/** Points observed until the first suggestions are at their own places, counted from a start of five. */
const firstPoints = 25, startPoints = 5;

/**
 * The default margin of {@linkcode leaveEdges}: 0 for d <= 12, rising linearly to 0.1 for d >= 16. Validation spaces of
 * up to 11 hyperparameters have optima at their borders, which a margin hides from the first suggestions.
 */
export function defaultEdgeMargin(dimension: number): number {
  return 0.1 * Math.min(1, Math.max(0, (dimension - 12) / 4));
}

/** The default period of {@linkcode probeGap}: every 4th trial for d <= 4, rising linearly to every 6th for d >= 12. */
export function defaultProbePeriod(dimension: number): number {
  return Math.round(byDimension(dimension, { low: 4, high: 6 }));
}

/**
 * Draws a point in towards the centre while little is known: x <- e + (1 - 2 e) x, with e falling linearly from the
 * margin for five observations to 0 for 25.
 *
 * @param observations Number of points that were tried.
 */
export function leaveEdges(
  point: Float64Array,
  margin: number,
  observations: number,
): Float64Array {
  const share = (firstPoints - observations) / (firstPoints - startPoints);
  const edge = margin * Math.min(1, Math.max(0, share));
  return edge === 0 ? point : point.map((x) => edge + (1 - 2 * edge) * x);
}

/** Whether it is time for a probe. @param observations Number of points that were tried. */
export function isProbe(observations: number, period: number): boolean {
  return period > 0 && observations > startPoints && observations % period === 0;
}

/**
 * Moves one coordinate of a point into the largest interval of it in which nothing was tried, uniformly. The
 * coordinate is drawn in proportion to the square of that interval, so that sooner or later every interval of every
 * coordinate has been visited.
 */
export function probeGap(
  point: Float64Array,
  tried: readonly Float64Array[],
  random: Random,
): Float64Array {
  const gaps = Array.from(point, (_, j) => largestGap(tried.map((other) => other[j])));
  const squares = Float64Array.from(gaps, ({ length }) => length ** 2);
  if (squares.every((square) => square === 0)) return point;
  const j = new Categorical(squares).draw(random);
  return point.with(j, gaps[j].low + gaps[j].length * random.uniform());
}

/** An interval of [0, 1]. */
interface Interval {
  low: number;
  length: number;
}

/**
 * The largest interval between neighbouring values, and between them and the ends of [0, 1]; an empty one where all
 * values are at the ends, as those of a switch are.
 */
function largestGap(values: readonly number[]): Interval {
  if (values.every((value) => value === 0 || value === 1)) return { low: 0, length: 0 };
  const sorted = [0, ...values.toSorted((a, b) => a - b), 1];
  let gap: Interval = { low: 0, length: 0 };
  for (let i = 1; i < sorted.length; i++) {
    const length = sorted[i] - sorted[i - 1];
    if (length > gap.length) gap = { low: sorted[i - 1], length };
  }
  return gap;
}
