/**
 * One pre-training step (loss, gradient, clipping, AdamW, moving average) beside PyTorch's, both on
 * one thread, in turns.
 *
 * `deno run --allow-read=. --allow-run=/usr/bin/python3 benches/training_step_bench.ts [python]`
 *
 * The times are CPU seconds, which a busy machine inflates less than wall-clock seconds; read the
 * ratio. Needs a Python with PyTorch.
 *
 * @module
 */
import process from "node:process";
import { startBackend } from "../core/diffusion/backend.ts";
import { lossAndGradient } from "../core/diffusion/loss.ts";
import { Parameters, pretrainedConfig } from "../core/diffusion/parameters.ts";
import { Random } from "../core/search/random.ts";
import { cosineSchedule } from "../core/diffusion/schedule.ts";
import { AdamW } from "../core/diffusion/adamw.ts";
import { randomTrainingBatch } from "./_training_batch.ts";

const rounds = 3;
const python = Deno.args[0] ?? "/usr/bin/python3";
const random = Random.of("training step bench");
const batch = randomTrainingBatch(random);
const initial = Parameters.initialize(pretrainedConfig, random);
const trainer = new AdamW(initial.values, { steps: 1000 });
const parameters = new Parameters(pretrainedConfig, trainer.values);
const schedule = cosineSchedule();
await startBackend("wasm");

/** CPU seconds that this process has used. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function ours(steps: number): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = cpuSeconds();
    const { gradient } = await lossAndGradient(parameters, batch, { schedule });
    trainer.apply(gradient);
    seconds.push(cpuSeconds() - start);
  }
  return median(seconds);
}

async function peer(steps: number): Promise<number> {
  const script = new URL("./training_step_peer.py", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(python, {
    args: [script, String(steps)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return Number(new TextDecoder().decode(stdout));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

await ours(5); // until everything is compiled
console.log("CPU seconds a step: tfjs, PyTorch, ratio");
const ratios: number[] = [];
for (let round = 0; round < rounds; round++) {
  const [mine, theirs] = [await ours(9), await peer(9)];
  ratios.push(mine / theirs);
  console.log(`${mine.toFixed(3)}  ${theirs.toFixed(3)}  ${(mine / theirs).toFixed(2)}`);
}
console.log(`median ratio ${median(ratios).toFixed(2)}`);
