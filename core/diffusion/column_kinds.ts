/**
 * What the network is told of the columns of a point, where the search space is known.
 *
 * @module
 */
import { type Coordinate, dimensionOf, ownColumnsOf, valuesOf } from "../search/coordinates.ts";

/** Number of features of a column: {@linkcode columnKinds}. */
export const columnKindFeatures = 6;

/** The most levels of a hyperparameter in training; of more, a column is as good as a real, and shown as one. */
export const largestLevels = 60;

/** Whether the network is told that a hyperparameter is a real. */
export function isShownAsReal(coordinate: Coordinate): boolean {
  return coordinate.kind !== "choice" && valuesOf(coordinate) > largestLevels;
}

/**
 * Features of every column: whether it is a real, levels, a choice of two, one of the columns of a larger choice, or
 * says that a hyperparameter is inactive; and log k / 4 of a hyperparameter of k values. All 0 would say that nothing
 * is known of a column.
 *
 * @returns [d, 6], row-major.
 */
export function columnKinds(coordinates: readonly Coordinate[]): Float32Array {
  const kinds = new Float32Array(dimensionOf(coordinates) * columnKindFeatures);
  let at = 0;
  const add = (kind: number, values: number): void => {
    kinds[at + kind] = 1;
    kinds[at + 5] = values === Infinity ? 0 : Math.log(values) / 4;
    at += columnKindFeatures;
  };
  for (const coordinate of coordinates) {
    const columns = ownColumnsOf(coordinate), isReal = isShownAsReal(coordinate);
    const values = isReal ? Infinity : valuesOf(coordinate);
    const kind = isReal ? 0 : coordinate.kind === "levels" ? 1 : columns === 1 ? 2 : 3;
    for (let column = 0; column < columns; column++) add(kind, values);
    if (coordinate.when !== undefined) add(4, 2);
  }
  return kinds;
}
