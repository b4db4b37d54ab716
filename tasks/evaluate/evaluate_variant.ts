/**
 * All runs of one variant of diffusion search, in lockstep.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import {
  DiffusionSearch,
  type DiffusionSearchOptions,
} from "../../core/diffusion/diffusion_search.ts";
import { LockstepHost } from "../../core/diffusion/lockstep.ts";
import type { Model } from "../../core/diffusion/model.ts";
import { deriveSeed } from "../../core/search/random.ts";
import type { HpobHandler } from "../../hpob/handler.ts";
import { runContinuous } from "../../hpob/protocol.ts";
import { inBatches } from "../shared/in_batches.ts";

/** What is evaluated. */
export interface Variant {
  /** What tables call it. */
  name: string;
  /** Settings of the search. */
  options: DiffusionSearchOptions;
  /** The weights. */
  model: Model;
}

/** The runs of a variant. */
export interface Evaluated {
  /** That of the variant. */
  name: string;
  /** By search space. */
  spaces: { name: string; runs: { name: string; regrets: number[] }[] }[];
}

/** Which runs, and how long. */
export interface EvaluationOptions {
  /** Keys of the randomness: each gives every run once more. */
  keys: readonly number[];
  /** Trials of a run. */
  trials: number;
  /** Suggestions that are made before the response of the first of them is known. */
  batch: number;
  /** Where tensors are computed. */
  backend: BackendName;
}

/** Runs a variant on all data sets of some benchmarks. */
export async function evaluate(
  { name, options, model }: Variant,
  handlers: readonly HpobHandler[],
  { keys, trials, batch, backend }: EvaluationOptions,
): Promise<Evaluated> {
  await using host = new LockstepHost(backend);
  const spaces: Evaluated["spaces"] = [];
  for (const handler of handlers) {
    for (const searchSpaceId of handler.searchSpaces()) {
      const runs = keys.flatMap((key) =>
        handler.datasets(searchSpaceId).flatMap((datasetId) =>
          handler.seeds().map((seed) => ({ key, datasetId, seed }))
        )
      );
      // All at once: the host answers what they ask at the same moment in one pass.
      const evaluated = await Promise.all(runs.map(async ({ key, datasetId, seed }) => {
        const of = { searchSpaceId, datasetId, seed };
        const search = new DiffusionSearch({
          ...options,
          seed: deriveSeed(key, searchSpaceId, datasetId, seed),
          model,
          host,
        });
        const { task, start } = await handler.continuousTask(of);
        const batched = inBatches(search, batch, start.points.length);
        const { incumbents } = await runContinuous(batched, { task, start, trials });
        return {
          name: `${key}/${datasetId}/${seed}`,
          regrets: incumbents.map((incumbent) => 1 - incumbent),
        };
      }));
      spaces.push({ name: searchSpaceId, runs: evaluated });
    }
  }
  return { name, spaces };
}
