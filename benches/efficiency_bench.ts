/**
 * What makes suggestions and training fast, each against the way without it, in one run:
 * `deno run --allow-read --allow-write=docs/results benches/efficiency_bench.ts`. Writes the medians to
 * docs/results/speed.json, from which `deno task report` takes them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { GaussianProcess } from "../baselines/gaussian_process.ts";
import { HistorySearch } from "../core/diffusion/history_search.ts";
import { onBackend, startBackend } from "../core/diffusion/backend.ts";
import { DiffusionSearch } from "../core/diffusion/diffusion_search.ts";
import {
  axialBlock,
  axialBlockFormula,
  type AxialBlockInputs,
  type AxialBlockWeights,
} from "../core/diffusion/kernels/axial_block.ts";
import { Network, release } from "../core/diffusion/network.ts";
import { pretrainedConfig } from "../core/diffusion/parameters.ts";
import { pretrainedModel } from "../core/diffusion/pretrained.ts";
import type { Algorithm } from "../core/search/algorithm.ts";
import { Random } from "../core/search/random.ts";
import { warmUp } from "./_warm_up.ts";

const observations = 55, dimension = 16;
const random = Random.of("efficiency bench");
const x = Array.from({ length: observations }, () => random.point(dimension));
const y = Float64Array.from(x, (point) => -point.reduce((sum, v) => sum + (v - 0.3) ** 2, 0));

/** Median seconds of each when warm; the contestants take turns. */
async function medians(
  contestants: Record<string, () => unknown>,
  repeats: number,
): Promise<Record<string, number>> {
  const seconds: Record<string, number[]> = {};
  for (const run of Object.values(contestants)) await warmUp(run);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [name, run] of Object.entries(contestants)) {
      const start = performance.now();
      await run();
      (seconds[name] ??= []).push((performance.now() - start) / 1000);
    }
  }
  return Object.fromEntries(
    Object.entries(seconds).map(([name, all]) => [
      name,
      Number(all.sort((a, b) => a - b)[all.length >> 1].toPrecision(3)),
    ]),
  );
}

const suggestionOf = (algorithm: Algorithm) => () =>
  algorithm.observeAndSuggest({ points: x, responses: y });

await startBackend("wasm");
const suggestions = await medians({
  gp: suggestionOf(new GaussianProcess()),
  steps16: suggestionOf(new DiffusionSearch()),
  steps16Unguided: suggestionOf(new DiffusionSearch({ guidance: 0 })),
  steps16Best8: suggestionOf(new DiffusionSearch({ candidates: 8 })),
  steps64: suggestionOf(new DiffusionSearch({ denoisingSteps: 64 })),
  history: suggestionOf(new HistorySearch()),
}, 7);
const literal = await medians({
  steps1000: suggestionOf(new DiffusionSearch({ denoisingSteps: 1000 })),
}, 1);

const { parameters, schedule } = await pretrainedModel();
const network = new Network(parameters, { schedule });
const contexts = {
  contexts: 1,
  contextSize: observations,
  dimension,
  contextX: Float32Array.from(x.flatMap((point) => [...point])),
  contextY: Float32Array.from(y),
};
const queries = {
  queries: 2, // one sample, both flags
  noisy: Float32Array.from({ length: 2 * dimension }, () => random.normal()),
  timestep: new Int32Array(2).fill(500),
  improvementFlag: Int32Array.of(0, 1),
};
const denoisingSteps = 16;
/** The passes of a suggestion, after an encoding each or after a single one. */
const passes = (encodings: number) => async () => {
  for (let encoding = 0; encoding < encodings; encoding++) {
    const context = network.encode(contexts);
    for (let step = 0; step < denoisingSteps / encodings; step++) {
      await network.predictVelocity(queries, context);
    }
    release(context);
  }
};
const parts = await medians({
  encodedOnce: passes(1),
  encodedEveryStep: passes(denoisingSteps),
}, 9);

/** A block at the size of a pre-training step: 16 contexts of 30 points, 32 queries each. */
const { width, heads } = pretrainedConfig;
const [B, N, n, D] = [16, 32, 30, dimension];
const normal = (...shape: number[]): tf.Tensor => tf.randomNormal(shape, 0, 0.2, "float32", 1);
const weights: AxialBlockWeights = onBackend(() => ({
  n1: tf.ones([width]),
  n2: tf.ones([width]),
  q: normal(2 * width, width),
  kv: normal(4 * width, width),
  o: normal(width, 2 * width),
  m1: normal(2 * width, 2 * width),
  m1Bias: normal(2 * width),
  m2: normal(width, 2 * width),
  m2Bias: normal(width),
}));
const inputs: AxialBlockInputs = onBackend(() => ({
  tokens: normal(B, N, D, width) as tf.Tensor4D,
  keysAndValues: normal(B, n, D, 4 * width) as tf.Tensor4D,
  relevance: tf.abs(normal(B, N, D, heads)) as tf.Tensor4D,
  queryCoordinates: normal(B, N, D) as tf.Tensor3D,
  keyCoordinates: normal(B, n, D) as tf.Tensor3D,
  keyShare: tf.ones([B, N]),
  sizes: tf.fill([B], n, "int32") as tf.Tensor1D,
  keyMask: tf.zeros([B, 1, 1, n]),
}));
const forwardAndBackward = (block: typeof axialBlock) => async () => {
  const gradient = onBackend(() =>
    tf.tidy(() =>
      tf.grads((tokens, q) =>
        tf.sum(block({ ...weights, q }, { ...inputs, tokens: tokens as tf.Tensor4D }))
      )([inputs.tokens, weights.q])
    )
  );
  await gradient[0].data();
  tf.dispose(gradient);
};
const blocks = await medians({
  blockFused: forwardAndBackward(axialBlock),
  blockFormula: forwardAndBackward(axialBlockFormula),
}, 5);

const seconds = { ...suggestions, ...literal, ...parts, ...blocks };
const file = new URL("../docs/results/speed.json", import.meta.url);
await Deno.mkdir(new URL(".", file), { recursive: true });
const setting = { observations, dimension, block: { contexts: B, queries: N, points: n } };
await Deno.writeTextFile(file, JSON.stringify({ ...setting, seconds }, null, 2) + "\n");
console.table(seconds);
