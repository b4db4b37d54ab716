/**
 * Where to begin: the points to evaluate while nothing is known.
 *
 * @module
 */
import { maxSobolDimension, sobolPoints } from "../numerics/sobol.ts";
import { type Coordinate, snap } from "./coordinates.ts";
import { Random } from "./random.ts";

/** Which point of which design. */
export interface FirstDesignOptions {
  /** d, the number of coordinates of a point. */
  dimension: number;
  /** Number of the point, from 0. */
  index: number;
  /** Key of the scrambling. */
  seed: number;
  /** What the coordinates mean; the point is then one of that space. @default {all real} */
  coordinates?: readonly Coordinate[] | undefined;
}

/**
 * One point of the first design: the centre of the cube, then scrambled Sobol points (uniform ones in dimensions
 * without Sobol points). Designs of different seeds share their centre alone.
 */
export function firstDesignPoint(options: FirstDesignOptions): Float64Array {
  const { coordinates, dimension, index, seed } = options;
  const point = cubePoint(dimension, index, seed);
  return coordinates === undefined ? point : snap(point, coordinates);
}

function cubePoint(dimension: number, index: number, seed: number): Float64Array {
  if (index === 0) return new Float64Array(dimension).fill(0.5);
  if (dimension > maxSobolDimension) return Random.of("first design", seed, index).point(dimension);
  const points = sobolPoints(index, dimension, Random.of("first design", seed));
  return points.slice((index - 1) * dimension);
}
