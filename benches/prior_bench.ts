// Time of one training batch of the prior, in the sizes of pre-training: 16 contexts of 30 points in
// 16 dimensions, 240 candidates each, rugged surfaces only. Prints milliseconds a batch.
//
//   deno run benches/prior_bench.ts [batches]
//
// prior_peer.py compares it with PyTorch.

import { PretrainingSampler } from "../core/diffusion/training/pretraining_sampler.ts";
import { Random } from "../core/search/random.ts";

const batches = Number(Deno.args[0] ?? 100);
const sampler = new PretrainingSampler({
  dimensions: { smallest: 16, largest: 16, focus: 16, focusShare: 1 },
  contextSizes: { smallest: 30, largest: 30 },
  mixedShare: 0,
  runningShare: 0,
  visitedShare: 0,
  task: {
    noisyShare: 0,
    failingShare: 0,
    surface: { smoothShare: 0, plateauShare: 0, surrogateShare: 0, interiorShare: 0 },
  },
  context: { exploitationShare: 0, skewedShare: 0, imputedShare: 0 },
  generations: 2,
  improvementExponent: 1,
});
const random = Random.of("prior bench");
for (let i = 0; i < 20; i++) sampler.next(random); // compiles
const start = performance.now();
for (let i = 0; i < batches; i++) sampler.next(random);
console.log(((performance.now() - start) / batches).toFixed(2));
