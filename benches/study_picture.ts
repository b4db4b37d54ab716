/**
 * The picture of a study's page in the README: `deno task picture` (needs Chromium).
 *
 * A made-up training is tuned by diffusion search: a validation error that falls from epoch to epoch, failures where the
 * learning rate is too large, hopeless trials stopped. The hours of its timeline are made up, too.
 *
 * @module
 */
import { DiffusionSearch } from "../core/diffusion/diffusion_search.ts";
import { Random } from "../core/search/random.ts";
import { SearchSpace } from "../core/search/search_space.ts";
import { Study } from "../core/study/study.ts";
import type { TrialSummary } from "../core/study/trial_summary.ts";
import { studyPage } from "../tasks/page/mod.ts";
import { findChromium, Page } from "../tests/chromium.ts";

const [trials, workers, epochs] = [80, 4, 16];
/** Pixels of the page, and of the picture for each of them. */
const [width, height, scale] = [1180, 900, 0.8];

const space = new SearchSpace({
  learningRate: { type: "real", min: 1e-5, max: 1, log: true },
  optimizer: { type: "choice", values: ["sgd", "adam"] },
  momentum: { type: "real", min: 0, max: 0.99, when: { optimizer: "sgd" } },
  layers: { type: "integer", min: 1, max: 8 },
  dropout: { type: "real", min: 0, max: 0.6 },
});
type Configuration = Parameters<typeof space.encode>[0];

/** The validation error after an epoch; NaN where training diverges. */
function errorAfter(epoch: number, configuration: Configuration, random: Random): number {
  const { learningRate, optimizer, momentum = 0, layers, dropout } = configuration as {
    learningRate: number;
    optimizer: "sgd" | "adam";
    momentum?: number;
    layers: number;
    dropout: number;
  };
  const best = optimizer === "adam" ? -2.8 : -1.4 - momentum;
  const distance = Math.log10(learningRate) - best;
  if (distance > 2) return NaN;
  const final = 0.06 + 0.03 * distance ** 2 + 0.004 * (layers - 5) ** 2 +
    0.25 * (dropout - 0.2) ** 2 + (optimizer === "adam" ? 0.01 : 0);
  return final + 0.5 * Math.exp(-epoch / 4) + 0.002 * random.normal();
}

const options = {
  space,
  goal: "minimize",
  algorithm: new DiffusionSearch({ seed: 1 }),
} as const;

/** The trials of a search, in an instant. */
async function search() {
  await using study = await Study.open({
    ...options,
    asha: { minimumStep: 4, reductionFactor: 2 },
  });
  await study.optimize(async (trial) => {
    const random = Random.of("picture", trial.number);
    let error = NaN;
    for (let epoch = 1; epoch <= epochs; epoch++) {
      error = errorAfter(epoch, trial.configuration, random);
      if (Number.isNaN(error)) throw new Error("the loss is NaN");
      await trial.report(epoch, error);
      if (await trial.shouldPrune()) return { state: "pruned" };
    }
    return error;
  }, { trials, parallel: workers });
  return await study.trials();
}

/** The same trials as if each epoch had taken some minutes on one of the workers. */
function withTimes<C>(found: readonly TrialSummary<C>[]): TrialSummary<C>[] {
  const free = new Array<number>(workers).fill(Date.UTC(2026, 0, 5, 8));
  return found.map((trial) => {
    const { layers = 1 } = trial.configuration as { layers?: number };
    const worker = free.indexOf(Math.min(...free)), start = free[worker];
    const minutes = 1 + trial.intermediateValues.length * (1 + layers / 4);
    free[worker] = start + 60_000 * minutes;
    return { ...trial, startedAt: new Date(start), finishedAt: new Date(free[worker]) };
  });
}

const chromium = await findChromium();
if (chromium === undefined) throw new Error("Chromium must be installed");
await using study = await Study.open({ ...options, name: "resnet" });
await study.addTrials(withTimes(await search()));
const folder = await Deno.makeTempDir();
await Deno.writeTextFile(`${folder}/study.html`, await studyPage(study));
const page = await Page.open(chromium, `${folder}/profile`);
try {
  await page.emulate({ width, height, scale });
  await page.goto(
    `file://${folder}/study.html`,
    "document.querySelectorAll('#frames canvas').length === 6",
  );
  // From the top to the end of what shows how suggestions are generated.
  const end = await page.evaluate(
    "document.getElementById('denoising').getBoundingClientRect().bottom + scrollY + 12",
  ) as number;
  const picture = await page.screenshot({ x: 0, y: 0, width, height: end });
  await Deno.writeFile(new URL("../docs/figures/study.png", import.meta.url), picture);
} finally {
  await page.close();
  await Deno.remove(folder, { recursive: true });
}
