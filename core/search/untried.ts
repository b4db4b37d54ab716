/**
 * No configuration twice: a suggestion that was not tried, while one is left.
 *
 * @module
 */
import { answerStream, type CheckedObserved, type SuggestOptions } from "./algorithm.ts";
import {
  type Coordinate,
  drawPoint,
  gridPoints,
  gridSize,
  readValues,
  snap,
  standsFor,
  writeValues,
} from "./coordinates.ts";
import { ExhaustedError } from "./errors.ts";
import type { KeyPart, Random } from "./random.ts";
import type { Point } from "./task.ts";

/** How an algorithm answers; each draw has a stream of its own. */
export interface Suggester {
  /** A point of the cube, whether tried or not. */
  suggest(random: Random): Float64Array | Promise<Float64Array>;
  /** The index of the best of some points. */
  choose(rows: readonly Float64Array[], random: Random): number | Promise<number>;
}

/** Keys of points, as {@linkcode keyOf} makes them. */
export type Keys = Pick<ReadonlySet<string>, "has" | "size">;

/** Draws before the space is searched for an untried point. */
const attempts = 4;
/** Largest number of points among which the algorithm chooses. */
const largestChoice = 1024;

/**
 * An algorithm's suggestion. Where the coordinates say what the numbers mean it is a point of that space that was
 * not tried and is not being tried: drawn again a few times, then chosen by the algorithm from the untried points,
 * or a sample of them.
 *
 * @param of Name and seed of the algorithm, and the number of observations: the key of its streams.
 * @throws {ExhaustedError} when every point was tried, unless repeats are allowed.
 */
export async function suggestUntried(
  suggester: Suggester,
  { points, running }: CheckedObserved,
  { coordinates, key = 0, repeats = false }: SuggestOptions,
  of: readonly KeyPart[],
): Promise<Float64Array> {
  const draw = async (attempt: number): Promise<Float64Array> =>
    await suggester.suggest(answerStream(of, key, attempt));
  if (coordinates === undefined) return await draw(0);
  if (repeats) return snap(await draw(0), coordinates);
  const tried = [...points, ...running];
  const keys = () => new Set(tried.map((point) => keyOf(snap(point, coordinates))));
  const size = gridSize(coordinates);
  if (tried.length >= size && keys().size >= size) {
    throw new ExhaustedError(
      `Cannot suggest as a configuration must be left to try: all ${size} were`,
    );
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const values = readValues(await draw(attempt), coordinates);
    // Nearly all points differ in the first value, which is quicker to see than to make keys of all of them.
    if (!tried.some((point) => standsFor(point, values, coordinates))) {
      return writeValues(values, coordinates);
    }
  }
  const random = answerStream(of, key, attempts);
  const rows = untriedPoints(keys(), size, coordinates, random);
  return rows[await suggester.choose(rows, random)];
}

/**
 * The untried points of a small space, a sample of those of a large one.
 *
 * @param known Keys of the points that were tried, fewer than the space has.
 * @param size Number of points of the space.
 * @throws {ExhaustedError} when all were tried, where they are too many to be counted.
 */
export function untriedPoints(
  known: Keys,
  size: number,
  coordinates: readonly Coordinate[],
  random: Random,
): Float64Array[] {
  const isUntried = (point: Float64Array): boolean => !known.has(keyOf(point));
  if (size <= known.size + largestChoice) return [...gridPoints(coordinates)].filter(isUntried);
  const rows = new Map<string, Float64Array>();
  // More than half of the draws are untried unless nearly everything was tried, so this ends soon.
  for (let draw = 0; draw < 64 * largestChoice && rows.size < largestChoice; draw++) {
    const point = drawPoint(random, coordinates);
    if (isUntried(point)) rows.set(keyOf(point), point);
  }
  if (rows.size > 0) return [...rows.values()];
  const rest = [...gridPoints(coordinates)].filter(isUntried);
  if (rest.length > 0) return rest;
  throw new ExhaustedError("Cannot suggest as a configuration must be left to try: all were");
}

/** Equal for equal points alone. */
export function keyOf(point: Point): string {
  return Array.prototype.join.call(point, " ");
}
