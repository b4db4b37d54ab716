/**
 * The searches of the model's own that a training makes now and then, kept in a file beside its checkpoint.
 *
 * @module
 */
import { parseSafetensors, writeSafetensors } from "../../core/diffusion/safetensors.ts";
import type { BackendName } from "../../core/diffusion/backend.ts";
import { InputError } from "../../core/search/errors.ts";
import type { OwnHistories } from "../../core/diffusion/training/own_histories.ts";
import { PretrainingSampler } from "../../core/diffusion/training/pretraining_sampler.ts";
import { Random } from "../../core/search/random.ts";
import { readIfExists, writeAtomically } from "../../hpob/files/atomic.ts";
import type { OwnHistoriesJob } from "./own_histories_worker.ts";
import { WorkerPool } from "../shared/pool.ts";
import type { TrainingSettings } from "./training_settings.ts";

/** The searches of one round. */
export interface OwnHistoriesRound {
  /** The step after which they were made. */
  step: number;
  /** One element a batch; the points are shared with workers. */
  searches: readonly OwnHistories[];
}

/** Lets weights search as many batches of surfaces as the settings say, on so many workers. */
export async function searchSurfaces(
  settings: TrainingSettings,
  { step, values, backend, workers }: {
    step: number;
    values: Float32Array;
    backend: BackendName;
    workers: number;
  },
): Promise<OwnHistoriesRound> {
  const { seed, network, sampler: { contexts = 16, surface }, ownHistories } = settings;
  const sampler = new PretrainingSampler(settings.sampler);
  const pool = new WorkerPool<OwnHistoriesJob, OwnHistories>(
    new URL("./own_histories_worker.ts", import.meta.url),
    workers,
  );
  try {
    const searches = await Promise.all(
      Array.from({ length: ownHistories.batches }, (_, batch) => {
        const key = ["own histories", seed, step, batch];
        const dimension = sampler.drawDimension(Random.of(...key, "dimension"));
        return pool.run({ backend, network, values, shape: { key, contexts, dimension }, surface });
      }),
    );
    return { step, searches: searches.map(share) };
  } finally {
    pool.close();
  }
}

const format = "genhpo own histories 1";

function path(folder: string): string {
  return `${folder}/own_histories.safetensors`;
}

/** Keeps a round in the folder of its training, in place of an earlier one. */
export async function writeRound(folder: string, round: OwnHistoriesRound): Promise<void> {
  const tensors = round.searches.map(({ x }, i) => ({
    name: `${i}`,
    shape: [x.length],
    values: x,
  }));
  const shapes = round.searches.map(({ x: _, ...shape }) => shape);
  const metadata = { format, step: `${round.step}`, searches: JSON.stringify(shapes) };
  await writeAtomically(path(folder), writeSafetensors(tensors, metadata));
}

/** The round that a folder keeps, if any. @throws {InputError} when the file is damaged. */
export async function readRound(folder: string): Promise<OwnHistoriesRound | undefined> {
  const bytes = await readIfExists(path(folder));
  if (bytes === undefined) return undefined;
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata.format !== format) {
    throw new InputError(
      `Cannot continue the training as ${path(folder)} must be of format "${format}": ` +
        `got "${metadata.format ?? "no format"}"`,
    );
  }
  const shapes: Omit<OwnHistories, "x">[] = JSON.parse(metadata.searches);
  const searches = shapes.map((shape, i) => share({ ...shape, x: tensors.get(`${i}`)!.values }));
  return { step: Number(metadata.step), searches };
}

/** With its points in memory that workers see without copying. */
function share(searches: OwnHistories): OwnHistories {
  const x = new Float32Array(new SharedArrayBuffer(4 * searches.x.length));
  x.set(searches.x);
  return { ...searches, x };
}
