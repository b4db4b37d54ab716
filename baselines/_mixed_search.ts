/**
 * Maximizing an acquisition function over a mixed search space.
 *
 * @module
 */
import { type Coordinate, isActive, valuesOf } from "../core/search/coordinates.ts";
import type { Random } from "../core/search/random.ts";
import type { Acquisition } from "./_acquisition_search.ts";
import type { MixedEmbedding } from "./_mixed_kernel.ts";
import { minimizeInBox } from "./numerics/lbfgsb.ts";

/** Random configurations that are looked at first. */
const DRAWS = 1024;
/** The best visited configurations of which all changes of one hyperparameter are looked at, too. */
const NEIGHBOURHOODS = 5;
/** Climbs, one of them from the best visited configuration. */
const STARTS = 10;
const MAX_SWEEPS = 8;
const MAX_ITERATIONS = 40;
/** Of a hyperparameter with more levels than this, those 1, 2, 4, ... steps away are looked at. */
const SCANNED_LEVELS = 16;

/** Where to look. */
export interface MixedSearchOptions {
  /** The hyperparameters. */
  coordinates: readonly Coordinate[];
  /** How configurations are vectors for `acquisition`. */
  embedding: MixedEmbedding;
  /** Configurations to begin at, the best first. */
  visited: readonly Float64Array[];
  /** Whether a configuration may be the answer. */
  isAllowed: (values: Float64Array) => boolean;
  /** Key of the randomness. */
  random: Random;
}

/** A configuration with a number for inactive hyperparameters too: what they are once they are switched on. */
type Assignment = Float64Array;

/**
 * The best allowed configuration found by ten climbs: from the best of random configurations, of the
 * neighbours of the best visited ones, and from the best visited one. A climb sets one hyperparameter after
 * the other to its best level or choice and lets the reals follow the gradient, until nothing improves.
 *
 * @returns undefined when no allowed one was come across.
 */
export function maximizeMixed(
  acquisition: Acquisition,
  options: MixedSearchOptions,
): Float64Array | undefined {
  return new MixedSearch(acquisition, options).run();
}

class MixedSearch {
  readonly #acquisition: Acquisition;
  readonly #options: MixedSearchOptions;
  #best: Float64Array | undefined;
  #bestValue = -Infinity;

  constructor(acquisition: Acquisition, options: MixedSearchOptions) {
    this.#acquisition = acquisition;
    this.#options = options;
  }

  run(): Float64Array | undefined {
    const { visited, random } = this.#options;
    const completed = visited.slice(0, NEIGHBOURHOODS).map((values) => {
      const drawn = this.#draw();
      return values.map((value, j) => Number.isNaN(value) ? drawn[j] : value);
    });
    const candidates = [
      ...completed,
      ...completed.flatMap((values) =>
        values.keys().toArray().flatMap((j) => this.#moves(values, j))
      ),
      ...Array.from({ length: DRAWS }, () => this.#draw()),
    ];
    const values = this.#values(candidates);
    const order = values.keys().toArray().sort((a, b) => values[b] - values[a] || a - b);
    const starts = new Set([...order.slice(0, STARTS / 2), ...completed.length > 0 ? [0] : []]);
    const scale = spread(values), top = values[order[0]];
    const weights = values.map((value) => Math.exp((value - top) / scale));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let k = starts.size; k < STARTS; k++) starts.add(pick(weights, random.uniform() * total));
    for (const start of starts) this.#climb(candidates[start], values[start]);
    return this.#best;
  }

  #climb(start: Assignment, value: number): void {
    let current = start;
    for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      const before = value;
      for (let j = 0; j < current.length; j++) {
        const moves = this.#moves(current, j);
        if (moves.length === 0) continue;
        const reached = this.#values(moves), top = reached.indexOf(Math.max(...reached));
        if (reached[top] > value) [current, value] = [moves[top], reached[top]];
      }
      [current, value] = this.#climbReals(current, value);
      if (value <= before + 1e-9 * Math.abs(before)) return;
    }
  }

  /** Assignments that differ in one active level or choice alone. */
  #moves(assignment: Assignment, j: number): Assignment[] {
    const coordinate = this.#options.coordinates[j], count = valuesOf(coordinate);
    if (count === Infinity || !isActive(coordinate, assignment)) return [];
    const at = assignment[j], targets: number[] = [];
    if (coordinate.kind === "choice" || count <= SCANNED_LEVELS) {
      for (let value = 0; value < count; value++) if (value !== at) targets.push(value);
    } else {
      for (let step = 1; step < count; step *= 2) {
        targets.push(...[at - step, at + step].filter((value) => value >= 0 && value < count));
      }
    }
    return targets.map((value) => assignment.with(j, value));
  }

  /** Follows the gradient over the active reals, everything else fixed. */
  #climbReals(assignment: Assignment, value: number): [Assignment, number] {
    const { coordinates, embedding } = this.#options;
    const active = coordinates.keys().toArray().filter((j) =>
      coordinates[j].kind === "real" && isActive(coordinates[j], assignment)
    );
    if (active.length === 0) return [assignment, value];
    const vector = embedding.embed([this.#mask(assignment)]);
    const slope = new Float64Array(embedding.dimension);
    const columns = active.map((j) => embedding.offsets[j]);
    const { x } = minimizeInBox(
      (reals, gradient) => {
        columns.forEach((column, k) => vector[column] = reals[k]);
        const reached = this.#acquisition.valueWithGradient(vector, slope);
        columns.forEach((column, k) => gradient[k] = -slope[column]);
        return -reached;
      },
      Float64Array.from(active, (j) => assignment[j]),
      {
        lower: new Float64Array(active.length),
        upper: new Float64Array(active.length).fill(1),
        maxIterations: MAX_ITERATIONS,
      },
    );
    const moved = assignment.slice();
    active.forEach((j, k) => moved[j] = x[k]);
    const reached = this.#values([moved])[0];
    return reached > value ? [moved, reached] : [assignment, value];
  }

  /** The acquisition function at assignments; keeps the best allowed one. */
  #values(assignments: readonly Assignment[]): Float64Array {
    const configurations = assignments.map((assignment) => this.#mask(assignment));
    const values = this.#acquisition.values(this.#options.embedding.embed(configurations));
    values.forEach((value, i) => {
      if (value <= this.#bestValue || !this.#options.isAllowed(configurations[i])) return;
      [this.#best, this.#bestValue] = [configurations[i], value];
    });
    return values;
  }

  /** The configuration that an assignment stands for: NaN where it is inactive. */
  #mask(assignment: Assignment): Float64Array {
    const values = new Float64Array(assignment.length);
    this.#options.coordinates.forEach((coordinate, j) => {
      values[j] = isActive(coordinate, values) ? assignment[j] : NaN;
    });
    return values;
  }

  #draw(): Assignment {
    return Float64Array.from(this.#options.coordinates, (coordinate) => {
      const u = this.#options.random.uniform(), count = valuesOf(coordinate);
      return count === Infinity ? u : Math.floor(u * count);
    });
  }
}

/** Standard deviation of the finite ones of some values, above 0. */
function spread(values: Float64Array): number {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const variance = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length;
  return Math.sqrt(variance) + 1e-9;
}

/** The first index at which the cumulative weight exceeds the threshold. */
function pick(weights: Float64Array, threshold: number): number {
  let sum = 0;
  return Math.max(0, weights.findIndex((weight) => (sum += weight) > threshold));
}
