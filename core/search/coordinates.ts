/**
 * What the numbers of a point mean: the bridge between a search space and the optimizers that know it.
 *
 * @module
 */
import type { Random } from "./random.ts";
import type { Point } from "./task.ts";

/** A condition under which a hyperparameter is active: its parent takes one of some values. */
export interface Activation {
  /** Index of the parent in the list of coordinates, smaller than that of the child; a real is no parent. */
  readonly parent: number;
  /** Levels or choices of the parent, by index from 0, for which the child is active. */
  readonly values: readonly number[];
}

/** A hyperparameter on a continuous scale: one column, any number of [0, 1]. */
export interface RealCoordinate {
  /** Always `"real"`. */
  readonly kind: "real";
  /** Conditions that must all hold; always active when left out. */
  readonly when?: readonly Activation[];
}

/** An integer, or a list with an order: one column that takes one of some positions. */
export interface LevelsCoordinate {
  /** Always `"levels"`. */
  readonly kind: "levels";
  /** k >= 2 positions in [0, 1], ascending. */
  readonly positions: readonly number[];
  /** Conditions that must all hold; always active when left out. */
  readonly when?: readonly Activation[];
}

/** A choice without order: one column (0 or 1) for two values, `count` one-hot columns for more. */
export interface ChoiceCoordinate {
  /** Always `"choice"`. */
  readonly kind: "choice";
  /** Number of values, at least 2. */
  readonly count: number;
  /** Conditions that must all hold; always active when left out. */
  readonly when?: readonly Activation[];
}

/**
 * What one hyperparameter's columns of a point mean. One that is not always active (`when`) has a further
 * column behind its own: 1 while it is inactive, and then its own columns are 0; 0 while it is active.
 */
export type Coordinate = RealCoordinate | LevelsCoordinate | ChoiceCoordinate;

/** Number of values that a hyperparameter can take while it is active: Infinity for a real. */
export function valuesOf(coordinate: Coordinate): number {
  if (coordinate.kind === "real") return Infinity;
  return coordinate.kind === "levels" ? coordinate.positions.length : coordinate.count;
}

/** Number of a hyperparameter's own columns, without that which says whether it is inactive. */
export function ownColumnsOf(coordinate: Coordinate): number {
  return coordinate.kind === "choice" && coordinate.count > 2 ? coordinate.count : 1;
}

/** Number of all columns of a hyperparameter. */
export function columnsOf(coordinate: Coordinate): number {
  return ownColumnsOf(coordinate) + (coordinate.when === undefined ? 0 : 1);
}

/** d, the number of columns of a point. */
export function dimensionOf(coordinates: readonly Coordinate[]): number {
  return coordinates.reduce((sum, coordinate) => sum + columnsOf(coordinate), 0);
}

/**
 * Whether a coordinate is active.
 *
 * @param values What the coordinates before it are set to, see {@linkcode readValues}.
 */
export function isActive({ when }: Coordinate, values: ArrayLike<number>): boolean {
  return when === undefined ||
    when.every((condition) => condition.values.includes(values[condition.parent]));
}

/**
 * What each hyperparameter is set to at a point: the number itself for a real, the index of the nearest level,
 * the index of the choice with the largest column (the first of several); NaN while it is inactive.
 */
export function readValues(point: Point, coordinates: readonly Coordinate[]): Float64Array {
  const values = new Float64Array(coordinates.length);
  let column = 0;
  coordinates.forEach((coordinate, i) => {
    values[i] = isActive(coordinate, values) ? readValue(point, column, coordinate) : NaN;
    column += columnsOf(coordinate);
  });
  return values;
}

function readValue(point: Point, column: number, coordinate: Coordinate): number {
  const x = point[column];
  if (coordinate.kind === "real") return x;
  if (coordinate.kind === "levels") return nearestLevel(x, coordinate.positions);
  if (coordinate.count === 2) return x < 0.5 ? 0 : 1;
  let largest = 0;
  for (let k = 1; k < coordinate.count; k++) {
    if (point[column + k] > point[column + largest]) largest = k;
  }
  return largest;
}

