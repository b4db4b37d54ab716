/**
 * A network that is conditioned on a history, and samples from it.
 *
 * @module
 */
import { isNearAny } from "../search/distance.ts";
import { type BackendName, startBackend } from "./backend.ts";
import { denoise, type DenoiseOptions } from "./denoiser.ts";
import { contextBatchOf } from "./features.ts";
import type { History } from "./history.ts";
import type { Network } from "./network.ts";
import type { Parameters } from "./parameters.ts";
import type { Schedule } from "./schedule.ts";
import type { ContextEmbedding } from "./transformer.ts";

/** A network with the embedding of the one history that it is asked about. */
export interface Conditioned {
  /** The network. */
  network: Network;
  /** The embedding. */
  context: ContextEmbedding;
}

/**
 * Lends a network with a history encoded. TensorFlow.js is loaded here, with the first suggestion, and not when an
 * optimizer is imported.
 */
export async function withHistory<T>(
  model: { parameters: Parameters; schedule: Schedule },
  history: History,
  backend: BackendName,
  use: (conditioned: Conditioned) => Promise<T>,
): Promise<T> {
  await startBackend(backend);
  const { Network, release } = await import("./network.ts");
  const network = new Network(model.parameters, { schedule: model.schedule });
  let context: ContextEmbedding | undefined;
  try {
    context = network.encode(contextBatchOf([history]));
    return await use({ network, context });
  } finally {
    if (context !== undefined) release(context);
    network.dispose();
  }
}

/** Draws before a repeated point is accepted. */
const largestDraws = 4;

/** Samples that are no points tried before; if none is after four draws, those of the last one. */
export async function drawFresh(
  { network, context }: Conditioned,
  tried: readonly Float64Array[],
  options: DenoiseOptions,
): Promise<Float64Array[]> {
  let points: Float64Array[] = [];
  for (let draw = 0; draw < largestDraws; draw++) {
    points = rows(await denoise(network, context, options), context.dimension);
    const fresh = points.filter((point) => !isNearAny(point, tried));
    if (fresh.length > 0) return fresh;
  }
  return points;
}

/** The rows of a matrix of `width` columns. */
function rows(matrix: Float32Array, width: number): Float64Array[] {
  return Array.from(
    { length: matrix.length / width },
    (_, i) => Float64Array.from(matrix.subarray(i * width, (i + 1) * width)),
  );
}
