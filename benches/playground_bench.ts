/**
 * How fast the playground denoises, and what costs the time.
 *
 *     deno task bench:playground
 *
 * Writes into docs/playground.md: denoising steps of 200 samples a second of processor time, by the size of the
 * context; the kernels that they spend their time in; and, with Chromium, what a frame of the built page costs.
 *
 * @module
 */
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../core/diffusion/backend.ts";
import { denoise } from "../core/diffusion/denoiser.ts";
import { contextBatchOf } from "../core/diffusion/features.ts";
import { toHistory } from "../core/diffusion/history.ts";
import { wasmBackendName } from "../core/diffusion/kernels/backend_name.ts";
import { Network, release } from "../core/diffusion/network.ts";
import { pretrainedModel } from "../core/diffusion/pretrained.ts";
import { Random } from "../core/search/random.ts";
import { replaceRegion } from "../tasks/report/template.ts";
import { branin } from "../tasks/shared/synthetic_functions.ts";
import { findChromium, Page } from "../tests/chromium.ts";

const samples = 200, steps = 40, guidance = 1.5;
const contextSizes = [5, 25, 60];
const page = "docs/playground.md";

await startBackend("wasm");
await tf.setBackend(wasmBackendName); // so that it can be profiled
const { parameters, schedule } = await pretrainedModel();
const network = new Network(parameters, { schedule });

/** Denoises as the page does, and returns the seconds of processor time. */
async function denoiseSamples(contextSize: number): Promise<number> {
  const random = Random.of("bench", contextSize);
  const points = Array.from({ length: contextSize }, () => random.point(2));
  const responses = Float64Array.from(points, (point) => branin.evaluate(point));
  const started = process.cpuUsage();
  const context = network.encode(contextBatchOf([toHistory(points, responses)]));
  await denoise(network, context, { random, samples, steps, guidance });
  release(context);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** The median of nine. */
async function stepsPerSecond(contextSize: number): Promise<number> {
  const seconds: number[] = [];
  for (let k = 0; k < 9; k++) seconds.push(await denoiseSamples(contextSize));
  return steps / seconds.sort((a, b) => a - b)[4];
}

/** Share of the time in each kernel, and outside of all, largest first. */
async function profile(contextSize: number): Promise<[string, number][]> {
  const started = performance.now();
  const { kernels } = await tf.profile(async () => { // its type knows no work that waits
    for (let k = 0; k < 9; k++) await denoiseSamples(contextSize);
    return tf.scalar(0);
  }) as { kernels: { name: string; kernelTimeMs: number | { error: string } }[] };
  const total = performance.now() - started;
  const shares = new Map<string, number>();
  for (const { name, kernelTimeMs } of kernels) {
    if (name === "unnamed scope") continue; // around a kernel of ours, which is counted itself
    shares.set(name, (shares.get(name) ?? 0) + Number(kernelTimeMs) / total);
  }
  const inKernels = [...shares.values()].reduce((a, b) => a + b, 0);
  shares.set("outside of kernels", 1 - inKernels);
  return [...shares].sort((a, b) => b[1] - a[1]);
}

/** Seconds of processor time that all processes of a browser have used. */
async function processorSeconds({ port }: Page): Promise<number> {
  const version = await fetch(`http://127.0.0.1:${port}/json/version`);
  const socket = new WebSocket((await version.json()).webSocketDebuggerUrl);
  await new Promise((resolve) => socket.onopen = resolve);
  const answer = new Promise<MessageEvent>((resolve) => socket.onmessage = resolve);
  socket.send(JSON.stringify({ id: 1, method: "SystemInfo.getProcessInfo" }));
  const processes: { cpuTime: number }[] = JSON.parse((await answer).data).result.processInfo;
  socket.close();
  return processes.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

/** Plays the page's animation; with it, the attention to the context is computed anew for every frame. */
async function animation(chromium: string): Promise<{ frames: number; processor: number }> {
  const folder = await Deno.makeTempDir();
  const browser = await Page.open(chromium, folder);
  try {
    await browser.emulate({ width: 1200, height: 900 });
    await browser.goto(
      new URL("../docs/playground/index.html", import.meta.url).href,
      "'stepsPerSecond' in (document.getElementById('plane-caption')?.dataset ?? {})",
    );
    const before = await processorSeconds(browser);
    const frames = await browser.evaluate(`new Promise((resolve) => {
      const play = document.getElementById("play");
      play.click();
      let frames = 0;
      const count = () => {
        if (play.textContent === "Pause") requestAnimationFrame(count), frames++;
        else resolve(frames);
      };
      requestAnimationFrame(count);
    })`) as number;
    return { frames, processor: await processorSeconds(browser) - before };
  } finally {
    await browser.close();
    await Deno.remove(folder, { recursive: true });
  }
}

await denoiseSamples(5); // once, so that everything is compiled
const lines = [
  "| observations in the context | denoising steps a second |",
  "| --------------------------: | -----------------------: |",
];
for (const size of contextSizes) {
  lines.push(`| ${size} | ${(await stepsPerSecond(size)).toFixed(0)} |`);
}
const shares = await profile(25);
lines.push(
  "",
  "| with 25 observations, in | share of the time |",
  "| ------------------------ | ----------------: |",
  ...shares.slice(0, 8).map(([name, share]) => `| ${name} | ${(100 * share).toFixed(0)} % |`),
);
const chromium = await findChromium();
if (chromium !== undefined) {
  const { frames, processor } = await animation(chromium);
  const cost = (1000 * processor / frames).toFixed(1), rate = (frames / processor).toFixed(0);
  lines.push(
    "",
    `A frame of the page's animation cost ${cost} ms of processor time in all processes of Chromium,`,
    `which is ${rate} frames a second of one core.`,
  );
}
const text = lines.join("\n");
console.log(text);
const region = { name: "measurements", content: text, source: page };
await Deno.writeTextFile(page, replaceRegion(await Deno.readTextFile(page), region));
network.dispose();