/** Index of the position that is nearest to x, the higher of two. */
function nearestLevel(x: number, positions: readonly number[]): number {
  let low = 0, high = positions.length - 1;
  while (low < high) { // the first level of which the border to the next is above x
    const middle = (low + high) >> 1;
    if (x < (positions[middle] + positions[middle + 1]) / 2) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The point at which the hyperparameters are set to `values`; the inverse of {@linkcode readValues}. */
export function writeValues(
  values: ArrayLike<number>,
  coordinates: readonly Coordinate[],
): Float64Array {
  const point = new Float64Array(dimensionOf(coordinates));
  let column = 0;
  coordinates.forEach((coordinate, i) => {
    const value = values[i], end = column + columnsOf(coordinate);
    if (!isActive(coordinate, values)) point[end - 1] = 1;
    else if (coordinate.kind === "real") point[column] = value;
    else if (coordinate.kind === "levels") point[column] = coordinate.positions[value];
    else if (coordinate.count === 2) point[column] = value;
    else point[column + value] = 1;
    column = end;
  });
  return point;
}

/**
 * The point of the space that a point of the unit cube stands for: levels and blocks exact, inactive columns as
 * they are encoded. Applying it again changes nothing.
 */
export function snap(point: Point, coordinates: readonly Coordinate[]): Float64Array {
  return writeValues(readValues(point, coordinates), coordinates);
}

/**
 * Whether a point stands for the one at which the hyperparameters are set to `values`; as
 * `keyOf(snap(point)) === keyOf(writeValues(values))`, but done at the first difference.
 */
export function standsFor(
  point: Point,
  values: ArrayLike<number>,
  coordinates: readonly Coordinate[],
): boolean {
  let column = 0;
  return coordinates.every((coordinate, i) => {
    const at = column, value = values[i];
    column += columnsOf(coordinate);
    // Parents stand before their children: as long as all values are the same, the same ones are active.
    return Number.isNaN(value) || readValue(point, at, coordinate) === value;
  });
}

/** A uniform point of the space: uniform columns, each level and each choice equally likely. */
export function drawPoint(random: Random, coordinates: readonly Coordinate[]): Float64Array {
  const values = new Float64Array(coordinates.length);
  coordinates.forEach((coordinate, i) => {
    const count = valuesOf(coordinate), u = random.uniform();
    values[i] = !isActive(coordinate, values)
      ? NaN
      : count === Infinity
      ? u
      : Math.floor(u * count);
  });
  return writeValues(values, coordinates);
}

/**
 * Number of different points of the space: Infinity with a real that can be active, or where conditions with several
 * parents make it long to count.
 */
export function gridSize(coordinates: readonly Coordinate[]): number {
  // Parents that decide together are set to each of their values in turn; all others count for themselves.
  const joint = new Set(
    coordinates.flatMap(({ when = [] }) => when.length > 1 ? when.map(({ parent }) => parent) : []),
  );
  const parents = [...joint];
  const counts = parents.map((parent) => valuesOf(coordinates[parent]) + 1);
  const combinations = counts.reduce((product, count) => product * count, 1);
  if (combinations > mostCombinations) return Infinity;
  let size = 0;
  for (let combination = 0; combination < combinations; combination++) {
    const states = new Map<number, number>();
    let rest = combination;
    parents.forEach((parent, i) => {
      states.set(parent, rest % counts[i]);
      rest = Math.floor(rest / counts[i]);
    });
    size += gridSizeGiven(coordinates, states);
  }
  return size;
}

/** Largest number of combinations of parents' values that is counted one by one. */
const mostCombinations = 100_000;

/** Number of points where some parents are in these states: a value, or behind the last one inactive. */
function gridSizeGiven(
  coordinates: readonly Coordinate[],
  states: ReadonlyMap<number, number>,
): number {
  // What all children multiply the number of points by, in each state of the parent.
  const factors = coordinates.map((coordinate) =>
    new Array<number>(coordinate.kind === "real" ? 2 : valuesOf(coordinate) + 1).fill(1)
  );
  let size = 1;
  // From the last to the first, as children stand behind their parents.
  for (let i = coordinates.length - 1; i >= 0; i--) {
    const { kind, when = [] } = coordinates[i], state = states.get(i);
    const counted = factors[i].map((factor, j) => state === undefined || state === j ? factor : 0);
    const absent = counted.pop()!;
    const active = kind === "real" ? Infinity : counted.reduce((sum, one) => sum + one, 0);
    if (when.length === 1 && !states.has(when[0].parent)) {
      const [{ parent, values }] = when;
      factors[parent] = factors[parent].map((factor, j) =>
        product(factor, values.includes(j) ? active : absent)
      );
    } else {
      const isActive = when.every(({ parent, values }) => values.includes(states.get(parent)!));
      size = product(size, isActive ? active : absent);
    }
  }
  return size;
}

/** a b, where nothing of something infinite is nothing. */
function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** All points of a finite space, one after the other. */
export function* gridPoints(coordinates: readonly Coordinate[]): Generator<Float64Array> {
  const values = new Float64Array(coordinates.length);
  function* from(i: number): Generator<Float64Array> {
    if (i === coordinates.length) return yield writeValues(values, coordinates);
    const count = isActive(coordinates[i], values) ? valuesOf(coordinates[i]) : 0;
    if (count === 0) {
      values[i] = NaN;
      yield* from(i + 1);
    }
    for (let value = 0; value < count; value++) {
      values[i] = value;
      yield* from(i + 1);
    }
  }
  yield* from(0);
}
