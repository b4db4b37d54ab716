/**
 * The shipped model with a history, and what it generates from it.
 *
 * @module
 */
import { startBackend } from "../../core/diffusion/backend.ts";
import { denoise } from "../../core/diffusion/denoiser.ts";
import { Network, release } from "../../core/diffusion/network.ts";
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import { Random } from "../../core/search/random.ts";
import type { Context } from "./observed_tasks.ts";

/** Candidates generated from each history. */
export const candidateCount = 128;

/** Lends the shipped model with a history encoded. */
export async function withModel<T>(
  task: Context,
  use: (network: Network, context: ReturnType<Network["encode"]>) => Promise<T>,
): Promise<T> {
  await startBackend("wasm");
  const { parameters, schedule } = await pretrainedModel();
  const network = new Network(parameters, { schedule });
  const context = network.encode({
    contexts: 1,
    contextSize: task.points.length,
    dimension: task.points[0].length,
    contextX: Float32Array.from(task.points.flatMap((point) => [...point])),
    contextY: Float32Array.from(task.responses),
  });
  try {
    return await use(network, context);
  } finally {
    release(context);
    network.dispose();
  }
}

/** Rows of a batch on the centred scale, as points of the search space. */
export function pointsOf(z: Float32Array, dimension: number): Float64Array[] {
  return Array.from(
    { length: z.length / dimension },
    (_, i) =>
      Float64Array.from(z.subarray(i * dimension, (i + 1) * dimension), (value) => (value + 1) / 2),
  );
}

/** Candidates from a history. */
export async function generate(
  task: Context,
  { guidance, samples = candidateCount }: { guidance: number; samples?: number },
): Promise<Float64Array[]> {
  const random = Random.of("report", "candidates");
  const flat = await withModel(
    task,
    (network, context) => denoise(network, context, { random, samples, guidance }),
  );
  return pointsOf(flat.map((x) => 2 * x - 1), task.points[0].length);
}
