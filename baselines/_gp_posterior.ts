/**
 * Exact Gaussian process regression with a Matern-5/2 kernel and fixed hyperparameters (Rasmussen &
 * Williams 2006, Algorithm 2.1).
 *
 * @module
 */
import {
  dot,
  type Factorization,
  factorizeWithJitter,
  invertLower,
  multiplyLower,
  multiplyLowerTransposed,
} from "./numerics/linalg.ts";
import type { Observations } from "../core/search/observations.ts";

/** sqrt(5). */
export const SQRT5 = Math.sqrt(5);

/** Hyperparameters of the process, on their natural scale. */
export interface GpHyperparameters {
  /** Per dimension, [d]: the kernel is a function of sum_j ((x_j - x'_j) / lengthscale_j)^2. */
  lengthscales: Float64Array;
  /** Variance of the process. */
  outputscale: number;
  /** Variance of the observation noise. */
  noise: number;
  /** The constant mean. */
  mean: number;
}

/** Matern-5/2 correlation at the scaled distance r: (1 + sqrt5 r + 5/3 r^2) exp(-sqrt5 r). */
export function matern52(r: number): number {
  return (1 + SQRT5 * r + 5 / 3 * r * r) * Math.exp(-SQRT5 * r);
}

/** The derivative of {@linkcode matern52} with respect to r^2: -5/6 (1 + sqrt5 r) exp(-sqrt5 r). */
export function matern52Slope(r: number): number {
  return -5 / 6 * (1 + SQRT5 * r) * Math.exp(-SQRT5 * r);
}

/** Where a prediction is written when its gradient is wanted too. */
export interface PredictionWithGradient {
  /** Posterior mean. */
  mean: number;
  /** Posterior standard deviation of the noise-free response. */
  deviation: number;
  /** d mean / d x, [d]. */
  meanGradient: Float64Array;
  /** d deviation / d x, [d]. */
  deviationGradient: Float64Array;
}

/** The process conditioned on observations. Predictions are of the noise-free response. */
export class GpPosterior {
  /** Number of dimensions. */
  readonly dimension: number;
  /** What was added to the kernel's diagonal to factorize it, usually 0. */
  readonly jitter: number;
  readonly #n: number;
  readonly #observations: Observations;
  readonly #hyperparameters: GpHyperparameters;
  readonly #inverseLengthscales: Float64Array;
  readonly #scaledX: Float64Array; // [n, d]
  readonly #lInverse: Float64Array; // [n, n]
  readonly #alpha: Float64Array; // K^-1 (y - mean), [n]
  readonly #scaledQuery: Float64Array; // [d]
  readonly #kernel: Float64Array; // kernel of the query and the observations, [n]
  readonly #slope: Float64Array; // its derivative by the squared distance, [n]
  readonly #v: Float64Array; // L^-1 k, [n]
  readonly #kInverseK: Float64Array; // K^-1 k, [n]

