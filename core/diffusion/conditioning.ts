/**
 * A network that is conditioned on a history, and samples from it.
 *
 * @module
 */
import { isNearAny } from "../search/distance.ts";
import { type BackendName, startBackend } from "./backend.ts";
import {
  type ContextShape,
  denoise,
  type DenoiseOptions,
  type VelocityPredictor,
} from "./denoiser.ts";
import { contextBatchOf } from "./features.ts";
import type { History } from "./history.ts";
import type { ImprovementScorer } from "./improvement_score.ts";
import type { Network } from "./network.ts";
import type { Parameters } from "./parameters.ts";
import type { Schedule } from "./schedule.ts";
import type { ContextEmbedding } from "./transformer.ts";

/** A network with the one history that it is asked about. */
export interface Conditioned {
  /** The network, which knows its context. */
  network: VelocityPredictor<ContextShape> & ImprovementScorer<ContextShape>;
  /** The shape of the context. */
  context: ContextShape;
}

/** The weights of a network and its noise schedule. */
export interface HostedModel {
  /** The weights. */
  readonly parameters: Parameters;
  /** The table of the noise schedule. */
  readonly schedule: Schedule;
  /**
   * Whether these weights will be used again: their network is kept then, for as long as the weights are in memory,
   * and does not see later changes of them.
   * @default {false}
   */
  readonly keep?: boolean;
}

/** Where networks run: lends one that is conditioned on a history. */
export interface NetworkHost {
  /**
   * Lends a network for the time that `use` takes.
   *
   * @internal
   */
  lend<T>(
    model: HostedModel,
    history: History,
    use: (conditioned: Conditioned) => Promise<T>,
  ): Promise<T>;
}

/** Lends a network to one history at a time. */
export function hostOn(backend: BackendName): NetworkHost {
  return { lend: (model, history, use) => withHistory(model, history, backend, use) };
}

/**
 * Lends a network with a history encoded. TensorFlow.js is loaded here, with the first suggestion, and not when an
 * optimizer is imported.
 */
export async function withHistory<T>(
  model: HostedModel,
  history: History,
  backend: BackendName,
  use: (conditioned: Conditioned) => Promise<T>,
): Promise<T> {
  await startBackend(backend);
  const { Network, release } = await import("./network.ts");
  const { parameters, schedule, keep = false } = model;
  const kept = keptNetworks.get(parameters);
  const network = kept?.schedule.name === schedule.name
    ? kept
    : new Network(parameters, { schedule });
  if (keep && kept === undefined) {
    keptNetworks.set(parameters, network);
    forgotten.register(parameters, network);
  }
  let context: ContextEmbedding | undefined;
  try {
    const encoded = context = network.encode(contextBatchOf([history]));
    const conditioned: Conditioned = {
      network: {
        schedule,
        predictVelocity: (queries) => network.predictVelocity(queries, encoded),
        scoreImprovement: (points) => network.scoreImprovement(points, encoded),
      },
      context: encoded,
    };
    return await use(conditioned);
  } finally {
    if (context !== undefined) release(context);
    if (keptNetworks.get(parameters) !== network) network.dispose();
  }
}

const keptNetworks = new WeakMap<Parameters, Network>();
/** Frees the tensors of a kept network when nothing has its weights any more. */
const forgotten = new FinalizationRegistry((network: Network) => network.dispose());

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
