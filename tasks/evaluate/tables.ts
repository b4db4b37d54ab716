/**
 * What an evaluation says, as text.
 *
 * @module
 */
import { mean, median, standardDeviation } from "simple-statistics";
import { signTest } from "../../hpob/comparison/statistics.ts";
import type { Evaluated } from "./evaluate_variant.ts";

/** Regrets below this count as this in logarithms. */
const smallestRegret = 1e-4;

/** Mean regrets after some trials, and the median at the end, by search space and over all. */
export function meanTable(evaluated: readonly Evaluated[], trials: number): string {
  const after = [5, 10, 20, trials].filter((k, i, all) => k <= trials && all.indexOf(k) === i);
  const rows = evaluated.flatMap(({ name, spaces }) =>
    [
      ...spaces,
      ...spaces.length > 1 ? [{ name: "all", runs: spaces.flatMap(({ runs }) => runs) }] : [],
    ]
      .map(({ name: space, runs }) => [
        name,
        space,
        `${runs.length}`,
        ...after.map((k) => mean(runs.map(({ regrets }) => regrets[k])).toFixed(4)),
        median(runs.map(({ regrets }) => regrets[trials])).toFixed(4),
      ])
  );
  const titles = ["variant", "space", "runs", ...after.map((k) => `@${k}`), `median @${trials}`];
  return aligned([titles, ...rows]);
}

/** Each further variant against the first one, run by run: log10 of the final regret, and who won. */
export function comparisonTable([first, ...others]: readonly Evaluated[]): string {
  const rows = others.flatMap(({ name, spaces }) =>
    spaces.map(({ name: space, runs }, s) => {
      const last = (of: { regrets: number[] }[]) => of.map(({ regrets }) => regrets.at(-1)!);
      const [ours, theirs] = [last(runs), last(first.spaces[s].runs)];
      const log = (regret: number) => Math.log10(Math.max(regret, smallestRegret));
      const differences = ours.map((regret, i) => log(regret) - log(theirs[i]));
      const error = standardDeviation(differences) / Math.sqrt(differences.length);
      const { wins, losses } = signTest(ours, theirs);
      return [
        name,
        space,
        `${mean(differences).toFixed(3)} +- ${error.toFixed(3)}`,
        `${wins} won, ${losses} lost`,
      ];
    })
  );
  return aligned([["against the first", "space", "log10 regret", "runs"], ...rows]);
}

function aligned(rows: readonly string[][]): string {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  return rows.map((row) => row.map((cell, j) => cell.padEnd(widths[j])).join("  ").trimEnd()).join(
    "\n",
  );
}
