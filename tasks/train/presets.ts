/**
 * Settings of pre-trainings by name.
 *
 * @module
 */
import type { TrainingOptions } from "../../core/diffusion/training/training_settings.ts";

/** `full` made the weights that are shipped, `smoke` shows in a minute that all works. */
export const trainingPresets: Readonly<Record<"full" | "smoke", TrainingOptions>> = {
  full: {},
  smoke: {
    network: { width: 16, encoderBlocks: 1, decoderBlocks: 1 },
    optimizer: { steps: 200, learningRate: 0.004, warmupSteps: 20, averageDecay: 0.98 },
    sampler: { contexts: 8, contextSizes: { smallest: 3, largest: 20 } },
    ownHistories: { afterSteps: [150], batches: 2 },
  },
};
