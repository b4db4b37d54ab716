import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "./_tensors.ts";
import { denoise } from "../../../core/diffusion/denoiser.ts";
import { type ContextBatch, pointStatuses } from "../../../core/diffusion/features.ts";
import { Network, release } from "../../../core/diffusion/network.ts";
import { noiseOfVelocity } from "../../../core/diffusion/noise_adder.ts";
import { pretrainedModel } from "../../../core/diffusion/pretrained.ts";
import { InputError } from "../../../core/search/errors.ts";
import { Random } from "../../../core/search/random.ts";
import { prototype } from "./_prototype.ts";
import { cosineSchedule } from "../../../core/diffusion/schedule.ts";

interface GoldenCase {
  n: number;
  D: number;
  N: number;
  X: number[];
  y: number[];
  context_tokens_sum: number;
  context_tokens_first: number[];
  col: number[];
  z_t: number[];
  t: number[];
  I: number[];
  v: number[];
  head_x: number[];
  head_logits: number[];
  loop: { z_T: number[]; guidance: number; noises: number[][]; x: number[] };
}

// The prototype's weights and outputs in PyTorch, float32: an independent implementation.
const folder = new URL("./goldens/", import.meta.url);
const { cases }: { cases: GoldenCase[] } = JSON.parse(
  await Deno.readTextFile(new URL("goldens.json", folder)),
);
const { parameters } = prototype;
await useBackend("wasm");

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) assertAlmostEquals(actual[i], expected[i], tolerance);
}

for (const golden of cases) {
  Deno.test(`the network agrees with the reference for n = ${golden.n}, d = ${golden.D}`, async () => {
    const { n, D: dimension, N: queries } = golden;
    const network = new Network(parameters, { schedule: cosineSchedule() });
    const context = network.encode({
      contexts: 1,
      contextSize: n,
      dimension,
      contextX: Float32Array.from(golden.X),
      contextY: Float32Array.from(golden.y),
    });
    const tokens = Float32Array.from(context.tokens.dataSync());
    assertAlmostEquals(tokens.reduce((a, b) => a + b, 0), golden.context_tokens_sum, 1e-2);
    assertClose(tokens.slice(0, 32), golden.context_tokens_first, 1e-4);
    assertClose(context.columns.dataSync(), golden.col, 1e-4);
    const batch = {
      queries,
      noisy: Float32Array.from(golden.z_t),
      timestep: Int32Array.from(golden.t),
      improvementFlag: Int32Array.from(golden.I),
    };
    assertClose(await network.predictVelocity(batch, context), golden.v, 1e-4);
    assertClose(
      await network.scoreImprovement(Float32Array.from(golden.head_x), context),
      golden.head_logits,
      1e-4,
    );
    const replay = [golden.loop.z_T, ...golden.loop.noises].flat();
    const points = await denoise(network, context, {
      random: { normal: () => replay.shift()! },
      samples: queries,
      steps: 4,
      guidance: golden.loop.guidance,
    });
    assertClose(points, golden.loop.x, 1e-4);
    release(context);
    network.dispose();
  });
}

/** A context of n random points, and queries to go with it. */
function example(n: number, dimension: number): { contexts: ContextBatch; noisy: Float32Array } {
  const random = Random.of("example", n, dimension);
  return {
    contexts: {
      contexts: 1,
      contextSize: n,
      dimension,
      contextX: Float32Array.from({ length: n * dimension }, () => random.uniform()),
      contextY: Float32Array.from({ length: n }, () => random.uniform()),
    },
    noisy: Float32Array.from({ length: 3 * dimension }, () => random.normal()),
  };
}

/** v and head logits of three queries at t = 900, 300, 10 with I = 1, 0, null. */
async function outputs(
  contexts: ContextBatch,
  noisy: Float32Array,
  of = parameters,
): Promise<Float32Array[]> {
  const network = new Network(of, { schedule: cosineSchedule() });
  const context = network.encode(contexts);
  const queries = {
    queries: 3,
    noisy,
    timestep: Int32Array.of(900, 300, 10),
    improvementFlag: Int32Array.of(1, 0, 2),
  };
  const clean = noisy.map((z) => 1 / (1 + Math.exp(-z)));
  const results = [
    await network.predictVelocity(queries, context),
    await network.scoreImprovement(clean, context),
  ];
  release(context);
  network.dispose();
  return results;
}

