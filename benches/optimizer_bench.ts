/**
 * How fast a training learns with its matrices stepped by Muon and by AdamW, from the same weights on the same
 * batches: the mean loss over each hundred steps, and the losses on held-out batches.
 *
 * `deno run --allow-read=. benches/optimizer_bench.ts [steps] [muonScale,muonScale,...]`, 0 for AdamW; 800 steps of
 * each take ten minutes.
 *
 * @module
 */
import { Training, trainingSettings } from "../core/diffusion/training/mod.ts";

const steps = Number(Deno.args[0] ?? 800);
const muonScales = (Deno.args[1] ?? "0,0.2,0.5").split(",").map(Number);
const interval = 100;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

for (const muonScale of muonScales) {
  const training = new Training(trainingSettings({
    optimizer: { steps, muonScale, warmupSteps: 100, averageDecay: 0.99 },
    ownHistories: { afterSteps: [], batches: 0 },
  }));
  const name = muonScale === 0 ? "AdamW" : `Muon ${muonScale}`;
  const start = performance.now();
  let losses: number[] = [];
  while (!training.isDone) {
    const step = await training.step();
    losses.push(...step.losses.map(({ epsLoss }) => epsLoss));
    if (step.step % interval !== 0 && !training.isDone) continue;
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `${name.padEnd(8)} step ${step.step}, ${seconds.toFixed(0)} s: Eq. 2 ${
        mean(losses).toFixed(4)
      }`,
    );
    losses = [];
  }
  const heldOut = await training.heldOut();
  console.log(
    `${name.padEnd(8)} held out: Eq. 2 ${
      mean(heldOut.map(({ epsLoss }) => epsLoss)).toFixed(4)
    }, head ${mean(heldOut.map(({ headLoss }) => headLoss)).toFixed(3)}`,
  );
}
