/**
 * The one interface that every optimizer implements, and the checks of its arguments.
 *
 * @module
 */
import { type Coordinate, dimensionOf } from "./coordinates.ts";
import { describe } from "./errors.ts";
import type { EstimateOptions, Estimates } from "./estimator.ts";
import { type KeyPart, Random } from "./random.ts";
import type { Observed, Point } from "./task.ts";

/** Options of {@linkcode Algorithm.observeAndSuggest}. */
export interface SuggestOptions {
  /** d, needed where nothing is observed yet and no coordinates say it. */
  dimension?: number;
  /** Tells apart suggestions for one and the same history, an integer. @default {0} */
  key?: number;
  /** What the numbers of a point mean; the suggestion is then a point of that space. @default {all real} */
  coordinates?: readonly Coordinate[];
  /** Whether a point of such a space may be suggested again while another one is left. @default {false} */
  repeats?: boolean;
}

/** Options of {@linkcode Algorithm.observeAndChoose}. */
export interface ChooseOptions {
  /** Tells apart choices for one and the same history, an integer. @default {0} */
  key?: number;
}

/**
 * A black-box optimizer in the sense of HPO-B's `observe_and_suggest`: it is shown everything that was observed
 * so far and answers with what to evaluate next. Responses are maximized.
 *
 * An answer depends on the algorithm's options (its seed among them) and on the arguments, not on the clock, the
 * process or the number of workers, nor on the order of the observations. NaN and infinite responses count as
 * tried and carry no information. Running points are not suggested again.
 */
export interface Algorithm {
  /** Stable, lower case, used as file name of results and in figures: `random`, `gp`, ... */
  readonly name: string;
  /** The options that its answers depend on, its seed among them; a study stores them. @default {none} */
  readonly settings?: Readonly<Record<string, string | number | boolean | null>>;
  /**
   * HPO-B's continuous mode.
   *
   * @returns the next point of [0,1]^d; while nothing is observed, one of a first design.
   * @throws {TypeError} for values of the wrong type or shape; {RangeError} for values out of range;
   * {ExhaustedError} when every point of a finite space was tried.
   */
  observeAndSuggest(observed: Observed, options?: SuggestOptions): Promise<Float64Array>;
  /**
   * HPO-B's discrete mode.
   *
   * @param rows m >= 1 points of [0,1]^d that may be evaluated next.
   * @returns the index into `rows` of the one to evaluate.
   * @throws {TypeError} {RangeError} as above.
   */
  observeAndChoose(
    observed: Observed,
    rows: readonly Point[],
    options?: ChooseOptions,
  ): Promise<number>;
  /** Its own estimates of the true values of what was tried, where it has a model of them: an {@linkcode Estimator}. */
  estimate?(observed: Observed, options?: EstimateOptions): Promise<Estimates | undefined>;
}

/** Arguments of an {@linkcode Algorithm} that were checked, copied into typed arrays. */
export interface CheckedObserved {
  /** d >= 1. */
  readonly dimension: number;
  /** n >= 0 points of [0,1]^d. */
  readonly points: readonly Float64Array[];
  /** n responses. */
  readonly responses: Float64Array;
  /** Points that are evaluated at this moment. */
  readonly running: readonly Float64Array[];
}

/**
 * Checks the arguments of {@linkcode Algorithm.observeAndSuggest}.
 *
 * @throws {TypeError} when points are ragged, lengths differ, something is no list of numbers, or nothing tells d.
 * @throws {RangeError} when a coordinate is outside [0,1] or not finite, or `key` is no integer.
 */
export function checkObserved(observed: Observed, options: SuggestOptions = {}): CheckedObserved {
  if (typeof observed !== "object" || observed === null || !Array.isArray(observed.points)) {
    throw new TypeError(
      `Cannot suggest as 'observed.points' must be an array of points: ` +
        `got ${describe(observed?.points)}`,
    );
  }
  const { points, responses, running = [] } = observed;
  if (!isNumeric(responses)) {
    throw new TypeError(
      `Cannot suggest as 'observed.responses' must be an array of numbers: got ${
        describe(responses)
      }`,
    );
  }
  if (responses.length !== points.length) {
    throw new TypeError(
      `Cannot suggest as 'observed.responses' must have one value for each point: ` +
        `got ${responses.length} values for ${points.length} points`,
    );
  }
  if (!Array.isArray(running)) {
    throw new TypeError(
      `Cannot suggest as 'observed.running' must be an array of points: got ${describe(running)}`,
    );
  }
  const dimension = checkDimension(points[0] ?? running[0], options);
  const { key = 0 } = options;
  if (!Number.isSafeInteger(key)) {
    throw new RangeError(`Cannot suggest as 'key' must be an integer: got ${key}`);
  }
  return {
    dimension,
    points: checkPoints("observed.points", points, dimension),
    responses: Float64Array.from(responses),
    running: checkPoints("observed.running", running, dimension),
  };
}

/** Checks the rows of {@linkcode Algorithm.observeAndChoose}; errors as {@linkcode checkObserved}. */
export function checkRows(rows: readonly Point[], dimension?: number): readonly Float64Array[] {
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new TypeError(
      `Cannot choose as 'rows' must be a non-empty array of points: got ${describe(rows)}`,
    );
  }
  return checkPoints("rows", rows, dimension ?? rows[0]?.length ?? 0);
}

/**
 * The stream of one answer. Key 0 is the stream of whoever gives no key.
 *
 * @param of Name and seed of the algorithm, and the number of observations.
 * @param attempt Draws before this one that turned out to have been tried already.
 */
export function answerStream(of: readonly KeyPart[], key = 0, attempt = 0): Random {
  return key === 0 && attempt === 0 ? Random.of(...of) : Random.of(...of, "key", key, attempt);
}

/** d of the points, which agrees with what the options say. */
function checkDimension(first: Point | undefined, options: SuggestOptions): number {
  const { coordinates } = options;
  const told = coordinates === undefined ? options.dimension : dimensionOf(coordinates);
  const dimension = told ?? first?.length;
  if (dimension === undefined) {
    throw new TypeError(
      `Cannot suggest as 'dimension' must be given where nothing is observed: got undefined`,
    );
  }
  if (!Number.isInteger(dimension) || dimension < 1) {
    throw new TypeError(
      `Cannot suggest as points must have at least 1 coordinate: got ${dimension}`,
    );
  }
  return dimension;
}

function checkPoints(label: string, points: readonly Point[], dimension: number): Float64Array[] {
  // One block of memory, as thousands of small ones are slow to get.
  const block = new Float64Array(points.length * dimension);
  return points.map((point, i) => {
    if (!isNumeric(point)) {
      throw new TypeError(
        `Cannot suggest as '${label}[${i}]' must be an array of numbers: got ${describe(point)}`,
      );
    }
    if (point.length !== dimension) {
      throw new TypeError(
        `Cannot suggest as '${label}[${i}]' must have ${dimension} coordinates: got ${point.length}`,
      );
    }
    const copy = block.subarray(i * dimension, (i + 1) * dimension);
    copy.set(point);
    for (let j = 0; j < dimension; j++) {
      if (copy[j] >= 0 && copy[j] <= 1) continue;
      throw new RangeError(
        `Cannot suggest as '${label}[${i}][${j}]' must be in [0, 1]: got ${copy[j]}`,
      );
    }
    return copy;
  });
}

/** Whether something is an array, or a typed one, of numbers. */
function isNumeric(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return value.every((x) => typeof x === "number");
  return ArrayBuffer.isView(value) && !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array);
}
