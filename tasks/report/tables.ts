/**
 * The tables of the report.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { compareByDataset, type Comparison } from "../../hpob/comparison/aligned_results.ts";
import { methodStyles } from "../../hpob/figures/method_style.ts";
import { averageRank, meanRegret, medianRegret, regretsAt } from "../../hpob/comparison/metrics.ts";
import { formatP } from "../../hpob/comparison/p_values.ts";
import type { CandidateQuality } from "./experiments.ts";
import type { Speed } from "./inputs.ts";
import type { NoiseLevel } from "./processes.ts";
import type { Duel } from "./statistics.ts";
import { markdownTable } from "../shared/summary.ts";

/** A method's name for readers: that of the figures, or its own as code. */
export function label(method: string): string {
  const [style] = methodStyles([method]);
  return style.label === method ? `\`${method}\`` : style.label;
}

/** A regret. */
export const regret = (value: number): string => value.toFixed(4);
/** A difference of regrets, with its sign. */
const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const interval = ([low, high]: readonly [number, number]): string =>
  `[${signed(low)}, ${signed(high)}]`;

/** A small number by its order of magnitude, such as `5 × 10⁻⁷`. */
export function powerOfTen(value: number): string {
  const [digits, exponent] = value.toExponential(0).split("e");
  const raised = [...String(Math.abs(Number(exponent)))].map((digit) =>
    "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]
  );
  return `${digits} × 10${Number(exponent) < 0 ? "⁻" : ""}${raised.join("")}`;
}

/** Wins, losses, tests and mean differences of a method against the others. */
export function duelTable(duels: readonly Duel[]): string {
  return markdownTable([
    [
      "against",
      "runs won, tied, lost",
      "sign p",
      "Wilcoxon p",
      "Holm",
      "mean difference [95 %]",
      "data sets",
      "Wilcoxon p",
      "[95 %]",
    ],
    ...duels.map(({ other, runs, datasets }) => [
      label(other),
      `${runs.wins}–${runs.ties}–${runs.losses}`,
      formatP(runs.signPValue),
      formatP(runs.wilcoxonPValue),
      formatP(runs.adjustedPValue),
      `${signed(runs.meanDifference)} ${interval(runs.interval)}`,
      `${datasets.wins}–${datasets.ties}–${datasets.losses}`,
      formatP(datasets.wilcoxonPValue),
      interval(datasets.interval),
    ]),
  ]);
}

/** Mean regret of every method on every data set after the last trial; the lowest is bold. */
export function datasetTable(comparison: Comparison): string {
  const datasets = compareByDataset(comparison);
  const columns = datasets.map((dataset) =>
    regretsAt(dataset.comparison, comparison.trials).map((regrets) => mean(regrets))
  );
  return markdownTable([
    [`mean @${comparison.trials} on`, ...datasets.map(({ datasetId }) => datasetId)],
    ...comparison.methods.map((method, m) => [
      label(method),
      ...columns.map((means) => {
        const text = regret(means[m]);
        return text === regret(Math.min(...means)) ? `**${text}**` : text;
      }),
    ]),
  ]);
}

/** Mean and median regret at some trials and the final rank, of any comparison. */
export function regretTable(
  comparison: Comparison,
  name: (method: string) => string = label,
): string {
  const trials = [0, 5, 10, 25].filter((trial) => trial < comparison.trials);
  trials.push(comparison.trials);
  const [means, medians] = [meanRegret(comparison), medianRegret(comparison)];
  const ranks = averageRank(comparison);
  return markdownTable([
    ["method", ...trials.map((trial) => `mean @${trial}`), "median", "rank"],
    ...comparison.methods.map((method, m) => [
      name(method),
      ...trials.map((trial) => regret(means[m].values[trial])),
      regret(medians[m].values[comparison.trials]),
      ranks[m].values[comparison.trials].toFixed(2),
    ]),
  ]);
}

/** The distribution of z_t. */
export function noiseTable(levels: readonly NoiseLevel[]): string {
  return markdownTable([
    [
      "schedule",
      "t",
      "$`\\bar\\alpha_t`$",
      "variance",
      "expected",
      "excess kurtosis",
      "normality p",
    ],
    ...levels.map((level) => [
      level.schedule,
      String(level.t),
      level.alphaBar < 0.001 ? level.alphaBar.toExponential(1) : level.alphaBar.toFixed(4),
      level.variance.toFixed(3),
      level.expectedVariance.toFixed(3),
      level.excessKurtosis.toFixed(2).replace("-", "−"),
      formatP(level.normalityPValue),
    ]),
  ]);
}

/** Shares of candidates that improve on the incumbent. */
export function conditioningTable(qualities: readonly CandidateQuality[]): string {
  const row = (name: string, of: (quality: CandidateQuality) => number): string[] => [
    name,
    ...qualities.map((quality) => percent(of(quality))),
    `**${percent(mean(qualities.map(of)))}**`,
  ];
  return markdownTable([
    ["better than the incumbent", ...qualities.map(({ datasetId }) => datasetId), "mean"],
    row("uniform points", ({ uniform }) => uniform),
    row("I = 1, no guidance", ({ unguided }) => unguided),
    row("I = 1, guided", ({ guided }) => guided),
  ]);
}

/** What was done for speed, with and without it. */
export function speedTable({ seconds }: Speed): string {
  const rows: [string, string, number, string, number][] = [
    ["denoising steps", "1000", seconds.steps1000, "16", seconds.steps16],
    [
      "context, keys and values",
      "encoded at every step",
      seconds.encodedEveryStep,
      "once a suggestion",
      seconds.encodedOnce,
    ],
    [
      "attention block, forward and backward",
      "TensorFlow.js operations",
      seconds.blockFormula,
      "one fused WASM kernel",
      seconds.blockFused,
    ],
    [
      "model of a suggestion",
      "trained on the history",
      seconds.history,
      "pre-trained",
      seconds.steps16,
    ],
    [
      "eight candidates",
      "one after another",
      8 * seconds.steps16,
      "together",
      seconds.steps16Best8,
    ],
  ];
  const time = (value: number): string => `${Number(value.toPrecision(2))} s`;
  return markdownTable([
    ["what", "without", "time", "with", "time", "factor"],
    ...rows.filter(([, , slow, , fast]) => slow > 0 && fast > 0) // what the file has
      .map(([what, without, slow, how, fast]) => [
        what,
        without,
        time(slow),
        how,
        time(fast),
        `**${(slow / fast).toPrecision(2)}**`,
      ]),
  ]);
}
