/**
 * What the runs on tables come to.
 *
 * @module
 */
import { mean, sampleVariance } from "simple-statistics";
import type { BandCurve } from "../../hpob/comparison/metrics.ts";
import { wilcoxonTest } from "../../hpob/comparison/statistics.ts";
import { markdownTable } from "../shared/summary.ts";
import type { TableRun } from "./run.ts";
import { seriesName, type TableRuns } from "./series.ts";

/** Whose regret: the recommended cell, the one with the luckiest measurement, or the best that was evaluated at all. */
export type Choice = "recommended" | "measured" | "visited";

/** A run and where it was made. */
interface PlacedRun extends TableRun {
  readonly table: string;
  readonly family: string;
}

/** All runs of a series. */
export interface Series {
  readonly name: string;
  readonly method: string;
  readonly confirms: boolean;
  readonly trials: number;
  readonly runs: readonly PlacedRun[];
}

/** The runs of a series, joined. */
export function joinRuns(files: readonly TableRuns[]): Series {
  const [{ settings }] = files;
  return {
    name: seriesName(settings),
    method: settings.method,
    confirms: settings.confirm !== false,
    trials: settings.trials,
    runs: files.flatMap(({ runs, table, family }) =>
      runs.map((run) => ({ ...run, table, family }))
    ),
  };
}

/** Regret after 0, 1, ..., trials trials, [trials + 1]. */
export function regretsOf({ regrets, recommended, measured }: TableRun, choice: Choice): number[] {
  const known = regrets.map((regret) => regret ?? Infinity);
  const initial = regrets.length - recommended.length + 1;
  let least = Math.min(...known.slice(0, initial));
  return recommended.map((evaluation, k) => {
    if (choice === "recommended") return known[evaluation];
    if (choice === "measured") return known[measured[k]];
    if (k > 0) least = Math.min(least, known[initial + k - 1]);
    return least;
  });
}

/** Families of the tables, in the order of their names. */
export function familiesOf(series: readonly Series[]): string[] {
  return [...new Set(series.flatMap(({ runs }) => runs.map(({ family }) => family)))].sort();
}

/**
 * Mean regret over a family's tables, or over all, each of them counting alike; with a band of 1.96 standard errors of
 * the runs, each averaged over its keys.
 */
export function regretCurve(series: Series, choice: Choice, family?: string): BandCurve {
  const runs = series.runs.filter((run) => family === undefined || run.family === family);
  const curves = new Map(runs.map((run) => [run, regretsOf(run, choice)]));
  const tables = [...Map.groupBy(runs, ({ table }) => table).values()].map((
    ofTable,
  ) => [...Map.groupBy(ofTable, ({ run }) => run).values()]);
  const points = Array.from({ length: series.trials + 1 }, (_, k) => {
    const values = tables.map((groups) =>
      groups.map((keys) => mean(keys.map((run) => curves.get(run)![k])))
    );
    const errors = values.map((some) => some.length > 1 ? sampleVariance(some) / some.length : 0);
    const value = mean(values.map((some) => mean(some)));
    const margin = 1.96 * Math.sqrt(errors.reduce((sum, error) => sum + error, 0)) / tables.length;
    return { value, lower: value - margin, upper: value + margin };
  });
  return {
    method: series.name,
    values: points.map(({ value }) => value),
    lower: points.map(({ lower }) => lower),
    upper: points.map(({ upper }) => upper),
  };
}

/** Mean regrets of each series on all tables and on each family, the best first. */
export function tablesSummary(series: readonly Series[]): string {
  const parts = [undefined, ...familiesOf(series)].map((family) => {
    const tables = new Set(
      series[0].runs.filter((run) => family === undefined || run.family === family)
        .map(({ table }) => table),
    );
    const heading = `${family ?? "All"}: ${tables.size} ${tables.size === 1 ? "table" : "tables"}`;
    return `**${heading}**\n\n${partTable(series, family)}`;
  });
  return parts.join("\n\n");
}

