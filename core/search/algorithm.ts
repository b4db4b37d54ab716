/**
 * The one interface that every optimizer implements, and the checks of its arguments.
 *
 * @module
 */

/**
 * A black-box optimizer in the sense of HPO-B's `observe_and_suggest`: it is shown everything that
 * was observed so far and answers with the next configuration to evaluate. Responses are maximized.
 *
 * A suggestion depends on the algorithm's options (its seed among them) and on the history it is
 * given, not on the clock, the process or the number of workers. NaN and infinite responses count as
 * tried and carry no information.
 */
export interface Algorithm {
  /** Stable, lower case, used as file name of results and in figures: `random`, `gp`, ... */
  readonly name: string;
  /**
   * Continuous mode.
   * @param xObs n >= 1 observed points, each in [0,1]^d.
   * @param yObs n responses, larger is better.
   * @returns the next point, in [0,1]^d.
   * @throws {TypeError} for values of the wrong type or shape; {RangeError} for values out of range.
   */
  observeAndSuggest(xObs: readonly Float64Array[], yObs: Float64Array): Promise<Float64Array>;
  /**
   * Discrete mode.
   * @param xPen m >= 1 pending points, each in [0,1]^d.
   * @returns the index into `xPen` of the point to evaluate next.
   */
  observeAndSuggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen: readonly Float64Array[],
  ): Promise<number>;
}

/** What {@linkcode checkHistory} found: the shape of a valid history. */
export interface HistoryShape {
  /** Number of observations, n >= 1. */
  observations: number;
  /** Number of hyperparameters, d >= 1. */
  dimension: number;
  /** Number of pending points, or 0 in continuous mode. */
  pending: number;
}

/**
 * Validates the arguments of {@linkcode Algorithm.observeAndSuggest}.
 *
 * @throws {TypeError} when the history is empty or ragged, lengths differ, or something is no Float64Array.
 * @throws {RangeError} when a coordinate is outside [0,1] or not finite.
 */
export function checkHistory(
  xObs: readonly Float64Array[],
  yObs: Float64Array,
  xPen?: readonly Float64Array[],
): HistoryShape {
  if (!Array.isArray(xObs) || xObs.length === 0) {
    throw new TypeError(
      `Cannot suggest as 'xObs' must be a non-empty array of points: got ${describe(xObs)}`,
    );
  }
  if (!(yObs instanceof Float64Array)) {
    throw new TypeError(`Cannot suggest as 'yObs' must be a Float64Array: got ${describe(yObs)}`);
  }
  if (yObs.length !== xObs.length) {
    throw new TypeError(
      `Cannot suggest as 'yObs' must have one value for each point of 'xObs': ` +
        `got ${yObs.length} values for ${xObs.length} points`,
    );
  }
  const dimension = xObs[0] instanceof Float64Array ? xObs[0].length : 0;
  checkPoints("xObs", xObs, dimension);
  if (xPen === undefined) return { observations: xObs.length, dimension, pending: 0 };
  if (!Array.isArray(xPen) || xPen.length === 0) {
    throw new TypeError(
      `Cannot suggest as 'xPen' must be a non-empty array of points: got ${describe(xPen)}`,
    );
  }
  checkPoints("xPen", xPen, dimension);
  return { observations: xObs.length, dimension, pending: xPen.length };
}

function checkPoints(label: string, points: readonly Float64Array[], dimension: number): void {
  for (let i = 0; i < points.length; i++) {
    const point = points[i];
    if (!(point instanceof Float64Array)) {
      throw new TypeError(
        `Cannot suggest as '${label}[${i}]' must be a Float64Array: got ${describe(point)}`,
      );
    }
    if (point.length !== dimension || dimension === 0) {
      throw new TypeError(
        `Cannot suggest as '${label}[${i}]' must have ${Math.max(dimension, 1)} coordinates: ` +
          `got ${point.length}`,
      );
    }
    for (let j = 0; j < dimension; j++) {
      if (!(point[j] >= 0 && point[j] <= 1)) {
        throw new RangeError(
          `Cannot suggest as '${label}[${i}][${j}]' must be in [0, 1]: got ${point[j]}`,
        );
      }
    }
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  return typeof value === "object" ? value.constructor?.name ?? "an object" : typeof value;
}
