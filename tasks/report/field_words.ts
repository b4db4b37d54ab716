/**
 * What a comparison with optimizers of other packages says, in words and as a table.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { compareByDataset, type Comparison } from "../../hpob/comparison/aligned_results.ts";
import { averageRank, meanRegret, medianRegret, regretsAt } from "../../hpob/comparison/metrics.ts";
import { markdownTable } from "../shared/summary.ts";
import { duels, enumerate, verdictSentence } from "./statistics.ts";
import { label, regret } from "./tables.ts";
import { subject } from "./text.ts";

/** Our methods and others on the same runs, each run averaged over the keys that its method has. */
export interface Field {
  comparison: Comparison;
  /** Number of keys of each method, and its mean seconds per suggestion with the first of them. */
  methods: readonly {
    method: string;
    keys: number;
    seconds: number | undefined;
    isPeer: boolean;
  }[];
  /** Packages of the others, with their versions. */
  packages: readonly string[];
}

/** Numbers of trials after which methods are compared. */
function shownTrials({ trials }: Comparison): number[] {
  return [5, 10, 25, 50].filter((trial) => trial < trials).concat(trials);
}

/** Where diffusion search is beaten, and where another method is ahead without being told apart. */
export function losses({ comparison }: Pick<Field, "comparison">): string {
  const means = meanRegret(comparison);
  const own = comparison.methods.indexOf(subject);
  const statements = shownTrials(comparison).map((trial) => {
    const losing = duels(comparison, subject, trial)
      .filter(({ runs }) => runs.verdict === "loses to").map(({ other }) => other);
    const ahead = comparison.methods.filter((method, m) =>
      means[m].values[trial] < means[own].values[trial] && !losing.includes(method)
    );
    const further = losing.length === 0 ? "" : "further ";
    return {
      trial,
      text: `it loses to ${named(losing)}` +
        (ahead.length === 0
          ? `, and no ${further || "other "}method has a lower mean`
          : `; ${further}lower means, not told apart, have ${named(ahead)}`),
    };
  });
  const parts = [...Map.groupBy(statements, ({ text }) => text)].map(([text, same]) =>
    `after ${enumerate(same.map(({ trial }) => String(trial)))} trials ${text}`
  );
  const all = `${parts.join("; ")}.`;
  return all[0].toUpperCase() + all.slice(1);
}

/** On which data sets other methods have a lower mean after the last trial. */
export function datasetLosses({ comparison }: Pick<Field, "comparison">): string {
  const own = comparison.methods.indexOf(subject);
  const parts = compareByDataset(comparison).flatMap(({ datasetId, comparison: part }) => {
    const means = regretsAt(part, comparison.trials).map((regrets) => mean(regrets));
    const ahead = comparison.methods.filter((_, m) => means[m] < means[own]);
    return ahead.length === 0 ? [] : [`on ${datasetId} ${named(ahead)}`];
  });
  return parts.length === 0
    ? "On no data set another method has a lower mean after the last."
    : `By data set, lower means after the last: ${enumerate(parts)}.`;
}

function named(methods: readonly string[]): string {
  return methods.length === 0 ? "none" : enumerate(methods.map(label));
}

/** What the tests say after the last trial. */
export function verdict({ comparison }: Pick<Field, "comparison">): string {
  const all = duels(comparison, subject, comparison.trials);
  return verdictSentence(all.map(({ other, runs }) => ({ other, verdict: runs.verdict })), label);
}

/** Regrets, rank, keys and seconds of each method, by mean regret. */
export function fieldTable({ comparison, methods }: Field): string {
  const trials = shownTrials(comparison);
  const last = comparison.trials;
  const [means, medians, ranks] = [meanRegret, medianRegret, averageRank]
    .map((metric) => metric(comparison));
  const order = [...methods.keys()].sort((a, b) => means[a].values[last] - means[b].values[last]);
  return markdownTable([
    [
      "method",
      ...trials.map((trial) => `mean @${trial}`),
      `median @${last}`,
      `rank @${last}`,
      "keys",
      "s / suggestion",
    ],
    ...order.map((m) => [
      label(methods[m].method),
      ...trials.map((trial) => regret(means[m].values[trial])),
      regret(medians[m].values[last]),
      ranks[m].values[last].toFixed(2),
      String(methods[m].keys),
      formatSeconds(methods[m].seconds),
    ]),
  ]);
}

function formatSeconds(seconds: number | undefined): string {
  return seconds === undefined ? "-" : Number(seconds.toPrecision(2)).toString();
}
