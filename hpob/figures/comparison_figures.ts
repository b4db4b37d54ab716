/**
 * All figures of a comparison of methods, with titles and captions.
 *
 * @module
 */
import { compareByDataset, type Comparison } from "../comparison/aligned_results.ts";
import { averageRank, type BandOptions, meanRegret } from "../comparison/metrics.ts";
import { describeP } from "../comparison/p_values.ts";
import { compareRanks } from "../comparison/rank_comparison.ts";
import type { Figure } from "./render.ts";
import type { FigureOptions } from "./figure_options.ts";
import { criticalDifferenceDiagram } from "./critical_difference.ts";
import { mainFigure } from "./main_figure.ts";
import { regretGrid, type RegretPanel } from "./regret_grid.ts";

/** A figure that can be drawn as a picture, with its words in it, or for a page, beside them. */
export interface CaptionedFigure {
  /** Name for files. */
  readonly name: string;
  /** Title. */
  readonly title: string;
  /** How to read it. Of which benchmark it is, {@linkcode describeRuns} says. */
  readonly caption: string;
  /** Makes the figure. */
  draw(options?: FigureOptions): Figure;
}

/** More data sets than this do not get a panel each. */
const mostDatasets = 24;

/**
 * Rank and regret over trials; regret on each data set, or on each search space where there are several;
 * and, for two methods or more on two runs or more, the critical-difference diagram.
 */
export function comparisonFigures(
  comparison: Comparison,
  options: BandOptions = {},
): CaptionedFigure[] {
  const { methods, runs, trials } = comparison;
  const band = options.band === "official"
    ? "Bands as in HPO-B's figures: half of a 95% interval (mean ± 0.98 standard errors)."
    : "Bands: 95% intervals (mean ± 1.96 standard errors).";
  const figures: CaptionedFigure[] = [];
  const add = (
    name: string,
    title: string,
    caption: string,
    draw: (options: FigureOptions) => Figure,
  ) => figures.push({ name, title, caption, draw: (drawing = {}) => draw(drawing) });

  const data = {
    averageRank: averageRank(comparison, options),
    averageRegret: meanRegret(comparison, options),
  };
  add(
    "rank-and-regret",
    "Average rank and average regret",
    band,
    (drawing) => mainFigure(data, drawing),
  );

  const spaces = [...Map.groupBy(runs, (run) => run.searchSpaceId)];
  if (spaces.length > 1) {
    const panels: RegretPanel[] = spaces.map(([name, ofSpace]) => ({
      name,
      averageRegret: meanRegret({ ...comparison, runs: ofSpace }, options),
    }));
    panels.push({ name: "All search spaces", averageRegret: data.averageRegret });
    add(
      "spaces",
      "Average regret on each search space",
      band,
      (drawing) => regretGrid(panels, { ...drawing, columns: 4 }),
    );
  }
  const datasets = compareByDataset(comparison);
  if (datasets.length > 1 && datasets.length <= mostDatasets) {
    const panels = datasets.map(({ searchSpaceId, datasetId, comparison: part }) => ({
      name: spaces.length > 1 ? `${searchSpaceId} / ${datasetId}` : datasetId,
      averageRegret: meanRegret(part, options),
    }));
    add(
      "datasets",
      "Average regret on each data set",
      band,
      (drawing) => regretGrid(panels, drawing),
    );
  }
  if (methods.length > 1 && runs.length > 1) {
    const ranks = compareRanks(comparison);
    const caption = "A bar joins methods that are not told apart: " +
      (ranks.friedmanPValue < 0.05
        ? "Wilcoxon's signed-rank test of each pair, Holm's adjustment, level 0.05"
        : "all, as Friedman's test does not reject at level 0.05") +
      ` (Friedman: ${describeP(ranks.friedmanPValue)}).`;
    add(
      "ranking",
      `Ranking after ${trials} trials`,
      caption,
      (drawing) => criticalDifferenceDiagram(ranks, { ...drawing, methods }),
    );
  }
  return figures;
}

/**
 * Which benchmark, protocol and runs, in a sentence.
 *
 * @param benchmark Name of the benchmark; without it, the search spaces alone are named.
 */
export function describeRuns(comparison: Comparison, benchmark?: string): string {
  const { runs, protocol, incompleteRuns } = comparison;
  const spaces = new Set(runs.map((run) => run.searchSpaceId));
  const [space] = spaces;
  const parts = [
    ...(benchmark === undefined ? [] : [
      benchmark === "hpob-mini" ? "hpob-mini (embedded benchmark, not HPO-B)" : benchmark,
    ]),
    spaces.size === 1 ? `search space ${space}` : `${spaces.size} search spaces`,
    protocol === "unknown" ? "protocol not stated" : `${protocol} protocol`,
    count(runs.length, "run") + " of each method on " +
    count(compareByDataset(comparison).length, "data set"),
    ...(incompleteRuns > 0 ? [`${count(incompleteRuns, "run")} left out as not all have it`] : []),
  ];
  return `On ${parts.join(", ")}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
