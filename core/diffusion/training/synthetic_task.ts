/**
 * Synthetic tasks: a random response surface with what a search meets beside it: a search space of levels, choices
 * and conditions, runs that fail, and measurements with noise.
 *
 * @module
 */
import {
  type Coordinate,
  isActive,
  readValues,
  valuesOf,
  writeValues,
} from "../../search/coordinates.ts";
import { chance, logUniform } from "../../search/draw.ts";
import type { Observations } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";
import { columnKinds } from "../column_kinds.ts";
import { responseScale } from "../features.ts";
import { ResponseSurface, type ResponseSurfaceOptions } from "../prior/response_surface.ts";
import { TableSurface } from "../prior/table_surface.ts";
import type { SearchedSurface } from "./pretraining_context.ts";
import { drawSpace } from "./random_space.ts";

/** Options of {@linkcode SyntheticTask.draw}. */
export interface TaskOptions {
  /** How surfaces are drawn. */
  surface?: ResponseSurfaceOptions;
  /** Probability that measurements have noise: normal, of .02 to .5 of the scale of responses. @default {0.2} */
  noisyShare?: number;
  /** Probability that a region fails: 5 to 50 % of the cube. @default {0.12} */
  failingShare?: number;
  /** Probability of a surface of one of the measured tables, where some are given. @default {0.75} */
  tableShare?: number;
}

/** The options of a task beside those of its surface. */
type TaskShares = Required<Omit<TaskOptions, "surface">>;

/** The defaults of {@linkcode TaskOptions}. */
export const defaultTaskOptions: TaskShares = {
  noisyShare: 0.2,
  failingShare: 0.12,
  tableShare: 0.75,
};

/** The columns of a task's points. */
export interface TaskShape {
  /** d, the number of columns. */
  readonly dimension: number;
  /** Whether it is known what they mean: a random space. Otherwise all columns are numbers of [0, 1]. */
  readonly isMixed: boolean;
}

/** Points by which the scale of responses and the region that fails are found. */
const calibrationPoints = 64;

/**
 * A task that a context is drawn from. Its inputs are one number of [0, 1] for each hyperparameter; the network sees
 * them encoded as columns. Its responses are those of a {@linkcode ResponseSurface} at the values that the
 * inputs stand for, -Infinity where a run fails.
 */
export class SyntheticTask {
  /** The number of inputs. */
  readonly dimension: number;
  /** What the columns mean, where it is known. */
  readonly coordinates: readonly Coordinate[] | undefined;
  /** What is known of the columns, [d, 6], where it is known. */
  readonly kinds: Float32Array | undefined;
  /** Standard deviation of a measurement. */
  readonly noise: number;
  readonly #surface: SearchedSurface;
  readonly #failure: FailingRegion | undefined;

  private constructor(
    random: Random,
    surface: SearchedSurface,
    coordinates: readonly Coordinate[] | undefined,
    { noisyShare, failingShare }: TaskShares,
  ) {
    this.dimension = surface.dimension;
    this.coordinates = coordinates;
    this.kinds = coordinates && columnKinds(coordinates);
    this.#surface = surface;
    const isNoisy = chance(random, noisyShare), hasFailures = chance(random, failingShare);
    const points = isNoisy || hasFailures
      ? random.point(calibrationPoints * this.dimension)
      : undefined;
    this.noise = isNoisy
      ? logUniform(random, 0.02, 0.5) * responseScale(this.evaluate(points!)).scale
      : 0;
    this.#failure = hasFailures ? drawFailingRegion(random, points!, this.dimension) : undefined;
  }

  /**
   * Draws a task of a shape.
   *
   * @param tables Measured tables of one search space, that surfaces of its dimension are fitted to as well.
   */
  static draw(
    random: Random,
    { dimension, isMixed }: TaskShape,
    options: TaskOptions = {},
    tables: readonly Observations[] = [],
  ): SyntheticTask {
    const settings = { ...defaultTaskOptions, ...options };
    const isTabulated = !isMixed && tables[0]?.dimension === dimension &&
      chance(random, settings.tableShare);
    const coordinates = isMixed ? drawSpace(random, dimension) : undefined;
    const surface = isTabulated
      ? TableSurface.fit(random, tables[random.integer(tables.length)])
      : ResponseSurface.draw(random, coordinates?.length ?? dimension, options.surface);
    return new SyntheticTask(random, surface, coordinates, settings);
  }

  /** The measurements that the surface was fitted to, if any; none where the search space is known, as its points are of another one. */
  get table(): Observations | undefined {
    return this.coordinates === undefined ? this.#surface.table : undefined;
  }

  /** The rows of a measured table that the surface was fitted to; none where it is a random surface. */
  get measuredTable(): Observations | undefined {
    return this.#surface instanceof TableSurface ? this.#surface.table : undefined;
  }

