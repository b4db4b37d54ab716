/**
 * The training loop's arithmetic on flat vectors: gradient clipping, AdamW (and Muon for matrices),
 * learning-rate schedule and a moving average of the weights. It knows nothing of diffusion or of tensors.
 *
 * @module
 */
import { type MatrixPart, muonDirections, muonMomentum } from "./muon.ts";

/** Settings of {@linkcode AdamW}. */
export interface AdamWOptions {
  /** Number of steps of the whole run, over which the learning rate falls. */
  steps: number;
  /** Peak learning rate. @default {0.002} */
  learningRate?: number;
  /** Steps of linear warm-up. @default {200} */
  warmupSteps?: number;
  /** Learning rate at the end, as a share of the peak. @default {0.02} */
  finalLearningRate?: number;
  /** Decay rates of AdamW's two moments. @default {[0.9, 0.98]} */
  betas?: readonly [number, number];
  /** Decoupled weight decay (Loshchilov & Hutter 2019). @default {0.0001} */
  weightDecay?: number;
  /** Largest Euclidean norm of a gradient; larger ones are scaled down. @default {1} */
  gradientClip?: number;
  /** Decay of the weights' moving average; it starts lower, as (step + 1) / (step + 20). @default {0.998} */
  averageDecay?: number;
  /**
   * Root mean square of the elements of a matrix's step, in learning rates, where it is Muon's; 0 leaves matrices to
   * AdamW, whose steps have about 0.2 to 0.4.
   * @default {0}
   */
  muonScale?: number;
}

/** Fills in the defaults, so that what a training was made with can be stored. */
export function adamWSettings(options: AdamWOptions): Required<AdamWOptions> {
  return {
    learningRate: 0.002,
    warmupSteps: 200,
    finalLearningRate: 0.02,
    betas: [0.9, 0.98],
    weightDecay: 0.0001,
    gradientClip: 1,
    averageDecay: 0.998,
    muonScale: 0,
    ...options,
  };
}

/** What a step did. */
export interface StepReport {
  /** Euclidean norm of the gradient before clipping. */
  gradientNorm: number;
  /** Learning rate of this step. */
  learningRate: number;
  /** False when the gradient was not finite and the step was skipped. */
  applied: boolean;
}

/** Everything that is needed to continue a training exactly where it stopped. */
export interface AdamWState {
  /** Steps taken so far. */
  step: number;
  /** Steps that changed the weights; fewer than `step` where gradients were not finite. */
  updates: number;
  /** The weights. */
  values: Float32Array;
  /** Their moving average. */
  average: Float32Array;
  /** Moving average of the gradient; of a matrix that Muon steps, by Muon's decay. */
  firstMoment: Float32Array;
  /** Moving average of the squared gradient. */
  secondMoment: Float32Array;
}

/** AdamW with warm-up and cosine decay on one flat vector of weights, plus their moving average. */
export class AdamW {
  readonly #options: Required<AdamWOptions>;
  readonly #state: AdamWState;
  readonly #matrices: readonly MatrixPart[];

  /**
   * @param start Initial weights (copied), or the state of an earlier training to continue.
   * @param options Settings; to continue exactly, the same as before.
   * @param matrices What Muon steps, where `muonScale` is not 0.
   */
  constructor(
    start: Float32Array | AdamWState,
    options: AdamWOptions,
    matrices: readonly MatrixPart[] = [],
  ) {
    this.#options = adamWSettings(options);
    this.#matrices = this.#options.muonScale > 0 ? matrices : [];
    this.#state = start instanceof Float32Array
      ? {
        step: 0,
        updates: 0,
        values: start.slice(),
        average: start.slice(),
        firstMoment: new Float32Array(start.length),
        secondMoment: new Float32Array(start.length),
      }
      : start;
  }

  /** Steps taken so far. */
  get step(): number {
    return this.#state.step;
  }

  /** Current weights, changed in place by {@linkcode AdamW.apply}. */
  get values(): Float32Array {
    return this.#state.values;
  }

  /** Exponential moving average of the weights: the ones to use. */
  get average(): Float32Array {
    return this.#state.average;
  }

  /** The live state, to be saved. */
  get state(): Readonly<AdamWState> {
    return this.#state;
  }

  /** The learning rate of a step, counted from 0: linear warm-up, cosine decay to its final share. */
  learningRateAt(step: number): number {
    const { learningRate, warmupSteps, finalLearningRate, steps } = this.#options;
    const warmup = Math.min(1, (step + 1) / Math.max(1, warmupSteps));
    const cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, step / steps)));
    return learningRate * warmup * (cosine * (1 - finalLearningRate) + finalLearningRate);
  }

  /** Takes one step along `gradient`, which is not changed. A gradient that is not finite is skipped. */
  apply(gradient: Float32Array): StepReport {
    const state = this.#state;
    const { betas: [beta1, beta2], weightDecay, gradientClip, averageDecay } = this.#options;
    const learningRate = this.learningRateAt(state.step);
    let squares = 0;
    for (const g of gradient) squares += g * g;
    const gradientNorm = Math.sqrt(squares);
    const applied = Number.isFinite(gradientNorm);
    if (applied) {
      const scale = Math.min(1, gradientClip / (gradientNorm + 1e-6));
      state.updates++;
      const correction1 = 1 - beta1 ** state.updates;
      const correction2 = Math.sqrt(1 - beta2 ** state.updates);
      const keep = Math.min(averageDecay, (state.step + 1) / (state.step + 20));
      const { values, average, firstMoment, secondMoment } = state;
      const directions = this.#stepMatrices(gradient, scale);
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i] * scale;
        let direction = directions[i];
        if (Number.isNaN(direction)) {
          const first = beta1 * firstMoment[i] + (1 - beta1) * g;
          const second = beta2 * secondMoment[i] + (1 - beta2) * g * g;
          firstMoment[i] = first;
          secondMoment[i] = second;
          direction = (first / correction1) / (Math.sqrt(second) / correction2 + 1e-8);
        }
        const value = values[i] * (1 - learningRate * weightDecay) - learningRate * direction;
        values[i] = value;
        average[i] = keep * average[i] + (1 - keep) * value;
      }
    }
    state.step++;
    return { gradientNorm, learningRate, applied };
  }

  /** Muon's directions of the matrices, whose moments it updates; NaN elsewhere. */
  #stepMatrices(gradient: Float32Array, scale: number): Float64Array {
    const { firstMoment } = this.#state;
    const lookahead = new Float64Array(gradient.length);
    for (const { offset, rows, columns } of this.#matrices) {
      for (let i = offset; i < offset + rows * columns; i++) {
        const g = (1 - muonMomentum) * gradient[i] * scale;
        firstMoment[i] = muonMomentum * firstMoment[i] + g;
        lookahead[i] = muonMomentum * firstMoment[i] + g;
      }
    }
    return muonDirections(lookahead, this.#matrices, this.#options.muonScale);
  }
}
