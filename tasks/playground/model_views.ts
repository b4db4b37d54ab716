/**
 * Looks into the model: how it denoises, what noise it predicts, what the order of a context matters.
 *
 * @module
 */
import { startBackend } from "../../core/diffusion/backend.ts";
import { denoise } from "../../core/diffusion/denoiser.ts";
import { contextBatchOf, type QueryBatch } from "../../core/diffusion/features.ts";
import { condense, type History, toHistory } from "../../core/diffusion/history.ts";
import type { Network } from "../../core/diffusion/network.ts";
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import { flagValues } from "../../core/diffusion/training_batch.ts";
import type { ContextEmbedding } from "../../core/diffusion/transformer.ts";
import { Random } from "../../core/search/random.ts";
import type {
  Condition,
  DenoiseRequest,
  Denoising,
  PermuteRequest,
  PredictNoiseRequest,
} from "./messages.ts";

/** Denoises samples of p(x | I, C) and keeps every step. */
export async function denoiseSamples(request: DenoiseRequest): Promise<Denoising> {
  const { samples, steps, seed } = request;
  const started = performance.now();
  const timesteps: number[] = [], frames: Float32Array[] = [];
  await withContext(await historyOf(request), (network, context) =>
    denoise(network, context, {
      random: Random.of("playground", seed),
      samples,
      steps,
      guidance: guidanceTowardsBetter(request),
      onStep: (t, z) => {
        timesteps.push(t);
        frames.push(z.slice());
      },
    }));
  return { timesteps, frames, seconds: (performance.now() - started) / 1000 };
}

/** eps_hat at the points, guided, [N, 2]. */
export async function predictGuidedNoise(request: PredictNoiseRequest): Promise<Float32Array> {
  return await guidedNoise(await historyOf(request), request);
}

/** The largest difference that the order of the context makes to eps_hat. */
export async function largestDifferenceWhenPermuted(request: PermuteRequest): Promise<number> {
  const history = await historyOf(request);
  const order = Random.of("permutation", request.seed).permutation(history.points.length);
  const permuted: History = {
    points: Array.from(order, (i) => history.points[i]),
    values: Float64Array.from(order, (i) => history.values[i]),
  };
  const before = await guidedNoise(history, request), after = await guidedNoise(permuted, request);
  return before.reduce((most, eps, i) => Math.max(most, Math.abs(eps - after[i])), 0);
}

/** The context as the network is shown it. */
async function historyOf({ context: { points, responses } }: Condition): Promise<History> {
  const { facts } = await pretrainedModel();
  return condense(toHistory(points, responses), facts.largestContext);
}

let loaded: Promise<Network> | undefined;

async function load(): Promise<Network> {
  await startBackend("wasm");
  const { Network } = await import("../../core/diffusion/network.ts");
  const { parameters, schedule } = await pretrainedModel();
  return new Network(parameters, { schedule });
}

/** Lends the network, which is kept, and the embedding of a history, which is not. */
async function withContext<T>(
  history: History,
  use: (network: Network, context: ContextEmbedding) => Promise<T>,
): Promise<T> {
  const network = await (loaded ??= load());
  const { release } = await import("../../core/diffusion/network.ts");
  const context = network.encode(contextBatchOf([history]));
  try {
    return await use(network, context);
  } finally {
    release(context);
  }
}

/**
 * The w' of eps_1 + w' (eps_1 - eps_0) that gives the wanted guidance: for I = 0, the guided noise
 * eps_0 + w (eps_0 - eps_1) is that of w' = -1 - w.
 */
function guidanceTowardsBetter({ improvementFlag, guidance }: Condition): number {
  return improvementFlag === 1 ? guidance : -1 - guidance;
}

async function guidedNoise(
  history: History,
  request: PredictNoiseRequest | PermuteRequest,
): Promise<Float32Array> {
  const { noisy, timestep } = request;
  return await withContext(history, async (network, context) => {
    const rows = noisy.length / context.dimension;
    const noiseFor = (flag: number): Promise<Float32Array> => {
      const queries: QueryBatch = {
        queries: rows,
        noisy,
        timestep: new Int32Array(rows).fill(timestep),
        improvementFlag: new Int32Array(rows).fill(flag),
      };
      return network.predictNoise(queries, context);
    };
    const better = await noiseFor(flagValues.better), worse = await noiseFor(flagValues.worse);
    const guidance = guidanceTowardsBetter(request);
    return better.map((eps, i) => eps + guidance * (eps - worse[i]));
  });
}
