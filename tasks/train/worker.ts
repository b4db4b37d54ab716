/**
 * Worker of `deno task train`: gradients and held-out losses of synthetic batches.
 *
 * @module
 */
import { type BackendName, startBackend } from "../../core/diffusion/backend.ts";
import {
  evaluateLoss,
  lossAndGradient,
  type LossOptions,
  type LossValue,
} from "../../core/diffusion/loss.ts";
import { Parameters } from "../../core/diffusion/parameters.ts";
import type { OwnHistories } from "../../core/diffusion/training/own_histories.ts";
import { PretrainingSampler } from "../../core/diffusion/training/pretraining_sampler.ts";
import { Random } from "../../core/search/random.ts";
import { cosineSchedule } from "../../core/diffusion/schedule.ts";
import { serveJobs } from "../shared/pool.ts";
import type { TrainingSettings } from "./training_settings.ts";

/** One batch to compute. */
export interface TrainJob {
  settings: TrainingSettings;
  backend: BackendName;
  /** The weights, shared with the main thread. */
  values: Float32Array;
  /**
   * A training batch is drawn by (seed, step, shard) and the histories of the model's own, and its gradient written
   * to `gradient`; a held-out batch by its index, the same ones for every training.
   */
  batch:
    | {
      kind: "training";
      step: number;
      shard: number;
      gradient: Float32Array;
      own: readonly OwnHistories[];
    }
    | { kind: "held-out"; index: number };
}

const schedule = cosineSchedule();

serveJobs(async ({ settings, backend, values, batch }: TrainJob): Promise<LossValue> => {
  await startBackend(backend);
  const parameters = new Parameters(settings.network, values);
  const options: LossOptions = { schedule, headWeight: settings.headWeight };
  const sampler = new PretrainingSampler(settings.sampler);
  if (batch.kind === "held-out") {
    const random = Random.of("held-out", batch.index);
    return await evaluateLoss(parameters, sampler.next(random), options);
  }
  const { seed } = settings;
  const { step, shard, gradient: shared, own } = batch;
  const { gradient, ...value } = await lossAndGradient(
    parameters,
    // All shards of a step have the same d and n, so that no worker waits for another.
    sampler.next(Random.of("training", seed, step, shard), {
      shape: Random.of("shape", seed, step),
      own,
    }),
    options,
  );
  shared.set(gradient);
  return value;
});
