/**
 * Deep kernel learning (Wilson et al. 2016): a Gaussian process on the features of a perceptron, all
 * parameters trained together.
 *
 * @module
 */
import type { Random } from "../core/search/random.ts";
import { GpPosterior, matern52, matern52Slope, squaredDistance } from "./_gp_posterior.ts";
import { MarginalLikelihood } from "./_marginal_likelihood.ts";
import type { Observations } from "../core/search/observations.ts";
import { Perceptron } from "./numerics/perceptron.ts";

const HIDDEN_SIZES = [32, 32, 32, 32];
const MIN_NOISE = 1e-4;
/** The parameters after the perceptron's: softplus^-1 of three positive ones, and the mean. */
const LENGTHSCALE = 0, OUTPUTSCALE = 1, NOISE = 2, MEAN = 3, PROCESS_PARAMETERS = 4;

/** How the parameters are trained. */
export interface TrainingSettings {
  /** Largest number of full-batch steps. */
  epochs: number;
  /** Adam's learning rate. */
  learningRate: number;
  /** Stop after more than this many epochs in a row with a flat loss. */
  patience: number;
  /** A loss is flat when it changes by less than this. */
  lossTolerance: number;
}

/** A perceptron and a Gaussian process with an isotropic Matern-5/2 kernel on its features. */
export class DeepKernel {
  readonly #perceptron: Perceptron;
  readonly #parameters: Float64Array;

  /** A kernel for points of `dimension` coordinates; the perceptron's parameters, then the process's. */
  constructor(dimension: number, parameters: Float64Array) {
    this.#perceptron = new Perceptron([dimension, ...HIDDEN_SIZES]);
    this.#parameters = parameters.slice();
  }

  /** A kernel with random weights, and a process of scale and noise softplus(0) = log 2. */
  static initialize(dimension: number, random: Random): DeepKernel {
    const weights = new Perceptron([dimension, ...HIDDEN_SIZES]).initialize(random);
    const parameters = new Float64Array(weights.length + PROCESS_PARAMETERS);
    parameters.set(weights);
    return new DeepKernel(dimension, parameters);
  }

  /** The features of every row of `points` [m, d], flat [m, 32]. */
  features(points: Float64Array): Float64Array {
    return this.#perceptron.forward(this.#parameters, points).at(-1)!;
  }

  /** The process on the features given the observations; undefined as in {@linkcode GpPosterior}. */
  posterior(observations: Observations): GpPosterior | undefined {
    const x = this.features(observations.x), dimension = HIDDEN_SIZES.at(-1)!;
    const { lengthscale, outputscale, noise, mean } = this.#process();
    const lengthscales = new Float64Array(dimension).fill(lengthscale);
    return GpPosterior.condition({ ...observations, x, dimension }, {
      lengthscales,
      outputscale,
      noise,
      mean,
    });
  }

  /**
   * Minimizes -log marginal likelihood / n with Adam and keeps the best parameters seen.
   *
   * @returns the losses, one an epoch.
   */
  train(observations: Observations, settings: TrainingSettings): number[] {
    const gradient = new Float64Array(this.#parameters.length);
    const adam = new Adam(this.#parameters.length, settings.learningRate);
    const losses: number[] = [];
    let best = this.#parameters.slice(), bestLoss = Infinity, flat = 0;
    for (let epoch = 0; epoch < settings.epochs && flat <= settings.patience; epoch++) {
      const loss = this.loss(observations, gradient);
      if (!Number.isFinite(loss)) break;
      if (loss < bestLoss) [best, bestLoss] = [this.#parameters.slice(), loss];
      const change = Math.abs(loss - (losses.at(-1) ?? Infinity));
      flat = change <= settings.lossTolerance ? flat + 1 : 0;
      losses.push(loss);
      adam.step(this.#parameters, gradient);
    }
    this.#parameters.set(best);
    return losses;
  }

  /** -log marginal likelihood / n, with its gradient written into `gradient`; Infinity if undefined. */
  loss(observations: Observations, gradient: Float64Array): number {
    const { size: n, x, y } = observations, offset = this.#perceptron.parameterCount;
    const { lengthscale, outputscale, noise, mean } = this.#process();
    const activations = this.#perceptron.forward(this.#parameters, x), z = activations.at(-1)!;
    const size = z.length / n, likelihood = new MarginalLikelihood(n);
    const { covariance, weights, alpha } = likelihood;

    const distances = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) {
        const r = Math.sqrt(squaredDistance(z, i, z, k, size)) / lengthscale;
        distances[i * n + k] = r;
        covariance[i * n + k] = outputscale * matern52(r);
      }
      covariance[i * n + i] = outputscale + noise;
    }
    const correlations = covariance.map((v) => v / outputscale);
    const loss = likelihood.negativeLog(y.map((v) => v - mean));
    if (loss === Infinity) return loss;

    const zGradient = new Float64Array(n * size);
    let byOutputscale = 0, byLengthscale = 0, trace = 0, alphaSum = 0;
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) {
        const w = weights[i * n + k], r = distances[i * n + k]; // each pair stands for two
        byOutputscale -= w * correlations[i * n + k];
        const bySquare = -w * outputscale * matern52Slope(r); // by r^2
        byLengthscale -= 2 * bySquare * r * r / lengthscale;
        const scale = 2 * bySquare / (lengthscale * lengthscale * n);
        for (let j = 0; j < size; j++) {
          const change = scale * (z[i * size + j] - z[k * size + j]);
          zGradient[i * size + j] += change;
          zGradient[k * size + j] -= change;
        }
      }
      trace += weights[i * n + i];
      alphaSum += alpha[i];
    }
    this.#perceptron.backward(this.#parameters, activations, zGradient, gradient);
    const raw = (index: number) => logistic(this.#parameters[offset + index]); // d softplus
    gradient[offset + LENGTHSCALE] = byLengthscale * raw(LENGTHSCALE) / n;
    gradient[offset + OUTPUTSCALE] = (byOutputscale - 0.5 * trace) * raw(OUTPUTSCALE) / n;
    gradient[offset + NOISE] = -0.5 * trace * raw(NOISE) / n;
    gradient[offset + MEAN] = -alphaSum / n;
    return loss / n;
  }

  #process(): { lengthscale: number; outputscale: number; noise: number; mean: number } {
    const offset = this.#perceptron.parameterCount, parameters = this.#parameters;
    return {
      lengthscale: softplus(parameters[offset + LENGTHSCALE]),
      outputscale: softplus(parameters[offset + OUTPUTSCALE]),
      noise: MIN_NOISE + softplus(parameters[offset + NOISE]),
      mean: parameters[offset + MEAN],
    };
  }
}

function softplus(v: number): number {
  return Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
}

function logistic(v: number): number {
  return 1 / (1 + Math.exp(-v));
}

/** Adam (Kingma & Ba 2015, Algorithm 1) with its default moments. */
class Adam {
  readonly #rate: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #steps = 0;

  constructor(size: number, rate: number) {
    this.#rate = rate;
    this.#first = new Float64Array(size);
    this.#second = new Float64Array(size);
  }

  step(parameters: Float64Array, gradient: Float64Array): void {
    this.#steps++;
    const firstCorrection = 1 / (1 - 0.9 ** this.#steps);
    const secondCorrection = 1 / (1 - 0.999 ** this.#steps);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i];
      this.#first[i] += 0.1 * (g - this.#first[i]);
      this.#second[i] += 0.001 * (g * g - this.#second[i]);
      parameters[i] -= this.#rate * this.#first[i] * firstCorrection /
        (Math.sqrt(this.#second[i] * secondCorrection) + 1e-8);
    }
  }
}
