/**
 * Maximum a posteriori hyperparameters of a Gaussian process.
 *
 * @module
 */
import type { Random } from "../core/search/random.ts";
import { SQRT5 } from "./_gp_posterior.ts";
import type { GpHyperparameters } from "./_gp_posterior.ts";
import { minimizeInBox, type Minimum } from "./numerics/lbfgsb.ts";
import { MarginalLikelihood } from "./_marginal_likelihood.ts";
import type { Observations } from "../core/search/observations.ts";

/** A prior density over a positive hyperparameter. */
export interface Prior {
  /** -log density at exp(logValue), up to a constant, and its derivative with respect to logValue. */
  negativeLogDensity(logValue: number): { value: number; slope: number };
  /** A draw, as the logarithm of the hyperparameter. */
  sampleLog(random: Random): number;
}

/** LogNormal(mu, sigma). */
export function logNormalPrior(mu: number, sigma: number): Prior {
  return {
    negativeLogDensity(logValue) {
      const z = (logValue - mu) / sigma;
      return { value: 0.5 * z * z + logValue, slope: z / sigma + 1 };
    },
    sampleLog: (random) => mu + sigma * random.normal(),
  };
}

/** Gamma(shape, rate). */
export function gammaPrior(shape: number, rate: number): Prior {
  return {
    negativeLogDensity(logValue) {
      const scaled = rate * Math.exp(logValue);
      return { value: scaled - (shape - 1) * logValue, slope: scaled - (shape - 1) };
    },
    // a log-normal draw with the distribution's mean and a spread of its order: for starting points
    sampleLog: (random) => Math.log(shape / rate) + random.normal() / Math.sqrt(shape),
  };
}

/** Priors of the hyperparameters; without `outputscale` the process has variance 1. */
export interface GpPriors {
  /** Of every lengthscale. */
  lengthscale: Prior;
  /** Of the noise variance. */
  noise: Prior;
  /** Of the variance of the process. */
  outputscale?: Prior;
}

/** The smallest variance of the noise. */
export const LEAST_NOISE = 1e-4;
// Bounds of the logarithms; the constant mean is bounded by three standard deviations of y.
const LENGTHSCALE_BOUNDS = [Math.log(0.025), Math.log(400)] as const;
const NOISE_BOUNDS = [Math.log(LEAST_NOISE), Math.log(2.7)] as const;
const OUTPUTSCALE_BOUNDS = [Math.log(1e-2), Math.log(1e3)] as const;
const MEAN_BOUND = 3;

/**
 * -log p(y | x, hyperparameters) - log prior as a function of (log lengthscales, log noise, mean[, log
 * outputscale]), with its gradient (Rasmussen & Williams 2006, Eq. 5.8 and 5.9).
 */
export class NegativeLogPosterior {
  /** Number of parameters. */
  readonly size: number;
  readonly #observations: Observations;
  readonly #priors: GpPriors;
  readonly #lengthscales: number; // their number g, which is d unless columns share some
  readonly #squares: Float64Array; // (x_ij - x_kj)^2 of every pair i > k, [n (n - 1) / 2, g]
  readonly #likelihood: MarginalLikelihood;
  readonly #slopes: Float64Array; // -2 dk / d(r^2) of every pair
  readonly #correlations: Float64Array; // of every pair
  readonly #weights: Float64Array; // 1 / lengthscale^2, [g]
  readonly #residual: Float64Array; // y - mean, [n]

  /** @param groups The index of each column's lengthscale, where columns share some. */
  constructor(observations: Observations, priors: GpPriors, groups?: ArrayLike<number>) {
    const { size: n, dimension: d, x } = observations;
    const g = this.#lengthscales = groups === undefined ? d : 1 + groups[d - 1];
    this.size = g + 2 + (priors.outputscale ? 1 : 0);
    this.#observations = observations;
    this.#priors = priors;
    const pairs = n * (n - 1) / 2;
    this.#squares = new Float64Array(pairs * g);
    for (let i = 0, pair = 0; i < n; i++) {
      for (let k = 0; k < i; k++, pair++) {
        for (let j = 0; j < d; j++) {
          this.#squares[pair * g + (groups?.[j] ?? j)] += (x[i * d + j] - x[k * d + j]) ** 2;
        }
      }
    }
    this.#slopes = new Float64Array(pairs);
    this.#correlations = new Float64Array(pairs);
    this.#likelihood = new MarginalLikelihood(n);
    this.#weights = new Float64Array(g);
    this.#residual = new Float64Array(n);
  }

  /** The value at `parameters`, with the gradient written into `gradient`; Infinity if undefined. */
  evaluate(parameters: Float64Array, gradient: Float64Array): number {
    const { size: n, y } = this.#observations, d = this.#lengthscales;
    const noise = Math.exp(parameters[d]), mean = parameters[d + 1];
    const outputscale = this.#priors.outputscale ? Math.exp(parameters[d + 2]) : 1;
    for (let j = 0; j < d; j++) this.#weights[j] = Math.exp(-2 * parameters[j]);
    this.#fillCovariance(outputscale, noise);
    for (let i = 0; i < n; i++) this.#residual[i] = y[i] - mean;
    const value = this.#likelihood.negativeLog(this.#residual);
    if (value === Infinity) return value;
    this.#likelihoodGradient(outputscale, noise, gradient);
    return value + this.#addPriors(parameters, gradient);
  }

