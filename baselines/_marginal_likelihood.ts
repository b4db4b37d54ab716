/**
 * The marginal likelihood of a Gaussian process and what its gradients are made of.
 *
 * @module
 */
import {
  factorize,
  inverseFromFactor,
  invertLower,
  multiplyLower,
  multiplyLowerTransposed,
} from "./numerics/linalg.ts";

/**
 * -log N(residual | 0, K) for covariances K of one size (Rasmussen & Williams 2006, Eq. 5.8). Its
 * gradient by a parameter of K is -1/2 tr(W dK) with W = alpha alpha^T - K^-1 (Eq. 5.9).
 */
export class MarginalLikelihood {
  /** The lower triangle of K [n, n], to be filled in before each evaluation, which overwrites it. */
  readonly covariance: Float64Array;
  /** K^-1 residual, [n]. */
  readonly alpha: Float64Array;
  /** The lower triangle of W, [n, n]. */
  readonly weights: Float64Array;
  readonly #n: number;
  readonly #lInverse: Float64Array; // [n, n]
  readonly #whitened: Float64Array; // L^-1 residual, [n]

  constructor(n: number) {
    this.#n = n;
    this.covariance = new Float64Array(n * n);
    this.alpha = new Float64Array(n);
    this.weights = new Float64Array(n * n);
    this.#lInverse = new Float64Array(n * n);
    this.#whitened = new Float64Array(n);
  }

  /** The value; leaves {@linkcode alpha} and {@linkcode weights}. Infinity if K is not definite. */
  negativeLog(residual: Float64Array): number {
    const n = this.#n, { covariance, alpha, weights } = this;
    if (!factorize(covariance, n)) return Infinity;
    invertLower(covariance, n, this.#lInverse);
    multiplyLower(this.#lInverse, n, residual, this.#whitened);
    multiplyLowerTransposed(this.#lInverse, n, this.#whitened, alpha);
    inverseFromFactor(this.#lInverse, n, weights);
    let value = 0.5 * n * Math.log(2 * Math.PI);
    for (let i = 0; i < n; i++) {
      value += Math.log(covariance[i * n + i]) + 0.5 * this.#whitened[i] ** 2;
      for (let k = 0; k <= i; k++) weights[i * n + k] = alpha[i] * alpha[k] - weights[i * n + k];
    }
    return value;
  }
}
