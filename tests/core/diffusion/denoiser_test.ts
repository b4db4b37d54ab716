import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "./_tensors.ts";
import { ancestralStep, denoise, literalStep } from "../../../core/diffusion/denoiser.ts";
import { Network, release } from "../../../core/diffusion/network.ts";
import { addNoise } from "../../../core/diffusion/noise_adder.ts";
import { historyConfig, Parameters } from "../../../core/diffusion/parameters.ts";
import { Random } from "../../../core/search/random.ts";
import { prototype } from "./_prototype.ts";
import { cosineSchedule, linearSchedule } from "../../../core/diffusion/schedule.ts";
import type { ContextEmbedding } from "../../../core/diffusion/transformer.ts";

await useBackend("wasm");

const random = Random.of("denoiser");
const x = Float32Array.from({ length: 12 }, () => random.uniform());
const noise = Float32Array.from({ length: 12 }, () => random.normal());
const centred = x.map((value) => 2 * value - 1);
/** Rows of `x` as three points in four dimensions, noised to t with `noise`. */
const noisedTo = (t: number, schedule: ReturnType<typeof linearSchedule>): Float32Array =>
  addNoise({ x, timestep: new Int32Array(3).fill(t), noise, dimension: 4 }, schedule);

function assertClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], tolerance));
}

for (const schedule of [linearSchedule(), cosineSchedule()]) {
  Deno.test(`with the true noise, the last step of the ${schedule.name} schedule returns x_0`, () => {
    const z = noisedTo(1, schedule);
    assertClose(literalStep({ z, eps: noise, t: 1 }, schedule), centred, 1e-5);
    const alphaBar = schedule.alphaBar[1];
    const velocity = noise.map((eps, i) =>
      Math.sqrt(alphaBar) * eps - Math.sqrt(1 - alphaBar) * centred[i]
    );
    assertClose(ancestralStep({ z, velocity, t: 1, next: 0 }, schedule), centred, 1e-5);
  });
}

Deno.test("an ancestral step by one is the posterior of Ho et al., Eq. 7", () => {
  const schedule = linearSchedule();
  const t = 400;
  const z = noisedTo(t, schedule);
  const alphaBar = schedule.alphaBar[t], previous = schedule.alphaBar[t - 1];
  const velocity = noise.map((eps, i) =>
    Math.sqrt(alphaBar) * eps - Math.sqrt(1 - alphaBar) * centred[i]
  );
  const beta = schedule.beta[t];
  const deviation = Math.sqrt(((1 - previous) / (1 - alphaBar)) * beta);
  const mean = z.map((value, i) =>
    (Math.sqrt(previous) * beta / (1 - alphaBar)) * centred[i] +
    (Math.sqrt(1 - beta) * (1 - previous) / (1 - alphaBar)) * value
  );
  const zero = new Float32Array(12), one = new Float32Array(12).fill(1);
  const step = { z, velocity, t, next: t - 1 };
  assertClose(ancestralStep({ ...step, noise: zero }, schedule), mean, 1e-4);
  assertClose(
    ancestralStep({ ...step, noise: one }, schedule),
    mean.map((value) => value + deviation),
    1e-4,
  );
});

Deno.test("an ancestral step clips the predicted point to the box", () => {
  const schedule = cosineSchedule();
  const z = Float32Array.of(0.5, -0.5);
  const velocity = Float32Array.of(-100, 100); // far outside
  assertEquals([...ancestralStep({ z, velocity, t: 500, next: 0 }, schedule)], [1, -1]);
});

/** A network with random output weights, and a context of five points. */
function network(): { network: Network; context: ContextEmbedding } {
  const parameters = Parameters.initialize(historyConfig, Random.of("network"));
  const normals = Random.of("output");
  parameters.view("out.weight").forEach((_, i, view) => view[i] = 0.3 * normals.normal());
  const schedule = linearSchedule();
  const built = new Network(parameters, { schedule });
  const context = built.encode({
    contexts: 1,
    contextSize: 5,
    dimension: 2,
    contextX: Float32Array.of(0.1, 0.2, 0.4, 0.9, 0.6, 0.6, 0.8, 0.1, 0.3, 0.5),
    contextY: Float32Array.of(0.1, 0.5, 0.3, 0.9, 0.2),
  });
  return { network: built, context };
}

