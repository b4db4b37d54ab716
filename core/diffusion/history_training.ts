/**
 * Training on nothing but the observed history: the challenge's method to the letter.
 *
 * @module
 */
import type { History } from "./history.ts";
import { lossAndGradient } from "./loss.ts";
import { historyConfig, Parameters } from "./parameters.ts";
import { Random } from "../search/random.ts";
import { Sampler, type SamplerOptions } from "./sampler.ts";
import type { Schedule } from "./schedule.ts";
import { AdamW } from "./adamw.ts";

/** Settings of {@linkcode trainOnHistory}. */
export interface HistoryTrainingOptions {
  /** The noise schedule. */
  schedule: Schedule;
  /** Key of all randomness. @default {0} */
  seed?: number;
  /** Training steps. */
  steps: number;
  /** Peak learning rate. @default {0.005} */
  learningRate?: number;
  /** Weights to start from; they are not changed. @default {a small network, newly initialized} */
  start?: Parameters;
  /** Settings of the Sampler. */
  sampler?: SamplerOptions;
}

/** A trained network and how its training went. */
export interface HistoryTraining {
  /** The moving average of the weights. */
  parameters: Parameters;
  /** Eq. 2 on the batch of every step. */
  epsLosses: number[];
}

/**
 * Trains a network on triples (x, I, C) of one history by Eq. 2, every timestep weighted by 1.
 *
 * @throws {Error} when the gradient of every step is infinite or NaN, so that nothing was learned.
 */
export async function trainOnHistory(
  history: History,
  options: HistoryTrainingOptions,
): Promise<HistoryTraining> {
  const { schedule, seed = 0, steps, learningRate = 0.005 } = options;
  const start = options.start ??
    Parameters.initialize(historyConfig, Random.of("initialization", seed));
  const sampler = new Sampler(options.sampler);
  const random = Random.of("history training", seed);
  const trainer = new AdamW(start.values, {
    steps,
    learningRate,
    warmupSteps: Math.ceil(steps / 10),
    averageDecay: 0.9,
  });
  const parameters = new Parameters(start.config, trainer.values);
  const epsLosses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const batch = sampler.next(history, random);
    const { epsLoss, gradient } = await lossAndGradient(parameters, batch, {
      schedule,
      timestepWeight: "noise",
    });
    epsLosses.push(epsLoss);
    trainer.apply(gradient);
  }
  if (trainer.state.updates === 0) {
    throw new Error("Cannot train on the history as no step had a finite gradient");
  }
  return { parameters: new Parameters(start.config, trainer.average), epsLosses };
}