/** Rows (or their entries) of a matrix in another order. */
function permuteRows(x: Float32Array, order: Int32Array): Float32Array {
  const width = x.length / order.length;
  return Float32Array.from(
    x,
    (_, i) => x[order[Math.floor(i / width)] * width + (i % width)],
  );
}

function permuteColumns(x: Float32Array, order: Int32Array): Float32Array {
  return Float32Array.from(
    x,
    (_, i) => x[Math.floor(i / order.length) * order.length + order[i % order.length]],
  );
}

Deno.test("the order of a context's points changes nothing but rounding", async () => {
  const { contexts, noisy } = example(17, 6);
  const order = Random.of("order").permutation(17);
  const permuted = {
    ...contexts,
    contextX: permuteRows(contexts.contextX, order),
    contextY: permuteRows(contexts.contextY, order),
  };
  const [expected, actual] = [await outputs(contexts, noisy), await outputs(permuted, noisy)];
  assertClose(actual[0], expected[0], 2e-5);
  assertClose(actual[1], expected[1], 2e-5);
});

Deno.test("permuting the hyperparameters permutes the prediction and leaves the score", async () => {
  const { contexts, noisy } = example(9, 7);
  const order = Random.of("order").permutation(7);
  const permuted = { ...contexts, contextX: permuteColumns(contexts.contextX, order) };
  const expected = await outputs(contexts, noisy);
  const actual = await outputs(permuted, permuteColumns(noisy, order));
  assertClose(actual[0], permuteColumns(expected[0], order), 2e-5);
  assertClose(actual[1], expected[1], 2e-5);
});

Deno.test("for one search space the network answers as before, until it has learned to tell its columns apart", async () => {
  const { contexts, noisy } = example(9, 7);
  const own = parameters.forColumns(7);
  assertEquals(await outputs(contexts, noisy, own), await outputs(contexts, noisy));

  const random = Random.of("columns"), embeddings = own.view("ci");
  embeddings.forEach((_, i) => embeddings[i] = random.normal());
  const order = Int32Array.of(1, 2, 3, 4, 5, 6, 0);
  const permuted = { ...contexts, contextX: permuteColumns(contexts.contextX, order) };
  const [velocity, score] = await outputs(contexts, noisy, own);
  const [otherVelocity, otherScore] = await outputs(permuted, permuteColumns(noisy, order), own);
  const differs = (a: Float32Array, b: Float32Array) => a.some((v, i) => Math.abs(v - b[i]) > 0.01);
  assert(differs(otherVelocity, permuteColumns(velocity, order)));
  assert(differs(otherScore, score));
});

Deno.test("a network for one search space refuses another one", () => {
  const network = new Network(parameters.forColumns(7), { schedule: cosineSchedule() });
  assertThrows(
    () => network.encode(example(9, 6).contexts),
    InputError,
    "Cannot use these weights as the search space must be theirs, of 7 columns: got 6",
  );
  network.dispose();
});

Deno.test("padding behind a context changes nothing", async () => {
  const { contexts, noisy } = example(11, 5);
  const padded = {
    ...contexts,
    contextSize: 16,
    contextX: Float32Array.from({ length: 80 }, (_, i) => contexts.contextX[i] ?? 0.77),
    contextY: Float32Array.from({ length: 16 }, (_, i) => contexts.contextY[i] ?? 99),
    contextSizes: Int32Array.of(11),
  };
  const [expected, actual] = [await outputs(contexts, noisy), await outputs(padded, noisy)];
  assertClose(actual[0], expected[0], 2e-5);
  assertClose(actual[1], expected[1], 2e-5);
});

Deno.test("every query is answered as if it were alone, and every context as well", async () => {
  const { contexts, noisy } = example(8, 3);
  const other = example(8, 3).contexts.contextX.toReversed();
  const network = new Network(parameters, { schedule: cosineSchedule() });
  const one = network.encode(contexts);
  const two = network.encode({
    ...contexts,
    contexts: 2,
    contextX: Float32Array.of(...other, ...contexts.contextX),
    contextY: Float32Array.of(...contexts.contextY, ...contexts.contextY),
  });
  const queries = (rows: Float32Array) => ({
    queries: 1,
    noisy: rows,
    timestep: new Int32Array(rows.length / 3).fill(500),
    improvementFlag: new Int32Array(rows.length / 3).fill(1),
  });
  const alone = await network.predictVelocity(queries(noisy.subarray(0, 3)), one);
  const both = await network.predictVelocity(
    queries(Float32Array.of(...noisy.subarray(3, 6), ...noisy.subarray(0, 3))),
    two,
  );
  assertClose(both.subarray(3), alone, 2e-5);
  release(one);
  release(two);
  network.dispose();
});

