/**
 * What a suggestion costs after 50, 200, 1000 and 5000 observations in 16 dimensions, for every method:
 * `deno task bench:observations`. Writes the medians, in seconds of processor
 * time, to docs/results/cost.json, and draws docs/figures/observations.svg.
 *
 * @module
 */
import process from "node:process";
import { DeepGaussianProcess } from "../baselines/deep_gaussian_process.ts";
import { GaussianProcess } from "../baselines/gaussian_process.ts";
import { RandomSearch } from "../baselines/random_search.ts";
import { TreeParzenEstimator } from "../baselines/tree_parzen_estimator.ts";
import { DiffusionSearch } from "../core/diffusion/diffusion_search.ts";
import type { Algorithm } from "../core/search/algorithm.ts";
import { Random } from "../core/search/random.ts";
import { observationsFigure, type SuggestionCost } from "../hpob/figures/observations_figure.ts";
import { renderSvg } from "../hpob/figures/render.ts";

const dimension = 16, repeats = 3;
const methods: Algorithm[] = [
  new RandomSearch(),
  new GaussianProcess(),
  new DeepGaussianProcess(),
  new TreeParzenEstimator(),
  new DiffusionSearch(),
];

/** Seconds of processor time: those of a clock would count what else the machine does. */
async function processorSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const costs: SuggestionCost[] = [];
for (const observations of [50, 200, 1000, 5000]) {
  const random = Random.of("observations bench", observations);
  const points = Array.from({ length: observations }, () => random.point(dimension));
  const responses = Float64Array.from(
    points,
    (point) => -point.reduce((sum, x) => sum + (x - 0.3) ** 2, 0) + 0.1 * random.normal(),
  );
  for (const algorithm of methods) {
    const suggest = () => algorithm.observeAndSuggest({ points, responses });
    await suggest(); // compiles
    const seconds: number[] = [];
    for (let i = 0; i < repeats; i++) seconds.push(await processorSeconds(suggest));
    const median = seconds.sort((a, b) => a - b)[repeats >> 1];
    costs.push({ method: algorithm.name, observations, seconds: Number(median.toPrecision(2)) });
  }
}

const docs = new URL("../docs/", import.meta.url);
await Deno.writeTextFile(
  new URL("results/cost.json", docs),
  JSON.stringify({ dimension, costs }, null, 2) + "\n",
);
const figure = observationsFigure(costs, {
  title: "What a suggestion costs",
  caption: `${dimension} dimensions, processor time on one core of the machine that made the page.`,
});
await Deno.writeTextFile(new URL("figures/observations.svg", docs), await renderSvg(figure));
console.table(costs);
