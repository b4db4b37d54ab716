/**
 * Time of a suggestion at n = 55, d = 16, of diffusion search beside the Gaussian process in the same
 * run, and the cold start: `deno run --allow-read --allow-run benches/suggestion_bench.ts`.
 *
 * @module
 */
import { DeepGaussianProcess } from "../baselines/deep_gaussian_process.ts";
import { GaussianProcess } from "../baselines/gaussian_process.ts";
import type { Algorithm } from "../core/search/algorithm.ts";
import { HistorySearch } from "../core/diffusion/history_search.ts";
import { DiffusionSearch } from "../core/diffusion/diffusion_search.ts";
import { Random } from "../core/search/random.ts";
import { warmUp } from "./_warm_up.ts";

const observations = 55, dimension = 16;
const random = Random.of("suggestion bench");
const x = Array.from({ length: observations }, () => random.point(dimension));
const y = Float64Array.from(x, (point) => -point.reduce((sum, v) => sum + (v - 0.3) ** 2, 0));

async function medianSeconds(algorithm: Algorithm, repeats: number): Promise<number> {
  const suggest = (): Promise<Float64Array> =>
    algorithm.observeAndSuggest({ points: x, responses: y });
  await warmUp(suggest);
  const seconds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await suggest();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds.sort((a, b) => a - b)[repeats >> 1];
}

const contestants: [string, Algorithm, number][] = [
  ["gp", new GaussianProcess(), 5],
  ["dgp", new DeepGaussianProcess(), 3],
  ["diffusion, 16 steps", new DiffusionSearch(), 31],
  ["diffusion, 64 steps", new DiffusionSearch({ denoisingSteps: 64 }), 5],
  ["diffusion, 1000 steps", new DiffusionSearch({ denoisingSteps: 1000 }), 1],
  ["diffusion, best of 8", new DiffusionSearch({ candidates: 8 }), 5],
  ["diffusion, trained on the history", new HistorySearch(), 1],
];
let peer = NaN;
for (const [name, algorithm, repeats] of contestants) {
  const seconds = await medianSeconds(algorithm, repeats);
  if (Number.isNaN(peer)) peer = seconds;
  console.log(`${name.padEnd(36)} ${seconds.toFixed(3)} s ${(seconds / peer).toFixed(2)} x gp`);
}

const start = performance.now();
const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["run", "--allow-read", new URL("./_first_suggestion.ts", import.meta.url).pathname],
}).output();
const seconds = ((performance.now() - start) / 1000).toFixed(2);
console.log(`${"cold start to the first suggestion".padEnd(36)} ${success ? seconds : "failed"} s`);
