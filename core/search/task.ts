/**
 * A black box, and what an optimizer is shown of it.
 *
 * @module
 */

/** A point of [0,1]^d as people have it: an array, a typed array, a row of a table. */
export type Point = ArrayLike<number>;

/** A black box on the unit cube, to be maximized. */
export interface Task {
  /** d >= 1, the number of coordinates of a point. */
  readonly dimension: number;
  /** The response at a point of [0,1]^d; NaN where the evaluation failed. */
  evaluate(point: Float64Array): number | Promise<number>;
}

/** What an optimizer is shown: everything that was observed, and what is being evaluated. */
export interface Observed {
  /** n >= 0 points of [0,1]^d. */
  readonly points: readonly Point[];
  /** Their n responses; larger is better, NaN or infinite: the evaluation failed. */
  readonly responses: ArrayLike<number>;
  /** Points that are evaluated at this moment, whose response is not known yet. */
  readonly running?: readonly Point[];
}
