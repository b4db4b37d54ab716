import { assertAlmostEquals, assertEquals } from "@std/assert";
import { startBackend } from "../../core/backend.ts";
import { denoise } from "../../core/denoiser.ts";
import { Network, release } from "../../core/network.ts";
import { Parameters, pretrainedConfig } from "../../core/parameters.ts";
import { cosineSchedule } from "../../core/schedule.ts";

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
const parameters = Parameters.fromSafetensors(
  await Deno.readFile(new URL("prototype.safetensors", folder)),
);
await startBackend("wasm");

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) assertAlmostEquals(actual[i], expected[i], tolerance);
}

Deno.test("weights without our metadata are recognized by their shapes", () => {
  assertEquals(parameters.config, pretrainedConfig);
  assertEquals(parameters.values.length, 128505);
});

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
