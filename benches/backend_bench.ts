/**
 * Time of suggestions and of training by backend, each in a process of its own as a thread has one backend, and how far
 * their suggestions differ: `deno task bench:backend`. Where WebGPU is made by software it takes ten minutes.
 *
 * @module
 */
import { type BackendName, startBackend } from "../core/diffusion/backend.ts";
import { DiffusionSearch } from "../core/diffusion/diffusion_search.ts";
import { LockstepHost } from "../core/diffusion/lockstep.ts";
import { lossAndGradient } from "../core/diffusion/loss.ts";
import { Parameters, pretrainedConfig } from "../core/diffusion/parameters.ts";
import { cosineSchedule } from "../core/diffusion/schedule.ts";
import { Random } from "../core/search/random.ts";
import { randomTrainingBatch } from "./_training_batch.ts";

const backends: readonly BackendName[] = ["wasm", "webgpu"];
const observations = 55, dimension = 16, together = 30;

/** What a process prints. */
interface Measured {
  /** The suggestion, to be compared. */
  point: number[];
  /** Of one suggestion, in seconds. */
  suggestion: number;
  /** Of a suggestion where 30 searches ask side by side, in seconds. */
  sideBySide: number;
  /** Of the loss and gradient of one training batch of 16 contexts, in seconds. */
  trainingStep: number;
}

async function measure(backend: BackendName): Promise<Measured> {
  const random = Random.of("backend bench");
  const points = Array.from({ length: observations }, () => random.point(dimension));
  const responses = points.map((point) => -point.reduce((sum, v) => sum + (v - 0.3) ** 2, 0));
  const observed = { points, responses };
  const search = new DiffusionSearch({ backend });
  const point = Array.from(await search.observeAndSuggest(observed));
  const suggestion = await medianSeconds(5, () => search.observeAndSuggest(observed));

  await using host = new LockstepHost(backend);
  const searches = Array.from(
    { length: together },
    (_, seed) => new DiffusionSearch({ seed, backend, host }),
  );
  const all = () => Promise.all(searches.map((one) => one.observeAndSuggest(observed)));
  await all(); // compiles
  const sideBySide = await medianSeconds(3, all) / together;

  await startBackend(backend);
  const parameters = Parameters.initialize(pretrainedConfig, random);
  const batch = randomTrainingBatch(random), schedule = cosineSchedule();
  const step = () => lossAndGradient(parameters, batch, { schedule });
  await step(); // compiles
  return { point, suggestion, sideBySide, trainingStep: await medianSeconds(5, step) };
}

async function medianSeconds(repeats: number, work: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds.sort((a, b) => a - b)[repeats >> 1];
}

/** What the process of a backend says, or why it ended. */
async function measuredBy(backend: BackendName): Promise<Measured | string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", new URL(import.meta.url).pathname, backend],
  }).output();
  const text = new TextDecoder();
  return success ? JSON.parse(text.decode(stdout)) : text.decode(stderr).trim();
}

const [own] = Deno.args;
if (own !== undefined) {
  console.log(JSON.stringify(await measure(own as BackendName)));
} else {
  const adapter = await navigator.gpu?.requestAdapter();
  console.log(`WebGPU here: ${adapter?.info.description || adapter?.info.vendor || "none"}\n`);
  console.log(
    "| backend | suggestion, s | of 30 side by side, s | training step, s | differs by |",
  );
  console.log(
    "| ------- | ------------: | --------------------: | ---------------: | ---------: |",
  );
  let first: Measured | undefined;
  for (const backend of backends) {
    const measured = await measuredBy(backend);
    if (typeof measured === "string") {
      console.log(`${backend} was not measured: ${measured}`);
      continue;
    }
    first ??= measured;
    const seconds = [measured.suggestion, measured.sideBySide, measured.trainingStep];
    const { point } = first;
    const difference = Math.max(...measured.point.map((v, j) => Math.abs(v - point[j])));
    const cells = [...seconds.map((s) => s.toPrecision(2)), difference.toExponential(0)];
    console.log(`| ${backend.padEnd(7)} | ${cells.join(" | ")} |`);
  }
}
