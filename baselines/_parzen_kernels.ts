/**
 * Kernels of one hyperparameter, one for each observation and a wide one for the prior, with Optuna's bandwidths.
 *
 * @module
 */
import { logNormalMass, truncatedNormalQuantile } from "../core/numerics/truncated_normal.ts";
import type { Coordinate } from "../core/search/coordinates.ts";

/** n + 1 densities of one hyperparameter; the last one is the prior's. */
export interface Kernels {
  /** A draw from the kernel number `kernel`, by inverse transform of a uniform number of [0, 1). */
  sample(kernel: number, uniform: number): number;
  /** Adds each kernel's log density at a value to `sums`, [n + 1]. */
  addLogDensities(value: number, sums: Float64Array): void;
}

/**
 * The kernels of a hyperparameter's observed values: numbers of [0, 1] for a real, indices for levels and choices,
 * as readValues has them.
 */
export function kernelsOf(coordinate: Coordinate, values: readonly number[]): Kernels {
  if (coordinate.kind === "choice") return new ChoiceKernels(values, coordinate.count);
  return coordinate.kind === "real"
    ? new RealKernels(values)
    : new LevelKernels(values, coordinate.positions);
}

/** A range and the normal kernels on it. */
export interface NormalKernels {
  /** Means, [n + 1]. */
  readonly means: Float64Array;
  /** Standard deviations before truncation, [n + 1]. */
  readonly deviations: Float64Array;
  /** Logarithms of the probability that each kernel has within the range, [n + 1]. */
  readonly logMasses: Float64Array;
}

/**
 * Bergstra et al. 2011: the standard deviation of an observation is the larger distance to its two neighbours. Optuna
 * leaves the range's ends out of this unless there is one observation alone, and keeps deviations within
 * ("magic clipping") the range's width and a fraction of it that falls with n. The prior is as wide as the range.
 *
 * @param values n observed numbers in [low, high].
 */
export function normalKernels(values: readonly number[], low: number, high: number): NormalKernels {
  const n = values.length, width = high - low;
  const means = Float64Array.from([...values, low + width / 2]);
  const deviations = new Float64Array(n + 1).fill(width);
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const smallest = width / Math.min(100, n + 2);
  order.forEach((i, rank) => {
    const below = values[order[rank - 1]] ?? (n === 1 ? low : values[i]);
    const above = values[order[rank + 1]] ?? (n === 1 ? high : values[i]);
    const distance = Math.max(values[i] - below, above - values[i]);
    deviations[i] = Math.min(Math.max(distance, smallest), width);
  });
  const logMasses = means.map((mean, k) =>
    logNormalMass((low - mean) / deviations[k], (high - mean) / deviations[k])
  );
  return { means, deviations, logMasses };
}

/** A draw from a normal kernel, truncated to its range. */
function sampleNormal(
  { means, deviations }: NormalKernels,
  kernel: number,
  { low, high, uniform }: { low: number; high: number; uniform: number },
): number {
  const mean = means[kernel], deviation = deviations[kernel];
  const z = truncatedNormalQuantile(uniform, (low - mean) / deviation, (high - mean) / deviation);
  return Math.min(Math.max(mean + deviation * z, low), high);
}

const LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

/** Truncated normal densities on [0, 1]. */
class RealKernels implements Kernels {
  readonly #normal: NormalKernels;
  /** What does not depend on the value in the log density, [n + 1]. */
  readonly #constants: Float64Array;

  constructor(values: readonly number[]) {
    this.#normal = normalKernels(values, 0, 1);
    const { deviations, logMasses } = this.#normal;
    this.#constants = logMasses.map((mass, k) => -LOG_SQRT_2_PI - Math.log(deviations[k]) - mass);
  }

  sample(kernel: number, uniform: number): number {
    return sampleNormal(this.#normal, kernel, { low: 0, high: 1, uniform });
  }

  addLogDensities(value: number, sums: Float64Array): void {
    const { means, deviations } = this.#normal;
    for (let k = 0; k < sums.length; k++) {
      const z = (value - means[k]) / deviations[k];
      sums[k] += this.#constants[k] - z * z / 2;
    }
  }
}

/** Truncated normal densities over cells around levels: a level has the probability of its cell. */
class LevelKernels implements Kernels {
  /** Borders of the cells, [levels + 1]: half way between levels, and as far outside of the first and the last. */
  readonly #borders: Float64Array;
  readonly #normal: NormalKernels;
  /** Log probabilities of levels that were asked for, [levels][n + 1]. */
  readonly #byLevel: (Float64Array | undefined)[] = [];

  constructor(levels: readonly number[], positions: readonly number[]) {
    const last = positions.length - 1;
    this.#borders = Float64Array.from({ length: last + 2 }, (_, i) => {
      if (i === 0) return positions[0] - (positions[1] - positions[0]) / 2;
      if (i > last) return positions[last] + (positions[last] - positions[last - 1]) / 2;
      return (positions[i - 1] + positions[i]) / 2;
    });
    const values = levels.map((level) => positions[level]);
    this.#normal = normalKernels(values, this.#borders[0], this.#borders[last + 1]);
  }

  sample(kernel: number, uniform: number): number {
    const last = this.#borders.length - 1;
    const range = { low: this.#borders[0], high: this.#borders[last], uniform };
    const value = sampleNormal(this.#normal, kernel, range);
    let level = 0;
    while (level < last - 1 && value >= this.#borders[level + 1]) level++;
    return level;
  }

  addLogDensities(level: number, sums: Float64Array): void {
    const logProbabilities = this.#byLevel[level] ??= this.#logProbabilities(level);
    for (let k = 0; k < sums.length; k++) sums[k] += logProbabilities[k];
  }

  #logProbabilities(level: number): Float64Array {
    const { means, deviations, logMasses } = this.#normal;
    const left = this.#borders[level], right = this.#borders[level + 1];
    return means.map((mean, k) =>
      logNormalMass((left - mean) / deviations[k], (right - mean) / deviations[k]) - logMasses[k]
    );
  }
}

/**
 * After Aitchison and Aitken: an observed choice has most of its kernel's probability, and all choices share the
 * prior's weight, 1 / (n + 1).
 */
class ChoiceKernels implements Kernels {
  readonly #observed: readonly number[];
  readonly #count: number;
  /** Probability of a kernel's own choice, and of each other one. */
  readonly #own: number;
  readonly #other: number;

  constructor(observed: readonly number[], count: number) {
    const share = 1 / (observed.length + 1);
    this.#observed = observed;
    this.#count = count;
    this.#own = (1 + share) / (1 + count * share);
    this.#other = share / (1 + count * share);
  }

  sample(kernel: number, uniform: number): number {
    let cumulative = 0;
    for (let choice = 0; choice < this.#count - 1; choice++) {
      cumulative += this.#probability(kernel, choice);
      if (uniform <= cumulative) return choice;
    }
    return this.#count - 1;
  }

  addLogDensities(choice: number, sums: Float64Array): void {
    for (let k = 0; k < sums.length; k++) sums[k] += Math.log(this.#probability(k, choice));
  }

  #probability(kernel: number, choice: number): number {
    if (kernel === this.#observed.length) return 1 / this.#count; // the prior
    return this.#observed[kernel] === choice ? this.#own : this.#other;
  }
}