  /** What is known of the parts of the surface. */
  get parts(): SearchedSurface["parts"] {
    return this.#surface.parts;
  }

  /** Whether the optimum is rarely at a border. */
  get isInterior(): boolean {
    return this.#surface.isInterior;
  }

  /** The responses at n points, [n, inputs]; -Infinity where they fail. */
  evaluate(points: Float64Array): Float64Array {
    const values = new Float64Array(points.length / this.dimension);
    this.evaluateInto(points, values);
    return values;
  }

  /** Like {@linkcode SyntheticTask.evaluate}, into an array of n values. */
  evaluateInto(points: Float64Array, values: Float64Array): void {
    const snapped = this.#snap(points);
    this.#surface.evaluateInto(snapped, values);
    if (this.#failure === undefined) return;
    const { dimension } = this;
    for (let i = 0; i < values.length; i++) {
      if (fails(snapped.subarray(i * dimension, (i + 1) * dimension), this.#failure)) {
        values[i] = -Infinity;
      }
    }
  }

  /** Responses as they are measured. */
  measure(random: Random, responses: Float64Array): Float64Array {
    return this.noise === 0
      ? responses
      : responses.map((response) => response + this.noise * random.normal());
  }

  /** The columns of n points, [n, inputs] to [n, d]. */
  encode(points: Float64Array): Float64Array {
    const { coordinates } = this;
    if (coordinates === undefined) return points;
    return eachRow(
      points,
      this.dimension,
      (point) => writeValues(valuesAt(point, coordinates), coordinates),
    );
  }

  /** The inputs of n points, [n, d] to [n, inputs]. */
  decode(columns: Float64Array, dimension: number): Float64Array {
    const { coordinates } = this;
    if (coordinates === undefined) return columns;
    return eachRow(
      columns,
      dimension,
      (row) => inputsOf(readValues(row, coordinates), coordinates),
    );
  }

  /** The inputs at which the surface is asked for those of n points. */
  #snap(points: Float64Array): Float64Array {
    const { coordinates } = this;
    if (coordinates === undefined) return points;
    return eachRow(
      points,
      this.dimension,
      (point) => inputsOf(valuesAt(point, coordinates), coordinates),
    );
  }
}

/** Applies a function to every row of a matrix. */
function eachRow(
  matrix: Float64Array,
  width: number,
  change: (row: Float64Array) => Float64Array,
): Float64Array {
  const rows = Array.from(
    { length: matrix.length / width },
    (_, i) => change(matrix.subarray(i * width, (i + 1) * width)),
  );
  const changed = new Float64Array(rows.length * (rows[0]?.length ?? 0));
  rows.forEach((row, i) => changed.set(row, i * row.length));
  return changed;
}

/** What the hyperparameters are set to by inputs of [0, 1]; NaN for inactive ones. */
function valuesAt(inputs: Float64Array, coordinates: readonly Coordinate[]): Float64Array {
  const values = new Float64Array(coordinates.length);
  coordinates.forEach((coordinate, i) => {
    const count = valuesOf(coordinate), u = inputs[i];
    values[i] = !isActive(coordinate, values)
      ? NaN
      : count === Infinity
      ? u
      : Math.min(count - 1, Math.floor(u * count));
  });
  return values;
}

/** The inputs of values, the inverse of {@linkcode valuesAt}: positions of levels, middles of choices. */
function inputsOf(values: Float64Array, coordinates: readonly Coordinate[]): Float64Array {
  return values.map((value, i) => {
    const coordinate = coordinates[i];
    if (Number.isNaN(value)) return 0.5;
    if (coordinate.kind === "real") return value;
    return (value + 0.5) / valuesOf(coordinate);
  });
}

/** A half-space over one to three inputs. */
interface FailingRegion {
  inputs: readonly number[];
  weights: readonly number[];
  threshold: number;
}

/** Draws a region that 5 to 50 % of the given points lie in. */
function drawFailingRegion(
  random: Random,
  points: Float64Array,
  dimension: number,
): FailingRegion {
  const count = Math.min(dimension, 1 + random.integer(3));
  const inputs = Array.from(random.permutation(dimension)).slice(0, count);
  const region = { inputs, weights: inputs.map(() => random.normal()), threshold: 0 };
  const sums = Float64Array.from(
    { length: points.length / dimension },
    (_, i) => weightedSum(points.subarray(i * dimension, (i + 1) * dimension), region),
  ).sort();
  const share = 0.05 + 0.45 * random.uniform();
  return { ...region, threshold: sums[Math.floor((1 - share) * sums.length)] };
}

function weightedSum(point: Float64Array, { inputs, weights }: FailingRegion): number {
  return inputs.reduce((sum, j, i) => sum + weights[i] * point[j], 0);
}

function fails(point: Float64Array, region: FailingRegion): boolean {
  return weightedSum(point, region) >= region.threshold;
}
