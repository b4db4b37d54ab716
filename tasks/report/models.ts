/**
 * The comparison on models that were trained for every trial.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { alignResults, type Comparison } from "../../hpob/comparison/aligned_results.ts";
import { type CaptionedFigure, comparisonFigures } from "../../hpob/figures/comparison_figures.ts";
import { markdownTable } from "../shared/summary.ts";
import { datasetLosses, losses, verdict } from "./field_words.ts";
import type { ReportInputs } from "./inputs.ts";
import { bestTrial, type MethodModelRuns, modelResults } from "./model_runs.ts";
import { duels, verdictSentence } from "./statistics.ts";
import { label, regretTable } from "./tables.ts";
import { fillTemplate } from "./template.ts";
import { subject } from "./text.ts";

const command = "deno task bench:models --out docs/results/models";

/** All methods that have every run. */
export interface TunedModels {
  readonly comparison: Comparison;
  readonly methods: readonly MethodModelRuns[];
}

/** What the report says of tuned models; undefined without runs of diffusion search and another method. */
export function tunedModelsOf({ models }: Pick<ReportInputs, "models">): TunedModels | undefined {
  const most = Math.max(0, ...models.map(({ runs }) => runs.length));
  const methods = models.filter(({ runs }) => runs.length === most);
  if (methods.length < 2 || !methods.some(({ method }) => method === subject)) return undefined;
  return { comparison: alignResults(modelResults(methods)), methods };
}

/** The report's sentence; "" where there are no results. */
export function tunedModelsSentence(tuned: TunedModels | undefined): string {
  if (tuned === undefined) return "";
  const { comparison } = tuned;
  const told = duels(comparison, subject, comparison.trials)
    .map(({ other, runs }) => ({ other, verdict: runs.verdict }))
    .filter(({ verdict }) => verdict !== "is not told apart from");
  return " On [models trained for every trial](field.md#models-trained-for-every-trial) it " +
    `${told.length === 0 ? "is not told apart from any" : verdictSentence(told, label)}.`;
}

/** The section of the page. */
export async function tunedModelsText(tuned: TunedModels | undefined): Promise<string> {
  if (tuned === undefined) return `There are no results yet: \`${command}\` makes them.`;
  const { comparison, methods } = tuned;
  const template = await Deno.readTextFile(new URL("./models.md", import.meta.url));
  const runs = methods.flatMap(({ runs }) => runs);
  const seconds = runs.flatMap(({ trials }) => trials.map(({ seconds }) => seconds.evaluation));
  const packages = runs.flatMap(({ settings }) => [settings.learner, settings.package]);
  return fillTemplate(template, {
    initial: String(runs[0].initial),
    trials: String(comparison.trials),
    losses: `${losses(tuned)} ${datasetLosses(tuned)}`,
    verdict: verdict(tuned),
    runs: String(comparison.runs.length),
    "regret-table": regretTable(comparison),
    "loss-table": lossTable(methods),
    command,
    trainings: seconds.length.toLocaleString("en"),
    seconds: mean(seconds).toFixed(3),
    packages: [...new Set(packages)].sort().join(", "),
    ...Object.fromEntries(
      tunedModelsFigures(tuned).map((
        { name, title },
      ) => [`figure-${name}`, `![${title}](figures/${name}.svg)`]),
    ),
  }).trim();
}

/** Losses of what each method would deploy, measured and on data that are held out, and failed trials of a run. */
function lossTable(methods: readonly MethodModelRuns[]): string {
  const models = [...new Set(methods[0].runs.map(({ model }) => model))];
  const columns = models.flatMap((model) => {
    const best = methods.map(({ runs }) =>
      runs.filter((run) => run.model === model).flatMap((run) => bestTrial(run) ?? [])
    );
    return [
      { name: model, values: best.map((trials) => mean(trials.map(({ value }) => value!))) },
      { name: "held out", values: best.map((trials) => mean(trials.map(({ test }) => test!))) },
    ];
  });
  const failed = methods.map(({ runs }) =>
    mean(runs.map(({ trials }) => trials.filter(({ value }) => value === null).length))
  );
  return markdownTable([
    ["method", ...columns.map(({ name }) => name), "failed a run"],
    ...methods.map(({ method }, m) => [
      label(method),
      ...columns.map(({ values }) => {
        const text = values[m].toFixed(4);
        return text === Math.min(...values).toFixed(4) ? `**${text}**` : text;
      }),
      failed[m].toFixed(1),
    ]),
  ]);
}

/** Regret on each model, and the critical-difference diagram. */
export function tunedModelsFigures({ comparison }: TunedModels): CaptionedFigure[] {
  const names = { datasets: "models-regret", ranking: "models-ranking" } as const;
  const where = `Models trained for every trial, ${comparison.runs.length} runs.`;
  return comparisonFigures(comparison).flatMap((figure) => {
    if (!(figure.name in names)) return [];
    const name = names[figure.name as keyof typeof names];
    const title = name === "models-regret" ? "Average regret on each model" : figure.title;
    return [{ ...figure, name, title, caption: `${where} ${figure.caption}` }];
  });
}
