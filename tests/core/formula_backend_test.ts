import { assertAlmostEquals } from "@std/assert";
import { startBackend } from "../../core/backend.ts";
import { lossAndGradient } from "../../core/loss.ts";
import { Network, release } from "../../core/network.ts";
import { Parameters } from "../../core/parameters.ts";
import { cosineSchedule } from "../../core/schedule.ts";
import type { TrainingBatch } from "../../core/training_batch.ts";

const folder = new URL("./goldens/", import.meta.url);
const parameters = Parameters.fromSafetensors(
  await Deno.readFile(new URL("prototype.safetensors", folder)),
);
const schedule = cosineSchedule();
await startBackend("cpu");

Deno.test("a backend without kernels of our own computes the same network", async () => {
  const { cases: [golden] } = JSON.parse(await Deno.readTextFile(new URL("goldens.json", folder)));
  const network = new Network(parameters, { schedule });
  const context = network.encode({
    contexts: 1,
    contextSize: golden.n,
    dimension: golden.D,
    contextX: Float32Array.from(golden.X),
    contextY: Float32Array.from(golden.y),
  });
  const velocity = await network.predictVelocity({
    queries: golden.N,
    noisy: Float32Array.from(golden.z_t),
    timestep: Int32Array.from(golden.t),
    improvementFlag: Int32Array.from(golden.I),
  }, context);
  velocity.forEach((value, i) => assertAlmostEquals(value, golden.v[i], 1e-4));
  release(context);
  network.dispose();
});

Deno.test("a backend without kernels of our own computes the same loss and gradient", async () => {
  const golden = JSON.parse(await Deno.readTextFile(new URL("loss.json", folder)));
  const batch: TrainingBatch = {
    ...golden,
    contextX: Float32Array.from(golden.contextX),
    contextY: Float32Array.from(golden.contextY),
    queryX: Float32Array.from(golden.queryX),
    improvementFlag: Int32Array.from(golden.improvementFlag),
    timestep: Int32Array.from(golden.timestep),
    noise: Float32Array.from(golden.noise),
    headX: Float32Array.from(golden.headX),
    headImprovement: Float32Array.from(golden.headImprovement),
  };
  const { loss, gradient } = await lossAndGradient(parameters, batch, { schedule });
  assertAlmostEquals(loss, golden.loss, 1e-5);
  const gradients = new Parameters(parameters.config, gradient);
  for (const { name } of gradients.layout) {
    const { norm } = golden.gradients[name];
    assertAlmostEquals(Math.hypot(...gradients.view(name)), norm, 1e-4 * norm + 1e-6, name);
  }
});
