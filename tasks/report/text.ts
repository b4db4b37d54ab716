/**
 * The sentences of the report that depend on results. They are worded by what the numbers say.
 *
 * @module
 */
import { mean } from "simple-statistics";
import {
  alignResults,
  compareByDataset,
  type Comparison,
} from "../../hpob/comparison/aligned_results.ts";
import { describeRuns } from "../../hpob/figures/comparison_figures.ts";
import { averageRank, meanRegret, regretsAt } from "../../hpob/comparison/metrics.ts";
import { describeP } from "../../hpob/comparison/p_values.ts";
import type { Results } from "../../hpob/comparison/results.ts";
import { type ExactReversal, knownData } from "./processes.ts";
import type { ReportInputs, Speed, TrainingRow } from "./inputs.ts";
import { variationName } from "./figures.ts";
import { replicatesText } from "./replicates.ts";
import { type Duel, duels, enumerate, verdictSentence } from "./statistics.ts";
import { label, regret, regretTable, speedTable } from "./tables.ts";

/** The method that the report is about, in result files. */
export const subject = "diffusion";

/** The command that makes the main comparison. */
export const mainCommand =
  "deno task bench --methods random,gp-hpob,dgp,gp,tpe,diffusion --out docs/results/hpob-mini";

/** What stands in place of the main result until there is one. */
export const noResults = `There are no results yet: \`${mainCommand}\` makes them.`;

/** The main result in a few sentences; also for the README. */
export function headline(comparison: Comparison): string {
  const { methods, trials, runs } = comparison;
  const last = methods.map((_, m) => meanRegret(comparison)[m].values[trials]);
  const own = last[methods.indexOf(subject)];
  const others = methods.map((method, m) => ({ method, value: last[m] }))
    .filter(({ method }) => method !== subject);
  const all = finalDuels(comparison);
  /** A verdict that a little less data might have turned is shown with its p-value. */
  const withNarrowness = (method: string): string => {
    const { adjustedPValue } = all.find(({ other }) => other === method)!.runs;
    const narrow = adjustedPValue > 0.01 && adjustedPValue < 0.1;
    return narrow ? `${label(method)} (narrowly, ${describeP(adjustedPValue)})` : label(method);
  };
  return `After ${trials} trials the mean normalized regret of diffusion search is ${
    regret(own)
  }, ` +
    `against ${
      enumerate(others.map(({ method, value }) => `${regret(value)} (${label(method)})`))
    }. ` +
    `By Wilcoxon's test over the ${runs.length} runs, adjusted for ` +
    `${count(others.length, "comparison")}, it ${verdictSentence(byRun(all), withNarrowness)}.`;
}

/** Diffusion search against every other method at the end. */
export function finalDuels(comparison: Comparison): Duel[] {
  return duels(comparison, subject, comparison.trials);
}

const byRun = (all: readonly Duel[]) =>
  all.map(({ other, runs }) => ({ other, verdict: runs.verdict }));

/** What the comparison shows, point by point. */
export function interpretation(comparison: Comparison, inputs: ReportInputs): string {
  return [
    development(comparison),
    replicatesText(inputs.main, inputs.replicates, subject),
    dataSets(comparison),
    units(comparison),
    baselines(comparison),
  ].filter((point) => point !== "").map((point) => `- ${point}`).join("\n");
}

/** Verdicts before the end. */
function development(comparison: Comparison): string {
  const curves = meanRegret(comparison);
  const own = curves[comparison.methods.indexOf(subject)];
  const early = [5, 10, 25].filter((trial) => trial < comparison.trials).map((trial) => {
    const best = curves.reduce((a, b) => b.values[trial] < a.values[trial] ? b : a);
    const leader = best === own
      ? "the lowest mean"
      : `the lowest mean is that of ${label(best.method)}, ${regret(best.values[trial])}`;
    const verdicts = verdictSentence(byRun(duels(comparison, subject, trial)), label);
    return `after ${trial} trials (mean ${regret(own.values[trial])}; ${leader}) it ${verdicts}`;
  });
  return early.length === 0 ? "" : `**On the way**, ${early.join("; ")}.`;
}