  private constructor(
    observations: Observations,
    hyperparameters: GpHyperparameters,
    scaledX: Float64Array,
    factorization: Factorization,
  ) {
    const { size: n, dimension, y } = observations;
    this.dimension = dimension;
    this.#n = n;
    this.#observations = observations;
    this.#hyperparameters = hyperparameters;
    this.#inverseLengthscales = hyperparameters.lengthscales.map((lengthscale) => 1 / lengthscale);
    this.#scaledX = scaledX;
    this.jitter = factorization.jitter;
    this.#lInverse = new Float64Array(n * n);
    invertLower(factorization.factor, n, this.#lInverse);
    const whitened = new Float64Array(n);
    this.#alpha = new Float64Array(n);
    multiplyLower(this.#lInverse, n, y.map((v) => v - hyperparameters.mean), whitened);
    multiplyLowerTransposed(this.#lInverse, n, whitened, this.#alpha);
    this.#scaledQuery = new Float64Array(dimension);
    this.#kernel = new Float64Array(n);
    this.#slope = new Float64Array(n);
    this.#v = new Float64Array(n);
    this.#kInverseK = new Float64Array(n);
  }

  /** The process given the observations; undefined if no jitter makes its covariance definite. */
  static condition(
    observations: Observations,
    hyperparameters: GpHyperparameters,
  ): GpPosterior | undefined {
    const { size: n, dimension: d, x } = observations;
    const { lengthscales, outputscale, noise } = hyperparameters;
    const scaledX = x.map((v, i) => v / lengthscales[i % d]);
    const covariance = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const r = Math.sqrt(squaredDistance(scaledX, i, scaledX, j, d));
        covariance[i * n + j] = outputscale * matern52(r);
      }
      covariance[i * n + i] = outputscale + noise;
    }
    const factorization = factorizeWithJitter(covariance, n);
    return factorization && new GpPosterior(observations, hyperparameters, scaledX, factorization);
  }

  /**
   * Posterior mean and standard deviation at every row of `points` [m, d], written into `means` and
   * `deviations` [m].
   */
  predict(points: Float64Array, means: Float64Array, deviations: Float64Array): void {
    const n = this.#n, d = this.dimension, { outputscale, mean } = this.#hyperparameters;
    const query = this.#scaledQuery, kernel = this.#kernel;
    for (let row = 0; row < means.length; row++) {
      for (let j = 0; j < d; j++) query[j] = points[row * d + j] * this.#inverseLengthscales[j];
      for (let i = 0; i < n; i++) {
        kernel[i] = outputscale *
          matern52(Math.sqrt(squaredDistance(query, 0, this.#scaledX, i, d)));
      }
      means[row] = mean + dot(kernel, 0, this.#alpha, 0, n);
      deviations[row] = this.#deviation();
    }
  }

  /**
   * The process as it would be had the rows of `points` [m, d] been measured too, each with the response that is
   * expected there (the kriging believer of Ginsbourger et al. 2010): what is known there grows, what is
   * expected anywhere stays.
   */
  believing(points: Float64Array): GpPosterior {
    const m = points.length / this.dimension;
    if (m === 0) return this;
    const { size, x, y, dimension } = this.#observations;
    const means = new Float64Array(m);
    this.predict(points, means, new Float64Array(m));
    const extended = {
      dimension,
      size: size + m,
      x: concatenate(x, points),
      y: concatenate(y, means),
    };
    return GpPosterior.condition(extended, this.#hyperparameters) ?? this;
  }

  /** Prediction and its gradient at one `point` [d]. */
  predictWithGradient(point: Float64Array, out: PredictionWithGradient): void {
    const n = this.#n, d = this.dimension, { outputscale, mean } = this.#hyperparameters;
    const query = this.#scaledQuery, kernel = this.#kernel, slope = this.#slope;
    for (let j = 0; j < d; j++) query[j] = point[j] * this.#inverseLengthscales[j];
    for (let i = 0; i < n; i++) {
      const r = Math.sqrt(squaredDistance(query, 0, this.#scaledX, i, d));
      kernel[i] = outputscale * matern52(r);
      slope[i] = outputscale * matern52Slope(r);
    }
    out.mean = mean + dot(kernel, 0, this.#alpha, 0, n);
    out.deviation = this.#deviation();
    multiplyLowerTransposed(this.#lInverse, n, this.#v, this.#kInverseK);
    // d sigma / d k = -K^-1 k / sigma, d k_i / d x_j = 2 slope_i (x_j - x_ij) / lengthscale_j^2
    out.meanGradient.fill(0);
    out.deviationGradient.fill(0);
    for (let i = 0; i < n; i++) {
      const byMean = 2 * slope[i] * this.#alpha[i];
      const byDeviation = -2 * slope[i] * this.#kInverseK[i] / out.deviation;
      for (let j = 0; j < d; j++) {
        const difference = query[j] - this.#scaledX[i * d + j];
        out.meanGradient[j] += byMean * difference;
        out.deviationGradient[j] += byDeviation * difference;
      }
    }
    for (let j = 0; j < d; j++) {
      out.meanGradient[j] *= this.#inverseLengthscales[j];
      out.deviationGradient[j] *= this.#inverseLengthscales[j];
    }
  }

  /**
   * The share of the variance of `y` that leave-one-out predictions explain: 1 when each observation
   * is predicted from the others without error, <= 0 when their mean does as well (Rasmussen &
   * Williams 2006, Eq. 5.12).
   */
  leaveOneOutR2(y: Float64Array): number {
    const n = this.#n, mean = y.reduce((sum, v) => sum + v, 0) / n;
    let residuals = 0, total = 0;
    for (let i = 0; i < n; i++) {
      let precision = 0; // of the prediction, (K^-1)_ii = |column i of L^-1|^2
      for (let k = i; k < n; k++) precision += this.#lInverse[k * n + i] ** 2;
      residuals += (this.#alpha[i] / precision) ** 2;
      total += (y[i] - mean) ** 2;
    }
    return total > 0 ? 1 - residuals / total : 0;
  }

  /** sqrt(k(x, x) - k^T K^-1 k) of the current query; leaves L^-1 k in `#v`. */
  #deviation(): number {
    const { outputscale } = this.#hyperparameters;
    multiplyLower(this.#lInverse, this.#n, this.#kernel, this.#v);
    const variance = outputscale - dot(this.#v, 0, this.#v, 0, this.#n);
    return Math.sqrt(Math.max(variance, 1e-12 * outputscale));
  }
}

function concatenate(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Squared Euclidean distance of row i of `a` and row j of `b`, both [., dimension]. */
export function squaredDistance(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  dimension: number,
): number {
  let sum = 0;
  const aOffset = i * dimension, bOffset = j * dimension;
  for (let k = 0; k < dimension; k++) {
    const difference = a[aOffset + k] - b[bOffset + k];
    sum += difference * difference;
  }
  return sum;
}
