/**
 * What a pre-training is made of. Equal settings give equal weights.
 *
 * @module
 */
import { type NetworkConfig, pretrainedConfig } from "../../core/diffusion/parameters.ts";
import type { PretrainingSamplerOptions } from "../../core/diffusion/training/pretraining_sampler.ts";
import type { TrainerOptions } from "../../core/diffusion/adamw.ts";

/** The settings of a pre-training. */
export interface TrainingSettings {
  /** Key of all randomness. */
  seed: number;
  /** Batches whose gradients are averaged in each step, computed side by side by the workers. */
  shards: number;
  /** The size of the network. */
  network: NetworkConfig;
  /** The optimizer and its schedule. */
  trainer: TrainerOptions;
  /** The synthetic tasks and the triples drawn from them. */
  sampler: PretrainingSamplerOptions;
  /**
   * After which steps the averaged weights search synthetic surfaces, to be trained on histories of their own from
   * then on, and how many batches of surfaces; a round replaces the one before.
   */
  ownHistories: { afterSteps: readonly number[]; batches: number };
  /** Weight of the head's cross-entropy in the loss. */
  headWeight: number;
}

/** Settings by name: `full` made the weights that are shipped, `smoke` shows in a minute that all works. */
export const trainingPresets: Readonly<Record<"full" | "smoke", TrainingSettings>> = {
  full: {
    seed: 1,
    shards: 2,
    network: pretrainedConfig,
    trainer: { steps: 9_500, learningRate: 0.0025 },
    sampler: {},
    ownHistories: { afterSteps: [2_500, 5_000, 7_500], batches: 64 },
    headWeight: 0.3,
  },
  smoke: {
    seed: 1,
    shards: 2,
    network: { ...pretrainedConfig, width: 16, encoderBlocks: 1, decoderBlocks: 1 },
    trainer: { steps: 200, learningRate: 0.004, warmupSteps: 20, averageDecay: 0.98 },
    sampler: { contexts: 8, contextSizes: { smallest: 3, largest: 20 } },
    ownHistories: { afterSteps: [150], batches: 2 },
    headWeight: 0.3,
  },
};
