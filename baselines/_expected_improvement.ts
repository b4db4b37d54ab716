/**
 * Expected improvement of a Gaussian process posterior.
 *
 * @module
 */
import type { GpPosterior, PredictionWithGradient } from "./_gp_posterior.ts";
import { type LogH, logH } from "../core/numerics/normal.ts";

/** Options of {@linkcode ExpectedImprovement}. */
export interface ExpectedImprovementOptions {
  /**
   * Whether to take the logarithm (LogEI, Ament et al. 2023). It has the same maximum, and gradients
   * where expected improvement itself underflows to 0.
   * @default {true}
   */
  logarithm?: boolean;
}

/** Expected improvement over `best`. */
export class ExpectedImprovement {
  readonly #posterior: GpPosterior;
  readonly #best: number;
  readonly #logarithm: boolean;
  readonly #prediction: PredictionWithGradient;
  readonly #logH: LogH = { value: 0, cdfRatio: 0, densityRatio: 0 };

  constructor(posterior: GpPosterior, best: number, options: ExpectedImprovementOptions = {}) {
    this.#posterior = posterior;
    this.#best = best;
    this.#logarithm = options.logarithm ?? true;
    this.#prediction = {
      mean: 0,
      deviation: 0,
      meanGradient: new Float64Array(posterior.dimension),
      deviationGradient: new Float64Array(posterior.dimension),
    };
  }

  /** The value at every row of `points` [m, d]. */
  values(points: Float64Array): Float64Array {
    const values = new Float64Array(points.length / this.#posterior.dimension);
    const deviations = new Float64Array(values.length);
    this.#posterior.predict(points, values, deviations);
    for (let i = 0; i < values.length; i++) {
      values[i] = Math.log(deviations[i]) +
        logH((values[i] - this.#best) / deviations[i], this.#logH).value;
      if (!this.#logarithm) values[i] = Math.exp(values[i]);
    }
    return values;
  }

  /** The value at `point` [d]; its gradient is written into `gradient` [d]. */
  valueWithGradient(point: Float64Array, gradient: Float64Array): number {
    const prediction = this.#prediction;
    this.#posterior.predictWithGradient(point, prediction);
    const { mean, deviation, meanGradient, deviationGradient } = prediction;
    const { value, cdfRatio, densityRatio } = logH((mean - this.#best) / deviation, this.#logH);
    // EI = sigma h(z), d EI = Phi(z) d mu + phi(z) d sigma, d log EI = d EI / EI
    for (let j = 0; j < gradient.length; j++) {
      gradient[j] = (cdfRatio * meanGradient[j] + densityRatio * deviationGradient[j]) / deviation;
    }
    const logarithm = Math.log(deviation) + value;
    if (this.#logarithm) return logarithm;
    const improvement = Math.exp(logarithm);
    for (let j = 0; j < gradient.length; j++) gradient[j] *= improvement;
    return improvement;
  }
}
