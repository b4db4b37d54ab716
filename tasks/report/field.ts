/**
 * The comparison with optimizers of other packages.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { alignResults } from "../../hpob/comparison/aligned_results.ts";
import { meanRegret } from "../../hpob/comparison/metrics.ts";
import type { Results } from "../../hpob/comparison/results.ts";
import {
  type CaptionedFigure,
  comparisonFigures,
  describeRuns,
} from "../../hpob/figures/comparison_figures.ts";
import { costFigure } from "../../hpob/figures/cost_figure.ts";
import { averageOfKeys } from "./replicates.ts";
import type { ReportInputs } from "./inputs.ts";
import { datasetLosses, type Field, fieldTable, losses, verdict } from "./field_words.ts";
import { type TunedModels, tunedModelsText } from "./models.ts";
import { fillTemplate } from "./template.ts";

export type { Field } from "./field_words.ts";

/** The command that makes the results of key `N`. */
const peersCommand = "deno task bench:peers --seed N --out docs/results/peers/N";

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
export async function fieldPage(
  field: Field,
  { tuned, tables }: { tuned?: TunedModels | undefined; tables: string },
): Promise<string> {
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
    tables,
    models: await tunedModelsText(tuned),
    ...Object.fromEntries(pictures),
  });
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
