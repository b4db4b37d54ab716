import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { ContextBatch } from "../../../core/diffusion/features.ts";
import { Network, release } from "../../../core/diffusion/network.ts";
import { cosineSchedule } from "../../../core/diffusion/schedule.ts";
import { Random } from "../../../core/search/random.ts";
import { prototype } from "./_prototype.ts";
import { useBackend } from "./_tensors.ts";

await useBackend("wasm");

const contextSize = 9, dimension = 3, queries = 4;

/** Nine points in the plane of three hyperparameters. */
function exampleContext(): ContextBatch {
  const random = Random.of("attention");
  return {
    contexts: 1,
    contextSize,
    dimension,
    contextX: Float32Array.from({ length: contextSize * dimension }, () => random.uniform()),
    contextY: Float32Array.from({ length: contextSize }, () => random.uniform()),
  };
}

/** Attention of four queries, one row a query. */
async function attention(contexts: ContextBatch): Promise<Float32Array[]> {
  const random = Random.of("queries");
  const network = new Network(prototype.parameters, { schedule: cosineSchedule() });
  const context = network.encode(contexts);
  const shares = await network.attend({
    queries,
    noisy: Float32Array.from({ length: queries * dimension }, () => random.normal()),
    timestep: Int32Array.of(1000, 600, 200, 1),
    improvementFlag: Int32Array.of(1, 0, 1, 0),
  }, context);
  release(context);
  network.dispose();
  const n = contexts.contextSize;
  return Array.from({ length: queries }, (_, i) => shares.slice(i * n, (i + 1) * n));
}

Deno.test("the attention of every query is shared among the points of the context", async () => {
  for (const shares of await attention(exampleContext())) {
    assertAlmostEquals(shares.reduce((sum, share) => sum + share, 0), 1, 1e-5);
    assert(shares.every((share) => share > 0));
  }
});

Deno.test("padding behind a context gets no attention", async () => {
  const contexts = exampleContext(), size = 6;
  const alone = await attention({
    ...contexts,
    contextSize: size,
    contextX: contexts.contextX.slice(0, size * dimension),
    contextY: contexts.contextY.slice(0, size),
  });
  const padded = await attention({ ...contexts, contextSizes: Int32Array.of(size) });
  padded.forEach((shares, i) => {
    assertEquals([...shares.slice(size)], [0, 0, 0]);
    alone[i].forEach((share, k) => assertAlmostEquals(shares[k], share, 1e-5));
  });
});

Deno.test("the attention follows the points when they are given in another order", async () => {
  const contexts = exampleContext(), order = Random.of("order").permutation(contextSize);
  const before = await attention(contexts);
  const after = await attention({
    ...contexts,
    contextX: contexts.contextX.map((_, i) =>
      contexts.contextX[order[Math.floor(i / dimension)] * dimension + i % dimension]
    ),
    contextY: contexts.contextY.map((_, i) => contexts.contextY[order[i]]),
  });
  after.forEach((shares, i) =>
    shares.forEach((share, k) => assertAlmostEquals(share, before[i][order[k]], 1e-5))
  );
});

Deno.test("reading the attention leaves no tensors behind", async () => {
  const before = tf.memory().numTensors;
  await attention(exampleContext());
  assertEquals(tf.memory().numTensors, before);
});
