import { assertAlmostEquals } from "@std/assert";
import { startBackend } from "../../../core/diffusion/backend.ts";
import { lossAndGradient } from "../../../core/diffusion/loss.ts";
import { Network, release } from "../../../core/diffusion/network.ts";
import { Parameters } from "../../../core/diffusion/parameters.ts";
import { cosineSchedule } from "../../../core/diffusion/schedule.ts";
import { golden, goldenBatch } from "./_golden_batch.ts";
import { prototype } from "./_prototype.ts";

const folder = new URL("./goldens/", import.meta.url);
const { parameters } = prototype;
const schedule = cosineSchedule();
await startBackend("cpu");

Deno.test("a backend without kernels of our own computes the same network", async () => {
  const { cases: [inference] } = JSON.parse(
    await Deno.readTextFile(new URL("goldens.json", folder)),
  );
  const network = new Network(parameters, { schedule });
  const context = network.encode({
    contexts: 1,
    contextSize: inference.n,
    dimension: inference.D,
    contextX: Float32Array.from(inference.X),
    contextY: Float32Array.from(inference.y),
  });
  const velocity = await network.predictVelocity({
    queries: inference.N,
    noisy: Float32Array.from(inference.z_t),
    timestep: Int32Array.from(inference.t),
    improvementFlag: Int32Array.from(inference.I),
  }, context);
  velocity.forEach((value, i) => assertAlmostEquals(value, inference.v[i], 1e-4));
  release(context);
  network.dispose();
});

Deno.test("a backend without kernels of our own computes the same loss and gradient", async () => {
  const { loss, gradient } = await lossAndGradient(parameters, goldenBatch, { schedule });
  assertAlmostEquals(loss, golden.loss, 1e-5);
  const gradients = new Parameters(parameters.config, gradient);
  for (const { name } of gradients.layout) {
    const { norm } = golden.gradients[name];
    assertAlmostEquals(Math.hypot(...gradients.view(name)), norm, 1e-4 * norm + 1e-6, name);
  }
});