function partTable(series: readonly Series[], family: string | undefined): string {
  const { trials } = series[0];
  const shown = [5, 10, 25].filter((k) => k < trials).concat(trials);
  const rows = series.map((one) => {
    const [recommended, measured, visited] = (["recommended", "measured", "visited"] as const)
      .map((choice) => regretCurve(one, choice, family).values);
    const runs = one.runs.filter((run) => family === undefined || run.family === family);
    return {
      last: recommended[trials],
      cells: [
        one.name,
        ...shown.map((k) => recommended[k].toFixed(4)),
        measured[trials].toFixed(4),
        visited[trials].toFixed(4),
        mean(runs.map(({ confirms }) => confirms.length)).toFixed(1),
        mean(runs.map(({ repeats }) => repeats)).toFixed(1),
        `${new Set(runs.map(({ table, run }) => `${table} ${run}`)).size}`,
        `${new Set(runs.map(({ key }) => key)).size}`,
      ],
    };
  });
  return markdownTable([
    [
      "method",
      ...shown.map((k) => `recommended @${k}`),
      `measured @${trials}`,
      `visited @${trials}`,
      "confirmed",
      "repeats",
      "runs",
      "keys",
    ],
    ...rows.sort((a, b) => a.last - b.last).map(({ cells }) => cells),
  ]);
}

/** How a series does against another, run by run, each averaged over the keys that both have. */
export interface Duel {
  readonly name: string;
  readonly against: string;
  readonly wins: number;
  readonly losses: number;
  /** By Wilcoxon's signed-rank test. */
  readonly pValue: number;
}

/** Compares what two series recommend in the end; undefined where they share fewer than two runs. */
export function duel(one: Series, other: Series): Duel | undefined {
  const finalOf = ({ runs }: Series) =>
    new Map(runs.map((run) => [`${run.table} ${run.run} ${run.key}`, run] as const));
  const theirs = finalOf(other);
  const shared = one.runs.flatMap((run) => {
    const match = theirs.get(`${run.table} ${run.run} ${run.key}`);
    if (match === undefined) return [];
    const [own, against] = [run, match].map((made) => regretsOf(made, "recommended").at(-1)!);
    return [{ group: `${run.table} ${run.run}`, own, against }];
  });
  const pairs = [...Map.groupBy(shared, ({ group }) => group).values()].map((keys) => ({
    own: mean(keys.map(({ own }) => own)),
    against: mean(keys.map(({ against }) => against)),
  }));
  if (pairs.length < 2) return undefined;
  return {
    name: one.name,
    against: other.name,
    wins: pairs.filter(({ own, against }) => own < against).length,
    losses: pairs.filter(({ own, against }) => own > against).length,
    pValue: wilcoxonTest(pairs.map(({ own }) => own), pairs.map(({ against }) => against)).pValue,
  };
}

/** That of diffusion search, or the first where there is none. */
function referenceOf(series: readonly Series[]): Series {
  return series.find(({ name }) => name === "diffusion") ?? series[0];
}

/** The runs of a series that another one has, too. */
function sharedRuns(series: Series, other: Series): Series {
  const known = new Set(other.runs.map(({ table, run }) => `${table} ${run}`));
  return { ...series, runs: series.runs.filter(({ table, run }) => known.has(`${table} ${run}`)) };
}

/**
 * Which other methods recommend better in the end, on all tables and by family, where none of them confirms; by the
 * runs that both have.
 */
export function lossesText(series: readonly Series[]): string {
  const reference = referenceOf(series);
  const others = series.filter((one) => one !== reference && !one.confirms);
  const last = (one: Series, family?: string) =>
    regretCurve(one, "recommended", family).values.at(-1)!;
  const parts = [undefined, ...familiesOf(series)].map((family) => {
    const ahead = others.map((one) => ({
      name: one.name,
      theirs: last(sharedRuns(one, reference), family),
      own: last(sharedRuns(reference, one), family),
    }))
      .filter(({ theirs, own }) => theirs < own).sort((a, b) => a.theirs - b.theirs)
      .map(({ name, theirs, own }) => `${name} (${theirs.toFixed(4)} against ${own.toFixed(4)})`);
    const where = family === undefined ? "on all tables" : `on ${family}`;
    return `${where} it is behind ${ahead.join(", ") || "none"}`;
  });
  return `Where ${reference.name} loses, by mean regret on the runs that both have: ${
    parts.join("; ")
  }.`;
}

/**
 * Each series against that of diffusion search, or the first where there is none, and each that confirms against the
 * one of its method that does not.
 */
export function duelsOf(series: readonly Series[]): Duel[] {
  const reference = referenceOf(series);
  const duels = series.flatMap((one) => {
    const base = series.find(({ method, confirms }) => method === one.method && !confirms);
    const against = one.confirms && base !== undefined ? base : reference;
    return against === one ? [] : [duel(one, against)];
  });
  return duels.filter((one) => one !== undefined);
}

/** A line of text. */
export function duelText({ name, against, wins, losses, pValue }: Duel): string {
  return `- ${name} against ${against}, recommended: ${wins} runs better, ${losses} worse, ` +
    `p = ${pValue.toFixed(3)}`;
}
