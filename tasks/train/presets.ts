/**
 * Settings of pre-trainings by name.
 *
 * @module
 */
import type { TrainingOptions } from "../../core/diffusion/training/training_settings.ts";

/** `further` and `transfer` go on from given weights, `smoke` shows in a minute that all works. */
export const trainingPresets: Readonly<
  Record<"full" | "further" | "transfer" | "smoke", TrainingOptions>
> = {
  full: {},
  further: {
    optimizer: { steps: 4_400, learningRate: 0.001, warmupSteps: 100 },
    ownHistories: { afterSteps: [0, 2_200], batches: 28 },
  },
  transfer: {
    optimizer: { steps: 1_500, learningRate: 0.001, warmupSteps: 100 },
    ownHistories: { afterSteps: [0, 750], batches: 12 },
    sampler: { improvementExponent: 6 },
  },
  smoke: {
    network: { width: 16, encoderBlocks: 1, decoderBlocks: 1 },
    optimizer: { steps: 200, learningRate: 0.004, warmupSteps: 20, averageDecay: 0.98 },
    sampler: { contexts: 8, contextSizes: { smallest: 3, largest: 20 } },
    ownHistories: { afterSteps: [150], batches: 2 },
  },
};
