/**
 * What the runs on tables come to.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { indexOfLargest } from "../../core/numerics/arrays.ts";
import { wilcoxonTest } from "../../hpob/comparison/statistics.ts";
import { markdownTable } from "../shared/summary.ts";
import type { TableRun } from "./run.ts";
import type { NoisyTable } from "./table.ts";

/** A run and where it was made. */
export interface PlacedRun {
  /** The table. */
  table: NoisyTable;
  /** Name of the run. */
  run: string;
  /** What it did. */
  made: TableRun;
}

/** All runs of a method, in the same order for each. */
export interface MethodRuns {
  /** Name of the method. */
  method: string;
  /** Its runs. */
  runs: readonly PlacedRun[];
}

/** Regrets of one run, by the true means of cells. */
interface Regrets {
  /** Of the cell that is recommended. */
  recommended: number;
  /** Of the cell with the luckiest measurement. */
  measured: number;
  /** Of the best cell that was evaluated at all: what a perfect choice would give. */
  visited: number;
}

function regretsOf({ table, made }: PlacedRun): Regrets {
  const { cell, observed, recommended } = made;
  const finite = Float64Array.from(observed, (v) => Number.isFinite(v) ? v : -Infinity);
  return {
    recommended: table.regret(recommended),
    measured: table.regret(cell[indexOfLargest(finite)]),
    visited: cell.reduce((least, one) => Math.min(least, table.regret(one)), Infinity),
  };
}

/** Trials on cells that were evaluated before, those on purpose left out. */
function repeatsOf({ cell, confirms }: TableRun): number {
  return cell.length - new Set(cell).size - confirms.length;
}

/**
 * Mean regrets over all tables and by family, repeats, confirmations and seconds of each method; then each method
 * against the first by Wilcoxon's signed-rank test over the runs. Tables count alike.
 */
export function tablesSummary(methods: readonly MethodRuns[]): string {
  const families = [...new Set(methods[0].runs.map(({ table }) => table.family))];
  const kinds = ["recommended", "measured", "visited"] as const;
  const header = [
    "method",
    ...["all", ...families].flatMap((family) => kinds.map((kind) => `${family}: ${kind}`)),
    "repeats",
    "confirmed",
    "s / suggestion",
  ];
  const rows = methods.map(({ method, runs }) => [
    method,
    ...[undefined, ...families].flatMap((family) => {
      const chosen = runs.filter(({ table }) => family === undefined || table.family === family);
      return kinds.map((kind) => meanOverTables(chosen, (run) => regretsOf(run)[kind]).toFixed(4));
    }),
    mean(runs.map(({ made }) => repeatsOf(made))).toFixed(1),
    mean(runs.map(({ made }) => made.confirms.length)).toFixed(1),
    mean(runs.map(({ made }) => made.secondsPerSuggestion)).toPrecision(2),
  ]);
  const [first, ...others] = methods;
  const pairs = others.map(({ method, runs }) => {
    const regrets = runs.map((run) => regretsOf(run).recommended);
    const against = first.runs.map((run) => regretsOf(run).recommended);
    const wins = regrets.filter((regret, i) => regret < against[i]).length;
    const losses = regrets.filter((regret, i) => regret > against[i]).length;
    const { pValue } = wilcoxonTest(regrets, against);
    return `${method} against ${first.method}, recommended: ` +
      `${wins} runs better, ${losses} worse, p = ${pValue.toFixed(3)}`;
  });
  return [markdownTable([header, ...rows]), ...pairs].join("\n");
}

/** The mean of the tables' means. */
function meanOverTables(runs: readonly PlacedRun[], value: (run: PlacedRun) => number): number {
  const tables = Map.groupBy(runs, ({ table }) => table);
  return mean([...tables.values()].map((group) => mean(group.map(value))));
}
