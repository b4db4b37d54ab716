/**
 * What a pre-training is made of. Equal settings give equal weights.
 *
 * @module
 */
import { type AdamWOptions, adamWSettings } from "../adamw.ts";
import type { ModelFacts } from "../model.ts";
import { type NetworkConfig, pretrainedConfig } from "../parameters.ts";
import type { ScheduleName } from "../schedule.ts";
import { defaultHeadWeight } from "../training_batch.ts";
import {
  type PretrainingSamplerOptions,
  type PretrainingSamplerSettings,
  samplerSettings,
} from "./pretraining_sampler_settings.ts";

/** Options of {@linkcode trainingSettings}. */
export interface TrainingOptions {
  /** Key of all randomness. @default {1} */
  seed?: number;
  /** Checksum of the model that is trained further; null for a new one. @default {null} */
  start?: string | null;
  /** Names the measured tables that surfaces are fitted to; null for none. @default {null} */
  transfer?: string | null;
  /** Batches whose gradients are averaged in each step; they can be computed side by side. @default {2} */
  shards?: number;
  /** The noise schedule. @default {"cosine"} */
  schedule?: ScheduleName;
  /** The size of the network. @default {pretrainedConfig} */
  network?: Partial<NetworkConfig>;
  /** The optimizer and its schedule. @default {{ steps: 9500, learningRate: 0.0025, muonScale: 0.5 }} */
  optimizer?: Partial<AdamWOptions>;
  /** The synthetic tasks and the triples drawn from them. */
  sampler?: PretrainingSamplerOptions;
  /** Searches of the model's own. @default {{ afterSteps: [1500, 3500, 5500, 7500], batches: 32 }} */
  ownHistories?: OwnHistoriesSettings;
  /** Weight of the head's cross-entropy in the loss. @default {0.3} */
  headWeight?: number;
}

/**
 * After which steps the averaged weights search synthetic surfaces, to be trained on histories of their own from
 * then on, and how many batches of surfaces; a round replaces the one before.
 */
export interface OwnHistoriesSettings {
  /** Numbers of steps, ascending. */
  readonly afterSteps: readonly number[];
  /** Batches of surfaces. */
  readonly batches: number;
}

/** Settings of a training, no default left out: {@linkcode TrainingOptions}. */
export interface TrainingSettings extends Required<TrainingOptions> {
  /** The size of the network. */
  network: NetworkConfig;
  /** The optimizer and its schedule. */
  optimizer: Required<AdamWOptions>;
  /** The synthetic tasks and the triples drawn from them. */
  sampler: PretrainingSamplerSettings;
}

/** Fills in the defaults, which are those that made the weights of the package. */
export function trainingSettings(options: TrainingOptions = {}): TrainingSettings {
  const {
    seed = 1,
    start = null,
    transfer = null,
    shards = 2,
    schedule = "cosine",
    headWeight = defaultHeadWeight,
  } = options;
  return {
    seed,
    start,
    transfer,
    shards,
    schedule,
    network: { ...pretrainedConfig, ...options.network },
    optimizer: adamWSettings({
      steps: 9_500,
      learningRate: 0.0025,
      muonScale: 0.5,
      ...options.optimizer,
    }),
    sampler: samplerSettings(options.sampler),
    ownHistories: options.ownHistories ??
      { afterSteps: [1_500, 3_500, 5_500, 7_500], batches: 32 },
    headWeight,
  };
}

/** What a model of these settings says of its training. */
export function factsOf({ schedule, network, sampler }: TrainingSettings): ModelFacts {
  return {
    schedule,
    largestContext: sampler.contextSizes.largest,
    smallestDimension: network.columns ?? sampler.dimensions.smallest,
    largestDimension: network.columns ?? Math.max(
      sampler.dimensions.largest,
      sampler.mixedShare > 0 ? sampler.largestMixed : 0,
    ),
  };
}