/** Which data sets carry the means. */
function dataSets(comparison: Comparison): string {
  const own = comparison.methods.indexOf(subject);
  const parts = compareByDataset(comparison).map(({ datasetId, comparison: part }) => ({
    datasetId,
    means: regretsAt(part, comparison.trials).map((regrets) => mean(regrets)),
  }));
  const best = parts.filter(({ means }) => means[own] === Math.min(...means));
  const total = parts.reduce((sum, { means }) => sum + means[own], 0);
  const hardest = parts.reduce((a, b) => b.means[own] > a.means[own] ? b : a);
  const names = best.length === 0 ? "" : ` (${enumerate(best.map((part) => part.datasetId))})`;
  return `**Data sets.** Diffusion search has the lowest mean, or shares it, on ${best.length} of ` +
    `${parts.length}${names}. ` +
    (total > 0
      ? `${hardest.datasetId} makes up ${(100 * hardest.means[own] / total).toFixed(0)} % of the ` +
        "sum of its regrets."
      : "It finds the optimum of all of them.");
}

/** What the data sets as units of observation can show. */
function units(comparison: Comparison): string {
  const all = duels(comparison, subject, comparison.trials);
  const n = all[0].datasets.observations;
  const smallest = 2 / 2 ** n;
  const winning = all.filter(({ datasets }) => datasets.interval[1] < 0);
  const losing = all.filter(({ datasets }) => datasets.interval[0] > 0);
  const intervals = [
    ...(winning.length === 0
      ? []
      : [`below zero against ${enumerate(winning.map(({ other }) => label(other)))}`]),
    ...(losing.length === 0
      ? []
      : [`above zero against ${enumerate(losing.map(({ other }) => label(other)))}`]),
  ];
  return `**Runs and data sets.** The runs of a data set are not independent. Over the ${n} means ` +
    `of data sets, Wilcoxon's test cannot give less than ${describeP(smallest)}, and Holm's ` +
    `adjustment multiplies that by up to ${all.length}: data sets alone can show a direction, ` +
    `hardly more. The bootstrap interval of the mean difference over data sets lies ` +
    (intervals.length === 0
      ? "around zero against every method."
      : `${enumerate(intervals)}${
        winning.length + losing.length < all.length ? ", and around zero against the others" : ""
      }.`);
}

/** How much the choice of the Gaussian process matters. */
function baselines(comparison: Comparison): string {
  const { methods, trials } = comparison;
  if (!methods.includes("gp") || !methods.includes("gp-hpob")) return "";
  const value = (method: string): string =>
    regret(meanRegret(comparison)[methods.indexOf(method)].values[trials]);
  return `**The bar.** A Gaussian process in the settings of HPO-B's published curve (\`gp-hpob\`) ` +
    `ends at ${value("gp-hpob")}, ours (\`gp\`) at ${value("gp")}. Ours is the one to beat ` +
    `([how it was chosen](baselines.md)).`;
}

/** Why all curves of the figure start at one point. */
export function commonStart(comparison: Comparison): string {
  const m = comparison.methods.length;
  const start = meanRegret(comparison).map(({ values }) => values[0]);
  const rank = averageRank(comparison).map(({ values }) => values[0]);
  const same = Math.max(...start) - Math.min(...start) < 1e-6 &&
    rank.every((value) => Math.abs(value - (m + 1) / 2) < 1e-9);
  if (!same) return "";
  return `Here all ${m} methods start at regret ${regret(start[0])} and at rank ` +
    `${rank[0].toFixed(1)}.`;
}

/** What the ablations show. */
export function ablationText(results: readonly Results[]): string {
  const comparison = alignResults(results);
  const verdicts = duels(comparison, subject, comparison.trials)
    .map(({ other, runs }) => ({ other, verdict: runs.verdict }));
  return `Each of ${count(verdicts.length, "setting")} was varied alone, on ` +
    `${count(comparison.runs.length, "run")}. By Wilcoxon's test with Holm's adjustment the ` +
    `default ${verdictSentence(verdicts, (method) => `_${variationName(method)}_`)}.`;
}

/** The search space of HPO-B on which methods are compared with the published numbers. */
const officialSpace = "5971";

/** HPO-B's published curves beside ours on the same runs, as far as there are any, and what is missing. */
export function publishedText({ official, published }: ReportInputs): string {
  const fetch = "`deno task fetch --published`";
  const bench =
    `\`deno task bench --data "$(deno task --quiet fetch --path)" --space ${officialSpace} --out docs/results/${officialSpace}\``;
  const filled = "`deno task report` then fills it.";
  if (official.length === 0 && published.length === 0) {
    return "Not available in this edition: this table needs the official data (`deno task fetch`), " +
      `our results on it (${bench}) and HPO-B's result files (${fetch}). ${filled}`;
  }
  const missing = published.length === 0
    ? `HPO-B's result files, which ${fetch} puts into the cache`
    : official.length === 0
    ? `our results on the official data, which ${bench} makes after \`deno task fetch\``
    : undefined;
  const names = new Map(published.map(({ method }) => [method, `published \`${method}\``]));
  const comparison = alignResults(
    [...official, ...published].map((results) => ({
      ...results,
      runs: results.runs.filter(({ searchSpaceId }) => searchSpaceId === officialSpace),
    })),
  );
  const table = regretTable(comparison, (method) => names.get(method) ?? label(method));
  const sentences = [
    describeRuns(comparison, "HPO-B"),
    ...(published.length === 0
      ? []
      : ["HPO-B's published files repeat the last incumbent instead of recording the last trial."]),
    missing === undefined ? "Ours do not." : `This table still lacks ${missing}. ${filled}`,
  ];
  return `${sentences.join(" ")}\n\n${table}`;
}

