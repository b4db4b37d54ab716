/**
 * Local views: the history inside a box around its best points, as a history of its own.
 *
 * The model's sense of distance is fixed: it tells points apart that differ by about a hundredth of the unit cube.
 * Where the best points have come closer than that, it is shown the box that they lie in, stretched to the unit cube.
 *
 * @module
 */
import { chance } from "../search/draw.ts";
import { type ByDimension, byDimension } from "./low_dimension.ts";
import { type History, toHistory, withStatuses } from "./history.ts";
import type { Random } from "../search/random.ts";

/** A box is larger than its best points by so much of its side, at either end. */
const margin = 0.25;
/** Shortest side of a box as a share of its longest one. */
const shortestSide = 0.1;
/** Boxes are not smaller than this, as responses no longer differ. */
const smallestBox = 1e-6;

/** The default probability of a local view. */
export const defaultLocalShare: ByDimension = { low: 0.5, high: 0 };

/** A box in the unit cube. */
export class View {
  readonly #low: Float64Array;
  readonly #side: Float64Array;

  /**
   * @param low Smallest coordinates.
   * @param side Lengths of the sides, > 0.
   */
  constructor(low: Float64Array, side: Float64Array) {
    this.#low = low;
    this.#side = side;
  }

  /** The whole unit cube. */
  static whole(dimension: number): View {
    return new View(new Float64Array(dimension), new Float64Array(dimension).fill(1));
  }

  /** The box around the `count` best points of a history, and a margin; the whole cube if they are one point. */
  static around(history: History, count: number): View {
    const best = history.points.slice(0, count);
    const low = best.reduce((a, b) => a.map((x, j) => Math.min(x, b[j])));
    const high = best.reduce((a, b) => a.map((x, j) => Math.max(x, b[j])));
    const longest = low.reduce((length, x, j) => Math.max(length, high[j] - x), 0);
    if (longest === 0) return View.whole(low.length);
    const shortest = Math.max(shortestSide * longest, smallestBox);
    for (let j = 0; j < low.length; j++) {
      const centre = (low[j] + high[j]) / 2;
      const half = (0.5 + margin) * Math.max(high[j] - low[j], shortest);
      low[j] = Math.max(0, centre - half);
      high[j] = Math.min(1, centre + half);
    }
    return new View(low, high.map((x, j) => x - low[j]));
  }

  /**
   * With probability `localShare` the box around the m best points of a history, m log-uniform from d + 2, which
   * is what a linear trend needs, to n; otherwise, or if all responses in the box are equal, the whole cube.
   */
  static draw(random: Random, history: History, localShare: ByDimension): View {
    const dimension = history.points[0].length;
    const least = dimension + 2, most = history.points.length;
    if (most <= least || !chance(random, byDimension(dimension, localShare))) {
      return View.whole(dimension);
    }
    const view = View.around(history, Math.round(least * (most / least) ** random.uniform()));
    const isFlat = view.restrict(history).values.every((value) => value === 0);
    return isFlat ? View.whole(dimension) : view;
  }

  /** Whether this is the unit cube. */
  get isWhole(): boolean {
    return this.#side.every((side) => side === 1);
  }

  /** Whether a point lies inside. */
  contains(point: Float64Array): boolean {
    return this.project(point).every((x) => x >= 0 && x <= 1);
  }

  /** Coordinates of a point in units of the box, in [0, 1] inside. */
  project(point: Float64Array): Float64Array {
    return point.map((x, j) => (x - this.#low[j]) / this.#side[j]);
  }

  /** The point of the unit cube that has these coordinates in the box. */
  lift(coordinates: Float64Array): Float64Array {
    return coordinates.map((x, j) => Math.min(1, Math.max(0, this.#low[j] + x * this.#side[j])));
  }

  /** The points of a history that lie inside. */
  restrict(history: History): History {
    const { points, values, failed, running, columns } = history;
    const kept = [...points.keys()].filter((i) => this.contains(points[i]));
    const inside = (others: readonly Float64Array[] = []): Float64Array[] =>
      others.filter((point) => this.contains(point)).map((point) => this.project(point));
    return withStatuses(
      toHistory(
        kept.map((i) => this.project(points[i])),
        Float64Array.from(kept, (i) => values[i]),
      ),
      { failed: inside(failed), running: inside(running), columns },
    );
  }
}
