/**
 * Histories to test algorithms on.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Random } from "../search/random.ts";

/** n points of [0,1]^d, and a response with one optimum and a bit of noise. */
export function sampleHistory(
  n: number,
  dimension: number,
  seed = 0,
): { points: Float64Array[]; responses: Float64Array } {
  const random = Random.of("conformance", n, dimension, seed);
  const points = Array.from({ length: n }, () => random.point(dimension));
  const responses = Float64Array.from(
    points,
    (point) =>
      -point.reduce((sum, v) => sum + (v - 0.3) ** 2, 0) / dimension + 0.01 * random.normal(),
  );
  return { points, responses };
}

/** Fails unless `point` is a point of [0,1]^d. */
export function assertPoint(point: Float64Array, dimension: number): void {
  assert(point instanceof Float64Array, "a suggestion is a Float64Array");
  assertEquals(point.length, dimension);
  for (const x of point) assert(x >= 0 && x <= 1, `got the coordinate ${x}`);
}
