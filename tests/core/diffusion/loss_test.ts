import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "./_tensors.ts";
import { improvementBin } from "../../../core/diffusion/improvement_bins.ts";
import { evaluateLoss, lossAndGradient } from "../../../core/diffusion/loss.ts";
import { Parameters } from "../../../core/diffusion/parameters.ts";
import { cosineSchedule } from "../../../core/diffusion/schedule.ts";
import type { TrainingBatch } from "../../../core/diffusion/training_batch.ts";
import { golden, goldenBatch } from "./_golden_batch.ts";
import { prototype } from "./_prototype.ts";

const { parameters } = prototype;
const batch = goldenBatch;
const withoutHead: TrainingBatch = {
  ...batch,
  headQueries: 0,
  headX: new Float32Array(),
  headImprovement: new Float32Array(),
};
const schedule = cosineSchedule();
await useBackend("wasm");

Deno.test("loss and gradient agree with PyTorch", async () => {
  const { loss, epsLoss, headLoss, gradient } = await lossAndGradient(parameters, batch, {
    schedule,
  });
  assertAlmostEquals(loss, golden.loss, 1e-5);
  assertAlmostEquals(epsLoss, golden.epsLoss, 1e-5);
  assertAlmostEquals(headLoss, golden.headLoss, 1e-5);
  const gradients = new Parameters(parameters.config, gradient);
  assertEquals(gradients.layout.length, Object.keys(golden.gradients).length);
  for (const { name } of gradients.layout) {
    const { norm, first } = golden.gradients[name];
    const view = gradients.view(name);
    assertAlmostEquals(Math.hypot(...view), norm, 1e-4 * norm + 1e-6, name);
    first.forEach((value: number, i: number) =>
      assertAlmostEquals(view[i], value, 1e-4 * norm + 1e-6, name)
    );
  }
});

Deno.test("the gradient of the columns' embeddings is that of the loss", async () => {
  const own = parameters.forColumns(batch.dimension), embeddings = own.view("ci");
  const { gradient } = await lossAndGradient(own, batch, { schedule });
  const direction = new Parameters(own.config, gradient).view("ci").slice();
  const squared = direction.reduce((sum, g) => sum + g * g, 0), step = 0.003 / squared;
  const lossAt = async (distance: number): Promise<number> => {
    direction.forEach((g, i) => embeddings[i] = distance * g);
    return (await evaluateLoss(own, batch, { schedule })).loss;
  };
  const slope = (await lossAt(step) - await lossAt(-step)) / (2 * step);
  assertAlmostEquals(slope / squared, 1, 0.05);
});

Deno.test("the loss is the same with and without its gradient", async () => {
  const { gradient: _, ...value } = await lossAndGradient(parameters, batch, { schedule });
  assertEquals(await evaluateLoss(parameters, batch, { schedule }), value);
});

Deno.test("with weight 1 for every timestep the loss is Eq. 2", async () => {
  const { loss, epsLoss, headLoss } = await lossAndGradient(parameters, withoutHead, {
    schedule,
    timestepWeight: "noise",
  });
  assertAlmostEquals(loss, epsLoss, 1e-6);
  assertEquals(headLoss, 0);
});

Deno.test("without queries of the head, its weights have no gradient", async () => {
  const { gradient } = await lossAndGradient(parameters, withoutHead, { schedule });
  const gradients = new Parameters(parameters.config, gradient);
  assert(gradients.view("hd.0.weight").every((value) => value === 0));
  assert(gradients.view("out.weight").some((value) => value !== 0));
});

Deno.test("the loss by timestep adds up to Eq. 2", async () => {
  const { epsLoss, byTimestep } = await evaluateLoss(parameters, batch, { schedule });
  assertEquals([...byTimestep.count], [2, 1, 0, 0, 1, 0, 0, 1, 0, 1]); // t = 1 40 200 500 800 1000
  const total = byTimestep.sum.reduce((a, b) => a + b, 0);
  assertAlmostEquals(total / 6, epsLoss, 1e-12);
});

Deno.test("bins of graded improvement grow with it, and a tie is no improvement", () => {
  assertEquals(improvementBin(0, 48), 23);
  assertEquals(improvementBin(1e-7, 48), 23);
  assertEquals(improvementBin(1e-5, 48), 24);
  assertEquals(improvementBin(-1e9, 48), 0);
  assertEquals(improvementBin(1e9, 48), 47);
});

Deno.test("training steps leave no tensors behind", async () => {
  await lossAndGradient(parameters, batch, { schedule });
  const before = tf.memory().numTensors;
  await lossAndGradient(parameters, batch, { schedule });
  await lossAndGradient(parameters, withoutHead, { schedule });
  await evaluateLoss(parameters, batch, { schedule });
  assertEquals(tf.memory().numTensors, before);
});