Deno.test("sampling is a function of weights, history and seed, and stays in the box", async () => {
  const { network: model, context } = network();
  const sample = (seed: number): Promise<Float32Array> =>
    denoise(model, context, { random: Random.of(seed), samples: 4, steps: 8, guidance: 2 });
  const points = await sample(1);
  assertEquals(points.length, 8);
  assert(points.every((value) => value >= 0 && value <= 1));
  assertEquals(await sample(1), points);
  assert((await sample(2)).some((value, i) => value !== points[i]));
  release(context);
  model.dispose();
});

Deno.test("contexts denoised together are denoised as if each were alone", async () => {
  const { network: model, context: alone } = network();
  const history = Random.of("history");
  const contextX = Float32Array.from(history.point(2 * 5 * 2));
  const contextY = Float32Array.from(history.point(2 * 5));
  const shape = { contextSize: 5, dimension: 2 };
  const options = { samples: 3, steps: 4, guidance: 2 };
  const both = model.encode({ contexts: 2, ...shape, contextX, contextY });
  // Of every draw of [B, S, d] numbers, a context that is alone takes its own [S, d].
  const noise = Random.of("noise");
  const numbers = Float64Array.from({ length: 4 * 12 }, () => noise.normal());
  const source = (mine: (i: number) => boolean) => {
    const left = numbers.filter((_, i) => mine(i)).values();
    return { normal: () => left.next().value! };
  };
  const points = await denoise(model, both, { ...options, random: source(() => true) });
  for (const b of [0, 1]) {
    const one = model.encode({
      contexts: 1,
      ...shape,
      contextX: contextX.subarray(b * 10, (b + 1) * 10),
      contextY: contextY.subarray(b * 5, (b + 1) * 5),
    });
    const random = source((i) => Math.floor(i / 6) % 2 === b);
    assertClose(
      await denoise(model, one, { ...options, random }),
      points.subarray(b * 6, (b + 1) * 6),
      1e-5,
    );
    release(one);
  }
  release(both);
  release(alone);
  model.dispose();
});

Deno.test("a whole loop of Algorithm 2 with T = 1000 ends where PyTorch's does", async () => {
  // Written by goldens/make_network.py: the first context of loss.json, the weights of the prototype.
  const folder = new URL("./goldens/", import.meta.url);
  const read = async (name: string) => JSON.parse(await Deno.readTextFile(new URL(name, folder)));
  const [golden, batch] = [await read("literal_loop.json"), await read("loss.json")];
  const model = new Network(prototype.parameters, { schedule: linearSchedule() });
  const context = model.encode({
    contexts: 1,
    contextSize: 6,
    dimension: 4,
    contextX: Float32Array.from(batch.contextX).subarray(0, 24),
    contextY: Float32Array.from(batch.contextY).subarray(0, 6),
  });
  let draws = 0;
  const points = await denoise(model, context, {
    random: { normal: () => Math.SQRT2 * Math.sin(37 * draws++) },
    steps: 1000,
    rule: "literal",
  });
  assertEquals(draws, 4000);
  assertClose(points, Float32Array.from(golden.x), 1e-4);
  release(context);
  model.dispose();
});

Deno.test("the literal rule needs every step", async () => {
  const { network: model, context } = network();
  await assertRejects(
    () => denoise(model, context, { random, rule: "literal" }),
    RangeError,
    "'steps' must be 1000 for the literal rule: got 16",
  );
  release(context);
  model.dispose();
});

Deno.test("sampling leaves no tensors behind", async () => {
  const before = tf.memory().numTensors;
  const { network: model, context } = network();
  await denoise(model, context, { random, steps: 3, guidance: 1 });
  release(context);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});