  #fillCovariance(outputscale: number, noise: number): void {
    const { size: n } = this.#observations, d = this.#lengthscales;
    const squares = this.#squares, weights = this.#weights;
    const { covariance } = this.#likelihood;
    for (let i = 0, pair = 0, offset = 0; i < n; i++) {
      for (let k = 0; k < i; k++, pair++) {
        let squared = 0;
        for (let j = 0; j < d; j++, offset++) squared += squares[offset] * weights[j];
        const r = SQRT5 * Math.sqrt(squared), decay = Math.exp(-r);
        this.#correlations[pair] = (1 + r + r * r / 3) * decay;
        this.#slopes[pair] = 5 / 3 * (1 + r) * decay;
        covariance[i * n + k] = outputscale * this.#correlations[pair];
      }
      covariance[i * n + i] = outputscale + noise;
    }
  }

  /** -1/2 tr(W dK) for every parameter. */
  #likelihoodGradient(outputscale: number, noise: number, gradient: Float64Array): void {
    const { size: n } = this.#observations, d = this.#lengthscales;
    const squares = this.#squares, { alpha, weights } = this.#likelihood;
    gradient.fill(0);
    let byOutputscale = 0, trace = 0, alphaSum = 0;
    for (let i = 0, pair = 0, offset = 0; i < n; i++) {
      for (let k = 0; k < i; k++, pair++) {
        const w = weights[i * n + k]; // twice 1/2: both triangles
        byOutputscale -= w * this.#correlations[pair];
        const factor = w * outputscale * this.#slopes[pair];
        for (let j = 0; j < d; j++, offset++) gradient[j] -= factor * squares[offset];
      }
      trace += weights[i * n + i];
      alphaSum += alpha[i];
    }
    for (let j = 0; j < d; j++) gradient[j] *= this.#weights[j];
    gradient[d] = -0.5 * trace * noise;
    gradient[d + 1] = -alphaSum;
    if (this.#priors.outputscale) gradient[d + 2] = outputscale * (byOutputscale - 0.5 * trace);
  }

  #addPriors(parameters: Float64Array, gradient: Float64Array): number {
    const d = this.#lengthscales, { lengthscale, noise, outputscale } = this.#priors;
    let sum = 0;
    const add = (prior: Prior, index: number) => {
      const { value, slope } = prior.negativeLogDensity(parameters[index]);
      sum += value;
      gradient[index] += slope;
    };
    for (let j = 0; j < d; j++) add(lengthscale, j);
    add(noise, d);
    if (outputscale) add(outputscale, d + 2);
    return sum;
  }
}

/**
 * Maximum a posteriori hyperparameters, the best of `starts` runs of L-BFGS: one from a smooth
 * process (lengthscales sqrt(d) / 2), the others from draws of the priors.
 *
 * @returns undefined when no start has a defined posterior density.
 */
export function fitHyperparameters(
  observations: Observations,
  priors: GpPriors,
  starts: number,
  random: Random,
  groups?: ArrayLike<number>,
): GpHyperparameters | undefined {
  const posterior = new NegativeLogPosterior(observations, priors, groups);
  const d = posterior.size - (priors.outputscale ? 3 : 2); // number of lengthscales
  const lower = new Float64Array(posterior.size).fill(LENGTHSCALE_BOUNDS[0]);
  const upper = new Float64Array(posterior.size).fill(LENGTHSCALE_BOUNDS[1]);
  [lower[d], upper[d]] = NOISE_BOUNDS;
  [lower[d + 1], upper[d + 1]] = [-MEAN_BOUND, MEAN_BOUND];
  if (priors.outputscale) [lower[d + 2], upper[d + 2]] = OUTPUTSCALE_BOUNDS;

  let best: Minimum | undefined;
  for (let start = 0; start < starts; start++) {
    const initial = new Float64Array(posterior.size);
    initial.fill(Math.log(0.5 * Math.sqrt(d)), 0, d);
    initial[d] = -5;
    if (start > 0) {
      for (let j = 0; j < d; j++) initial[j] = priors.lengthscale.sampleLog(random);
      initial[d] = priors.noise.sampleLog(random);
    }
    const minimum = minimizeInBox(
      (parameters, gradient) => posterior.evaluate(parameters, gradient),
      initial,
      { lower, upper, maxIterations: 80 },
    );
    if (minimum.value < (best?.value ?? Infinity)) best = minimum;
  }
  return best && {
    lengthscales: Float64Array.from(
      { length: observations.dimension },
      (_, j) => Math.exp(best.x[groups?.[j] ?? j]),
    ),
    noise: Math.exp(best.x[d]),
    mean: best.x[d + 1],
    outputscale: priors.outputscale ? Math.exp(best.x[d + 2]) : 1,
  };
}
