/**
 * The table that a benchmark ends with.
 *
 * @module
 */
import { mean } from "simple-statistics";
import type { Comparison } from "../../hpob/comparison/aligned_results.ts";
import {
  type AggregationOptions,
  averageRank,
  meanRegret,
  medianRegret,
} from "../../hpob/comparison/metrics.ts";
import type { Results } from "../../hpob/comparison/results.ts";

/** Numbers of trials that the table shows, as far as the runs go. */
const shownTrials = [0, 5, 10, 25, 50];

/**
 * Mean and median normalized regret, average rank and seconds per suggestion of every method, as a
 * Markdown table.
 */
export function summaryTable(
  comparison: Comparison,
  results: readonly Results[],
  options: AggregationOptions = {},
): string {
  const trials = shownTrials.filter((trial) => trial < comparison.trials);
  trials.push(comparison.trials);
  const columns = [meanRegret(comparison, options), medianRegret(comparison, options)];
  const ranks = averageRank(comparison, options);
  const header = [
    "method",
    ...trials.map((trial) => `mean @${trial}`),
    ...trials.map((trial) => `median @${trial}`),
    `rank @${comparison.trials}`,
    "s / suggestion",
  ];
  const rows = comparison.methods.map((method, m) => [
    markdownText(method),
    ...columns.flatMap((curves) => trials.map((trial) => curves[m].values[trial].toFixed(4))),
    ranks[m].values[comparison.trials].toFixed(2),
    secondsPerSuggestion(results.find((result) => result.method === method)!),
  ]);
  return markdownTable([header, ...rows]);
}

function secondsPerSuggestion({ runs }: Results): string {
  const seconds = runs.flatMap((run) => run.secondsPerSuggestion ?? []);
  return seconds.length === 0 ? "-" : Number(mean(seconds).toPrecision(2)).toString();
}

/** Text that Markdown shows as it is, in a cell of a table too. */
export function markdownText(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ")
    .replaceAll(/[\\`*_[\]<>|~$]|&(?=[#\w])/g, (sign) => `\\${sign}`);
}

/** Rows of cells, the first one the header, with aligned columns: the first left, the others right. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  const line = (cells: readonly string[]): string =>
    `| ${
      cells.map((cell, j) => j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j])).join(
        " | ",
      )
    } |`;
  const rule = `| ${
    widths.map((width, j) => "-".repeat(width - (j === 0 ? 0 : 1)) + (j === 0 ? "" : ":"))
      .join(" | ")
  } |`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join("\n");
}
