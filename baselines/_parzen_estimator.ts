/**
 * The density of good or of bad configurations: a mixture of one kernel an observation, and of a prior.
 *
 * @module
 */
import type { Coordinate } from "../core/search/coordinates.ts";
import { type Kernels, kernelsOf } from "./_parzen_kernels.ts";

/** Observations of the latest that all have the same weight. */
const FLAT = 25;

/** Weights of n observations, the oldest first: the last 25 weigh 1, those before them less, down to 1 / n. */
export function recencyWeights(n: number): Float64Array {
  const ramp = Math.max(0, n - FLAT);
  return Float64Array.from({ length: n }, (_, i) => {
    if (i >= ramp) return 1;
    return 1 / n + (ramp === 1 ? 0 : (1 - 1 / n) * i / (ramp - 1));
  });
}

/** A trial of the past. */
export interface PastTrial {
  /** What each hyperparameter was set to, as readValues has it: NaN while inactive. */
  readonly values: Float64Array;
  /** Its place in the history: later trials have larger numbers. */
  readonly number: number;
}

/** A weighted mixture of products of kernels: of each trial, the kernels of all its hyperparameters. */
export class ParzenEstimator {
  readonly #kernels: readonly Kernels[];
  readonly #isChoice: readonly boolean[];
  /** Probability of each component, the prior's last, [n + 1]. */
  readonly weights: Float64Array;
  readonly #logWeights: Float64Array;

  /**
   * @param trials In an order of which the estimator's components are; those in which one of the chosen
   * hyperparameters is inactive are left out.
   * @param coordinates All hyperparameters.
   * @param chosen Indices of those whose joint density is estimated.
   */
  constructor(
    trials: readonly PastTrial[],
    coordinates: readonly Coordinate[],
    chosen: readonly number[],
  ) {
    const rows = trials.filter(({ values }) => chosen.every((j) => !Number.isNaN(values[j])));
    this.#kernels = chosen.map((j) =>
      kernelsOf(coordinates[j], rows.map(({ values }) => values[j]))
    );
    this.#isChoice = chosen.map((j) => coordinates[j].kind === "choice");
    const oldestFirst = [...rows.keys()].sort((a, b) => rows[a].number - rows[b].number);
    const weights = new Float64Array(rows.length + 1).fill(1);
    recencyWeights(rows.length).forEach((weight, age) => weights[oldestFirst[age]] = weight);
    const total = weights.reduce((sum, weight) => sum + weight);
    this.weights = weights.map((weight) => weight / total);
    this.#logWeights = this.weights.map(Math.log);
  }

  /**
   * Draws rows: values of the chosen hyperparameters.
   *
   * @param uniform Uniform numbers of [0, 1). They are used in Optuna's order: for the components of all rows, then
   * for each choice of all rows, then for each other hyperparameter.
   */
  sample(uniform: () => number, count: number): Float64Array[] {
    const components = Array.from({ length: count }, () => this.#component(uniform()));
    const rows = components.map(() => new Float64Array(this.#kernels.length));
    for (const isChoice of [true, false]) {
      this.#kernels.forEach((kernels, j) => {
        if (this.#isChoice[j] !== isChoice) return;
        rows.forEach((row, i) => row[j] = kernels.sample(components[i], uniform()));
      });
    }
    return rows;
  }

  /** The log density at each row. */
  logDensity(rows: readonly Float64Array[]): Float64Array {
    const terms = new Float64Array(this.weights.length);
    return Float64Array.from(rows, (row) => {
      terms.set(this.#logWeights);
      this.#kernels.forEach((kernels, j) => kernels.addLogDensities(row[j], terms));
      return logSumExp(terms);
    });
  }

  /** The component that a uniform number falls into. */
  #component(uniform: number): number {
    let cumulative = 0;
    for (let k = 0; k < this.weights.length - 1; k++) {
      cumulative += this.weights[k];
      if (uniform < cumulative) return k;
    }
    return this.weights.length - 1;
  }
}

function logSumExp(terms: Float64Array): number {
  let largest = -Infinity, sum = 0;
  for (const term of terms) if (term > largest) largest = term;
  for (const term of terms) sum += Math.exp(term - largest);
  return largest + Math.log(sum);
}