/** How the pre-training went. */
export function trainingText(log: readonly TrainingRow[]): string {
  if (log.length < 2) {
    return "The log of the pre-training is not there: `deno task train --ship` makes it.";
  }
  const tenth = Math.max(1, Math.floor(log.length / 10));
  const of = (rows: readonly TrainingRow[]): number => mean(rows.map(({ epsLoss }) => epsLoss));
  const [first, last] = [log[0].epsLoss, of(log.slice(-tenth))];
  const heldOut = log.filter((row) => row.heldOutEpsLoss !== undefined);
  const { step, seconds } = log.at(-1)!;
  const sentences = [
    `Over ${step} steps (${(seconds / 60).toFixed(0)} minutes) Eq. 2 ${
      last < first ? "falls" : "does not fall"
    } from ${first.toFixed(3)} (first ${log[0].step} steps) to ${last.toFixed(3)} ` +
    `(last tenth)`,
    ...(heldOut.length < 2 ? [] : [
      `on held-out tasks from ${heldOut[0].heldOutEpsLoss!.toFixed(3)} (step ${
        heldOut[0].step
      }) to ${heldOut.at(-1)!.heldOutEpsLoss!.toFixed(3)}`,
    ]),
  ];
  const levels = log[0].lossByNoise.length;
  const level = (k: number): string => {
    const end = mean(log.slice(-tenth).map(({ lossByNoise }) => lossByNoise[k]));
    return `${log[0].lossByNoise[k].toFixed(3)} → ${end.toFixed(3)}`;
  };
  return `${sentences.join(", ")}. By noise level: ${level(0)} in the lowest tenth of t, ` +
    `${level(Math.floor(levels / 2))} in the middle, ${level(levels - 1)} in the highest, where ` +
    "the input is almost the noise itself.";
}

/** How the model was trained on histories of its own, if it was. */
export function ownHistoriesText({ settings }: ReportInputs): string {
  const { ownHistories, sampler } = settings ?? {};
  const [first, ...later] = ownHistories?.afterSteps ?? [];
  if (first === undefined) return "";
  return `From step ${first} on, up to ${100 * sampler!.ownShare} % of its contexts are from ` +
    "searches of such surfaces by the model itself (DAgger, Ross et al. 2011)" +
    (later.length === 0 ? "" : `, made anew after steps ${later.join(", ")}`) +
    ": it is taught what to do about histories of its own making.";
}

/** How a training on a history alone went. */
export function historyText(losses: readonly number[]): string {
  const part = Math.max(1, Math.floor(losses.length / 10));
  const [first, last] = [mean(losses.slice(0, part)), mean(losses.slice(-part))];
  return `Trained on nothing but a history, the small network's loss ${
    last < first ? "falls" : "does not fall"
  } from ${first.toFixed(3)} (first ${part} steps) to ${last.toFixed(3)} (last ${part} of ` +
    `${losses.length}), mean over the data sets`;
}

/** What the Denoiser makes of noise when eps_hat is exact. */
export function reversalText(reversals: readonly ExactReversal[]): string {
  const parts = reversals.map(({ rule, steps, mean, deviation }) =>
    `${mean.toFixed(3)} and ${deviation.toFixed(3)} with ${steps} ${rule} steps`
  );
  return `With the exact $\`\\hat\\epsilon\`$ of data $\`z_0 \\sim N(${knownData.mean}, ` +
    `${knownData.deviation}^2)\`$, both rules ` +
    `must return its mean and deviation, and give ${parts.join(", ")}. Few steps contract the ` +
    "samples, as more guidance would.";
}

/** What makes suggestions and training fast. */
export function speedText(speed: Speed | undefined): string {
  const command = "deno run --allow-read --allow-write=docs/results benches/efficiency_bench.ts";
  if (speed === undefined) return `Not measured yet: \`${command}\` does it.`;
  return `Measured on one thread, with ${speed.observations} observations of ` +
    `${speed.dimension} hyperparameters (\`benches/efficiency_bench.ts\`):\n\n${speedTable(speed)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