Deno.test("responses enter relative to their best and scale", async () => {
  const { contexts, noisy } = example(12, 4);
  const shifted = { ...contexts, contextY: contexts.contextY.map((y) => 4 * y - 2) };
  assertClose((await outputs(shifted, noisy))[0], (await outputs(contexts, noisy))[0], 1e-3);
});

for (const [n, dimension] of [[1, 1], [2, 32], [60, 20]]) {
  Deno.test(`predictions are finite for n = ${n} and d = ${dimension}`, async () => {
    const { contexts, noisy } = example(n, dimension);
    for (const result of await outputs(contexts, noisy)) assert(result.every(Number.isFinite));
    contexts.contextY.fill(0.5); // a plateau
    for (const result of await outputs(contexts, noisy)) assert(result.every(Number.isFinite));
  });
}

Deno.test("the noise of the true velocity is the true noise", () => {
  const schedule = cosineSchedule();
  const clean = 0.3, eps = -1.2;
  const timestep = Int32Array.of(1, 500, 1000);
  const signal = [...timestep].map((t) => Math.sqrt(schedule.alphaBar[t]));
  const spread = [...timestep].map((t) => Math.sqrt(1 - schedule.alphaBar[t]));
  const noise = noiseOfVelocity({
    velocity: Float32Array.from(signal, (s, i) => s * eps - spread[i] * clean),
    noisy: Float32Array.from(signal, (s, i) => s * clean + spread[i] * eps),
    timestep,
  }, schedule);
  assertClose(noise, [eps, eps, eps], 1e-6);
});

Deno.test("a context size outside of the batch is refused", () => {
  const network = new Network(parameters, { schedule: cosineSchedule() });
  const { contexts } = example(4, 2);
  assertThrows(
    () => network.encode({ ...contexts, contextSizes: Int32Array.of(5) }),
    RangeError,
    "'contextSizes[0]' must be in 1..4: got 5",
  );
  network.dispose();
});

Deno.test("a worker computes the same bits", async () => {
  const { contexts, noisy } = example(20, 6);
  const here = await outputs(contexts, noisy);
  const worker = new Worker(new URL("./_network_worker.ts", import.meta.url), { type: "module" });
  const there = await new Promise<Float32Array>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage({ bytes: prototype.toSafetensors(), contexts, noisy });
  });
  worker.terminate();
  assertEquals(there, here[0]);
});

Deno.test("encoding and predicting leave no tensors behind", async () => {
  const { contexts, noisy } = example(5, 3);
  const before = tf.memory().numTensors;
  await outputs(contexts, noisy);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("failed and running points are told apart from measured ones, in any order", async () => {
  const { parameters, schedule } = await pretrainedModel();
  const network = new Network(parameters, { schedule });
  const { contexts, noisy } = example(6, 3);
  const predict = async (statuses: number[], order = [0, 1, 2, 3, 4, 5]) => {
    const of = (values: Float32Array, width: number) =>
      Float32Array.from(order.flatMap((i) => [...values.subarray(i * width, (i + 1) * width)]));
    const context = network.encode({
      ...contexts,
      contextX: of(contexts.contextX, 3),
      contextY: of(contexts.contextY, 1),
      contextStatus: Uint8Array.from(order, (i) => statuses[i]),
    });
    const velocity = await network.predictVelocity({
      queries: 3,
      noisy,
      timestep: Int32Array.of(900, 300, 10),
      improvementFlag: Int32Array.of(1, 0, 2),
    }, context);
    release(context);
    return velocity;
  };
  const difference = (a: Float32Array, b: Float32Array) =>
    Math.max(...a.map((value, i) => Math.abs(value - b[i])));
  const { measured, failed, running } = pointStatuses;
  const all = await predict(new Array(6).fill(measured));
  const withFailed = await predict([measured, measured, measured, failed, failed, failed]);
  const withRunning = await predict([measured, measured, measured, running, running, running]);
  assert(difference(all, withFailed) > 1e-3);
  assert(difference(withFailed, withRunning) > 1e-3);
  const mixed = [measured, failed, running, measured, running, failed];
  const permuted = await predict(mixed, [3, 5, 0, 4, 1, 2]);
  assert(difference(await predict(mixed), permuted) < 1e-4);
  network.dispose();
});
