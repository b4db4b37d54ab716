/**
 * What a training computes with tensors, as jobs of plain data, so that any of them can be done by another thread.
 *
 * @module
 */
import type { Observations } from "../../search/observations.ts";
import { Random } from "../../search/random.ts";
import { type BackendName, startBackend } from "../backend.ts";
import {
  evaluateLoss,
  type LossAndGradient,
  lossAndGradient,
  type LossOptions,
  type LossValue,
} from "../loss.ts";
import { Network } from "../network.ts";
import { Parameters } from "../parameters.ts";
import { scheduleOf } from "../schedule.ts";
import { makeOwnHistories, type OwnHistories } from "./own_histories.ts";
import { PretrainingSampler } from "./pretraining_sampler.ts";
import type { TrainingSettings } from "./training_settings.ts";

/** What every job is told. */
export interface TrainingJob {
  /** The settings of the training. */
  settings: TrainingSettings;
  /** The weights, in the layout of {@linkcode Parameters}. */
  values: Float32Array;
  /** Measured tables of the search space that is transferred to. @default {none} */
  tables?: readonly Observations[];
}

/** The gradient of a training batch, which is drawn by (seed, step, shard). */
export interface GradientJob extends TrainingJob {
  /** The step, from 0. */
  step: number;
  /** The batch of the step, from 0. */
  shard: number;
  /** Searches of the model's own, of which batches are drawn as well. */
  own: readonly OwnHistories[];
}

/** The loss of a held-out batch: those of an index are the same for every training. */
export interface HeldOutJob extends TrainingJob {
  /** Which batch, from 0. */
  index: number;
}

/** Searches of synthetic surfaces. */
export interface SearchJob extends TrainingJob {
  /** What is to be searched. */
  shape: Omit<OwnHistories, "x">;
}

/** Does the jobs of a training, some of them at once. Results depend on the job alone. */
export interface TrainingEngine {
  /** The loss and gradient of a training batch. */
  gradient(job: GradientJob): Promise<LossAndGradient>;
  /** The loss of a held-out batch. */
  heldOut(job: HeldOutJob): Promise<LossValue>;
  /** Lets the model search. */
  search(job: SearchJob): Promise<OwnHistories>;
}

/** Does the jobs in this thread, one after the other. */
export class LocalEngine implements TrainingEngine {
  readonly #backend: BackendName;
  #last: Promise<unknown> = Promise.resolve();

  /** Prepares an engine. @param backend Where tensors are computed. */
  constructor(backend: BackendName = "wasm") {
    this.#backend = backend;
  }

  /** See {@linkcode TrainingEngine}. */
  gradient({ settings, values, step, shard, own, tables }: GradientJob): Promise<LossAndGradient> {
    return this.#inTurn(async () => {
      const { seed, network } = settings;
      const batch = new PretrainingSampler(settings.sampler, tables).next(
        Random.of("training", seed, step, shard),
        // All shards of a step have the same d and n, so that no worker waits for another.
        { shape: Random.of("shape", seed, step), own },
      );
      return await lossAndGradient(new Parameters(network, values), batch, lossOf(settings));
    });
  }

  /** See {@linkcode TrainingEngine}. */
  heldOut({ settings, values, index, tables }: HeldOutJob): Promise<LossValue> {
    return this.#inTurn(async () => {
      const batch = new PretrainingSampler(settings.sampler, tables).next(
        Random.of("held-out", index),
      );
      return await evaluateLoss(new Parameters(settings.network, values), batch, lossOf(settings));
    });
  }

  /** See {@linkcode TrainingEngine}. */
  search({ settings, values, shape, tables }: SearchJob): Promise<OwnHistories> {
    return this.#inTurn(async () => {
      const network = new Network(new Parameters(settings.network, values), lossOf(settings));
      try {
        return await makeOwnHistories(network, shape, settings.sampler.task, tables);
      } finally {
        network.dispose();
      }
    });
  }

  /** As memory for all the jobs at once may not suffice. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => startBackend(this.#backend)).then(job);
    this.#last = result.catch(() => {});
    return result;
  }
}

function lossOf({ schedule, headWeight }: TrainingSettings): LossOptions {
  return { schedule: scheduleOf(schedule), headWeight };
}
