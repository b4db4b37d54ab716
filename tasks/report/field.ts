/**
 * The comparison with optimizers of other packages.
 *
 * @module
 */
import { mean } from "simple-statistics";
import {
  alignResults,
  compareByDataset,
  type Comparison,
} from "../../hpob/comparison/aligned_results.ts";
import { averageRank, meanRegret, medianRegret, regretsAt } from "../../hpob/comparison/metrics.ts";
import type { Results } from "../../hpob/comparison/results.ts";
import {
  type CaptionedFigure,
  comparisonFigures,
  describeRuns,
} from "../../hpob/figures/comparison_figures.ts";
import { costFigure } from "../../hpob/figures/cost_figure.ts";
import { markdownTable } from "../shared/summary.ts";
import { averageOfKeys } from "./replicates.ts";
import type { ReportInputs } from "./inputs.ts";
import { duels, enumerate, verdictSentence } from "./statistics.ts";
import { label, regret } from "./tables.ts";
import { fillTemplate } from "./template.ts";
import { subject } from "./text.ts";

/** The command that makes the results of key `N`. */
const peersCommand = "deno task bench:peers --seed N --out docs/results/peers/N";

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
const shownTrials = [5, 10, 25, 50];

/** All methods of the main comparison and all peers that have its runs; undefined where there are no peers. */
export function fieldOf({ main, replicates, peers }: ReportInputs): Field | undefined {
  const runs = Math.max(0, ...main.map((results) => results.runs.length));
  const complete = (results: readonly Results[]): Results[] =>
    results.filter((result) => result.runs.length === runs);
  const others = complete(peers.flat());
  if (others.length === 0 || main.length === 0) return undefined;
  const byMethod = Map.groupBy(
    [...complete(main), ...complete(replicates.flat()), ...others],
    ({ method }) => method,
  );
  const averages = [...byMethod.values()].map(averageOfKeys);
  return {
    comparison: alignResults(averages),
    methods: averages.map(({ method }) => ({
      method,
      keys: byMethod.get(method)!.length,
      isPeer: others.some((other) => other.method === method),
      seconds: secondsOf(byMethod.get(method)![0]),
    })),
    packages: [...new Set(others.map(({ settings }) => String(settings.package)))].sort(),
  };
}

/** Mean seconds per suggestion, where they were measured. */
function secondsOf({ runs }: Results): number | undefined {
  const seconds = runs.flatMap((run) => run.secondsPerSuggestion ?? []);
  return seconds.length === 0 ? undefined : mean(seconds);
}

/** Where diffusion search is beaten, and where another method is ahead without being told apart. */
function losses({ comparison }: Field): string {
  const means = meanRegret(comparison);
  const own = comparison.methods.indexOf(subject);
  const statements = shownTrials.filter((trial) => trial <= comparison.trials).map((trial) => {
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
function datasetLosses({ comparison }: Field): string {
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
function verdict({ comparison }: Field): string {
  const all = duels(comparison, subject, comparison.trials);
  return verdictSentence(all.map(({ other, runs }) => ({ other, verdict: runs.verdict })), label);
}

/** The report's paragraph. */
export function fieldText(field: Field | undefined): string {
  if (field === undefined) return `There are no results yet: \`${peersCommand}\` makes them.`;
  const others = field.methods.filter(({ isPeer }) => isPeer).length;
  return `[Beside others](field.md) (${others} of other packages), on the same runs averaged over ` +
    `up to ${Math.max(...field.methods.map(({ keys }) => keys))} keys: ${
      losses(field)
    } After the ` +
    `last it ${verdict(field)}.`;
}

/** The page of its own. */
export async function fieldPage(field: Field): Promise<string> {
  const template = await Deno.readTextFile(new URL("./field.md", import.meta.url));
  const pictures = fieldFigures(field).map(({ name, title }) =>
    [`figure-${name}`, `![${title}](figures/${name}.svg)`] as const
  );
  return fillTemplate(template, {
    losses: `${losses(field)} ${datasetLosses(field)}`,
    verdict: verdict(field),
    runs: describeRuns(field.comparison, "hpob-mini"),
    table: fieldTable(field),
    packages: field.packages.join(", "),
    "peers-command": peersCommand,
    ...Object.fromEntries(pictures),
  });
}

/** Regrets, rank, keys and seconds of each method, by mean regret. */
function fieldTable({ comparison, methods }: Field): string {
  const trials = shownTrials.filter((trial) => trial < comparison.trials).concat(comparison.trials);
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

/** Cost against regret, and the critical-difference diagram. */
export function fieldFigures({ comparison, methods }: Field): CaptionedFigure[] {
  const last = comparison.trials;
  const means = meanRegret(comparison);
  const ranking = comparisonFigures(comparison).filter(({ name }) => name === "ranking");
  return [
    {
      name: "field-cost",
      title: `Regret after ${last} trials, and what a suggestion costs`,
      caption: "On hpob-mini (embedded benchmark, not HPO-B). Down is better, left is faster.",
      draw: (options) =>
        costFigure(
          methods.flatMap(({ method, seconds }, m) =>
            seconds === undefined ? [] : [{ method, seconds, regret: means[m].values[last] }]
          ),
          options,
        ),
    },
    ...ranking.map((figure) => ({
      ...figure,
      name: "field-ranking",
      caption: `${describeRuns(comparison, "hpob-mini")} ${figure.caption}`,
    })),
  ];
}
