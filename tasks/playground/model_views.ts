/**
 * Looks into the model: how it denoises, what noise it predicts, where it looks, what the order of a context matters.
 *
 * @module
 */
import { denoise } from "../../core/diffusion/denoiser.ts";
import { contextBatchOf, type QueryBatch } from "../../core/diffusion/features.ts";
import { condense, type History, toHistory } from "../../core/diffusion/history.ts";
import type { Network } from "../../core/diffusion/network.ts";
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import { flagValues } from "../../core/diffusion/training_batch.ts";
import type { ContextEmbedding } from "../../core/diffusion/transformer.ts";
import { Random } from "../../core/search/random.ts";
import type {
  AttendRequest,
  Condition,
  DenoiseRequest,
  Denoising,
  PermuteRequest,
  PredictNoiseRequest,
  Queries,
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

/** Shares of the attention of every query that the points of the context get, [N, n]. */
export async function attentionToContext(request: AttendRequest): Promise<Float32Array> {
  const { context: { points } } = request;
  const history = await historyOf(request), shown = history.points.length;
  const flag = request.improvementFlag === 1 ? flagValues.better : flagValues.worse;
  const shares = await withContext(
    history,
    (network, context) => network.attend(queryBatch(request, flag), context),
  );
  const places = points.map((point) => history.points.indexOf(point)); // -1: it was not shown
  const rows = request.noisy.length / 2;
  return Float32Array.from({ length: rows * points.length }, (_, i) => {
    const place = places[i % points.length];
    return place < 0 ? 0 : shares[Math.floor(i / points.length) * shown + place];
  });
}

/** The largest difference that the order of the context makes to eps_hat. */
export async function largestDifferenceWhenPermuted(request: PermuteRequest): Promise<number> {
  const history = await historyOf(request);
  const order = Array.from(request.order, (i) => history.points.indexOf(request.context.points[i]))
    .filter((place) => place >= 0);
  const permuted: History = {
    points: order.map((place) => history.points[place]),
    values: Float64Array.from(order, (place) => history.values[place]),
  };
  const before = await guidedNoise(history, request), after = await guidedNoise(permuted, request);
  return before.reduce((most, eps, i) => Math.max(most, Math.abs(eps - after[i])), 0);
}

/** Makes a small prediction, so that a backend that does not work is found out at once. */
export async function warmUp(): Promise<void> {
  await predictGuidedNoise({
    kind: "predictNoise",
    context: { points: [Float64Array.of(0.5, 0.5)], responses: Float64Array.of(0) },
    improvementFlag: 1,
    guidance: 1,
    noisy: new Float32Array(2),
    timestep: 500,
  });
}

/** The context as the network is shown it. */
async function historyOf({ context: { points, responses } }: Condition): Promise<History> {
  const { facts } = await pretrainedModel();
  return condense(toHistory(points, responses), facts.largestContext);
}

let loaded: Promise<Network> | undefined;

async function load(): Promise<Network> {
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

/** The queries of a request, all with one value of I. */
function queryBatch({ noisy, timestep }: Queries, flag: number): QueryBatch {
  const queries = noisy.length / 2;
  return {
    queries,
    noisy,
    timestep: new Int32Array(queries).fill(timestep),
    improvementFlag: new Int32Array(queries).fill(flag),
  };
}

async function guidedNoise(history: History, request: Queries): Promise<Float32Array> {
  return await withContext(history, async (network, context) => {
    const noiseFor = (flag: number): Promise<Float32Array> =>
      network.predictNoise(queryBatch(request, flag), context);
    const better = await noiseFor(flagValues.better), worse = await noiseFor(flagValues.worse);
    const guidance = guidanceTowardsBetter(request);
    return better.map((eps, i) => eps + guidance * (eps - worse[i]));
  });
}
