/**
 * Smooth test functions of global optimization on the unit cube, to be maximized (the signs of the
 * literature's minimization problems are turned), for regret tests and for comparing optimizers.
 *
 * Sources of formulas and optima: Surjanovic & Bingham, "Virtual library of simulation experiments:
 * test functions and datasets".
 *
 * @module
 */
import { Random } from "../../core/search/random.ts";
import type { Task } from "../../core/search/task.ts";

/** A function on [0,1]^dimension. */
export interface SyntheticFunction extends Task {
  /** Name for tables. */
  readonly name: string;
  /** The global maximum. */
  readonly maximum: number;
  /** The value at a point. */
  evaluate(x: Float64Array): number;
}

/** Branin (2 variables, three global optima). */
export const branin: SyntheticFunction = {
  name: "Branin",
  dimension: 2,
  maximum: -0.397887357729738,
  evaluate(x) {
    const a = 15 * x[0] - 5, b = 15 * x[1];
    const valley = b - 5.1 * a * a / (4 * Math.PI ** 2) + 5 * a / Math.PI - 6;
    return -(valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10);
  },
};

const hartmannHeights = [1, 1.2, 3, 3.2];

function hartmann(
  name: string,
  maximum: number,
  a: readonly number[][],
  p: readonly number[][],
): SyntheticFunction {
  return {
    name,
    dimension: a[0].length,
    maximum,
    evaluate: (x) =>
      hartmannHeights.reduce((sum, height, i) => {
        const exponent = a[i].reduce((s, aij, j) => s + aij * (x[j] - 1e-4 * p[i][j]) ** 2, 0);
        return sum + height * Math.exp(-exponent);
      }, 0),
  };
}

/** Hartmann in 3 variables. */
export const hartmann3: SyntheticFunction = hartmann(
  "Hartmann-3",
  3.862779787332660,
  [[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]],
  [[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]],
);

/** Hartmann in 6 variables. */
export const hartmann6: SyntheticFunction = hartmann(
  "Hartmann-6",
  3.322368011391339,
  [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ],
);

/** Ackley on [-10, 15]^d: many shallow local optima around a sharp one. */
export function ackley(dimension: number): SyntheticFunction {
  return {
    name: `Ackley-${dimension}`,
    dimension,
    maximum: 0,
    evaluate(x) {
      let squares = 0, cosines = 0;
      for (const xi of x) {
        const z = 25 * xi - 10;
        squares += z * z / dimension;
        cosines += Math.cos(2 * Math.PI * z) / dimension;
      }
      return 20 * Math.exp(-0.2 * Math.sqrt(squares)) + Math.exp(cosines) - 20 - Math.E;
    },
  };
}

/** log(1 + Rosenbrock) on [-2, 2]^d: a curved valley. */
export function rosenbrock(dimension: number): SyntheticFunction {
  return {
    name: `Rosenbrock-${dimension}`,
    dimension,
    maximum: 0,
    evaluate(x) {
      let sum = 0;
      for (let j = 0; j + 1 < dimension; j++) {
        const a = 4 * x[j] - 2, b = 4 * x[j + 1] - 2;
        sum += 100 * (b - a * a) ** 2 + (1 - a) ** 2;
      }
      return -Math.log1p(sum);
    },
  };
}

/** The function of `inner`, of which the other variables do nothing. */
export function embedded(inner: SyntheticFunction, dimension: number): SyntheticFunction {
  return {
    name: `${inner.name} in ${dimension}`,
    dimension,
    maximum: inner.maximum,
    evaluate: (x) => inner.evaluate(x.subarray(0, inner.dimension)),
  };
}

/**
 * A draw of a Gaussian process with a squared exponential kernel (256 random Fourier features, Rahimi
 * & Recht 2007). Its maximum is estimated by 20,000 random points and a local search from the best.
 */
export function gaussianProcessDraw(
  dimension: number,
  lengthscale: number,
  seed: number,
): SyntheticFunction {
  const random = Random.of("gaussian process draw", dimension, lengthscale, seed);
  const features = 256;
  const frequencies = Float64Array.from(
    { length: features * dimension },
    () => random.normal() / lengthscale,
  );
  const phases = Float64Array.from({ length: features }, () => 2 * Math.PI * random.uniform());
  const weights = Float64Array.from({ length: features }, () => random.normal());
  const evaluate = (x: Float64Array) => {
    let sum = 0;
    for (let f = 0; f < features; f++) {
      let angle = phases[f];
      for (let j = 0; j < dimension; j++) angle += frequencies[f * dimension + j] * x[j];
      sum += weights[f] * Math.cos(angle);
    }
    return sum * Math.sqrt(2 / features);
  };
  let best = random.point(dimension), maximum = evaluate(best);
  for (let k = 0; k < 22_000; k++) {
    const size = k < 20_000 ? undefined : 0.1 * 0.995 ** (k - 20_000);
    const point = size === undefined
      ? random.point(dimension)
      : best.map((v) => Math.min(Math.max(v + size * random.normal(), 0), 1));
    const value = evaluate(point);
    if (value > maximum) [best, maximum] = [point, value];
  }
  return { name: `GP draw ${dimension}-${seed}`, dimension, maximum, evaluate };
}
