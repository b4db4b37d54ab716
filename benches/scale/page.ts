/**
 * The page of what was measured.
 *
 * @module
 */
import type { ModelFacts } from "../../core/diffusion/model.ts";
import { describeP } from "../../hpob/comparison/p_values.ts";
import { wilcoxonTest } from "../../hpob/comparison/statistics.ts";
import { fillTemplate, wrapParagraph } from "../../tasks/report/template.ts";
import { label, regret } from "../../tasks/report/tables.ts";
import { markdownTable } from "../../tasks/shared/summary.ts";
import type { MethodName } from "../../tasks/shared/methods.ts";
import { familyTitles } from "./figures.ts";
import { type Family, familyNames } from "./functions.ts";
import { meanWithError, type RegretPlace, regretsAt } from "./regrets.ts";
import { type ScalePlan, type ScaleResults, searched, timed } from "./results.ts";

const subject = "diffusion";
const rivals = searched.filter((method) => method !== subject);

/** A place with its name and the regrets of each method there. */
interface Measured {
  name: string;
  regrets: Map<MethodName, number[]>;
}

/** The page. */
export async function scalePage(
  results: ScaleResults,
  plan: ScalePlan,
  facts: ModelFacts,
): Promise<string> {
  const template = await Deno.readTextFile(new URL("./page.md", import.meta.url));
  const measured = (places: readonly (RegretPlace & { name: string })[]): Measured[] =>
    places.map(({ name, ...place }) => ({ name, regrets: regretsAt(results, place) }))
      .filter(({ regrets }) => regrets.get(subject)!.length > 0);
  const overColumnsOf = (families: readonly Family[]): Measured[] =>
    measured(plan.dimensions.map((dimension) => {
      const { evaluations: after } = plan;
      return { name: `${dimension}`, dimension, families, evaluations: [after], after };
    }));
  const overColumns = overColumnsOf(familyNames);
  const byFamily = familyNames.map((family) => ({
    title: familyTitles[family],
    places: overColumnsOf([family]),
  }));
  const { searchedAfter: evaluations } = plan;
  const overEvaluations = plan.searchedAt.map((dimension) => ({
    dimension,
    places: measured(evaluations.map((after) => {
      return { name: `${after}`, dimension, families: familyNames, evaluations, after };
    })),
  })).filter(({ places }) => places.length > 0);
  return fillTemplate(template, {
    "evaluations": `${plan.evaluations}`,
    "column-duels": wrapParagraph(duelText(
      overColumns.map((place) => ({ ...place, name: `with ${place.name} columns` })),
    )),
    "families": wrapParagraph(familyText(byFamily)),
    "column-table": regretTable("columns", overColumns),
    "evaluation-duels": wrapParagraph(duelText(
      overEvaluations.flatMap(({ dimension, places }) =>
        places.map((place) => ({ ...place, name: `with ${dimension} after ${place.name}` }))
      ),
    )),
    "evaluation-tables": overEvaluations.map(({ dimension, places }) =>
      regretTable(`${dimension} columns, evaluations`, places)
    ).join("\n\n"),
    "growth": growthText(results, plan),
    "largest-context": `${facts.largestContext}`,
    "largest-dimension": `${facts.largestDimension}`,
    "weights": results.weights.slice(0, 12),
  });
}

/** Where diffusion search is behind, first, and how often it is not. */
function duelText(places: readonly Measured[]): string {
  if (places.length === 0) return "Not measured yet.";
  const duels = rivals.flatMap((rival) =>
    places.map(({ name, regrets }) => {
      const [ours, theirs] = [regrets.get(subject)!, regrets.get(rival)!];
      const { pValue } = wilcoxonTest(ours, theirs);
      return { name, rival, pValue, ours: averageOf(ours), theirs: averageOf(theirs) };
    })
  );
  const isLost = ({ ours, theirs }: typeof duels[number]): boolean => ours > theirs;
  const losses = rivals.flatMap((rival) => {
    const lost = duels.filter((duel) => duel.rival === rival && isLost(duel));
    if (lost.length === 0) return [];
    const shown = lost.map(({ name, ours, theirs, pValue }) =>
      `${name} (${short(ours)} against ${short(theirs)}, ${describeP(pValue)})`
    );
    return [`${label(rival)} ${shown.join(", ")}`];
  });
  const clear = duels.filter(({ pValue }) => pValue < 0.05);
  return (losses.length === 0
    ? "Diffusion search is behind nobody. "
    : `Diffusion search is behind: ${losses.join("; ")}. `) +
    `Of all ${duels.length} comparisons with the others, it has the higher mean in ` +
    `${duels.filter(isLost).length}; with p < 0.05 (Wilcoxon's test, not adjusted) it is behind ` +
    `in ${clear.filter(isLost).length} and ahead in ${
      clear.filter((duel) => !isLost(duel)).length
    }.`;
}

/** With how many columns each method has the lower mean than diffusion search, by family. */
function familyText(families: readonly { title: string; places: readonly Measured[] }[]): string {
  const sentences = families.map(({ title, places }) => {
    const ahead = rivals.flatMap((rival) => {
      const names = places.filter(({ regrets }) =>
        averageOf(regrets.get(rival)!) < averageOf(regrets.get(subject)!)
      ).map(({ name }) => name);
      return names.length === 0 ? [] : [`${label(rival)} with ${names.join(", ")}`];
    });
    return `${title}: ${ahead.length === 0 ? "nobody" : ahead.join("; ")}.`;
  });
  return `Ahead of it by family, with how many columns. ${sentences.join(" ")}`;
}

function regretTable(title: string, places: readonly Measured[]): string {
  if (places.length === 0) return "";
  const cell = (regrets: readonly number[]): string => {
    const { value, upper } = meanWithError(regrets);
    return `${regret(value)} ± ${regret(upper - value)}`;
  };
  return markdownTable([
    [title, ...places.map(({ name }) => name)],
    ...searched.map((
      method,
    ) => [label(method), ...places.map(({ regrets }) => cell(regrets.get(method)!))]),
    ["functions", ...places.map(({ regrets }) => `${regrets.get(subject)!.length}`)],
  ]);
}

/** How the time of each method grows. */
function growthText({ times }: ScaleResults, plan: ScalePlan): string {
  const seconds = (method: MethodName, dimension: number, observations: number): string =>
    `${
      times.find((time) =>
        time.method === method && time.dimension === dimension && time.observations === observations
      )?.seconds ?? "–"
    } s`;
  const [fewest, most] = [plan.dimensions[0], plan.dimensions.at(-1)!];
  const places = [[fewest, plan.observations], [most, plan.observations]].concat(
    plan.timedAt.flatMap((dimension) => [
      [dimension, plan.timedAfter[0]],
      [dimension, plan.timedAfter.at(-1)!],
    ]),
  );
  return markdownTable([
    ["columns, observations", ...places.map(([dimension, n]) => `${dimension}, ${n}`)],
    ...timed.map((
      method,
    ) => [label(method), ...places.map(([dimension, n]) => seconds(method, dimension, n))]),
  ]);
}

const averageOf = (regrets: readonly number[]): number => meanWithError(regrets).value;

/** Two digits, as means over few columns are far below the fourth decimal. */
const short = (value: number): string => `${Number(value.toPrecision(2))}`;
