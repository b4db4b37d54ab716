/**
 * The figure that HPO-B compares methods by: average rank and average regret over trials.
 *
 * @module
 */
import type { BandCurve } from "../comparison/metrics.ts";
import type { Figure } from "./render.ts";
import { curvePanel } from "./_curve_panel.ts";
import { frame } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";
import { methodStyles } from "./method_style.ts";

/** What {@linkcode mainFigure} draws. */
export interface MainFigureData {
  /** Average rank of every method. */
  averageRank: readonly BandCurve[];
  /** Average normalized regret of every method. */
  averageRegret: readonly BandCurve[];
}

/**
 * Two panels side by side over the number of trials, with one legend: average rank, and average
 * normalized regret on a logarithmic axis. What lies at or below zero there, such as the lower edge
 * of a band, is drawn on the bottom.
 */
export function mainFigure(
  { averageRank, averageRegret }: MainFigureData,
  options: FigureOptions = {},
): Figure {
  const styles = methodStyles(averageRank.map(({ method }) => method));
  const { interactive = false } = options;
  const common = { styles, interactive, width: 390, height: 300 };
  return {
    ...frame(options, 880),
    spacing: 36,
    hconcat: [
      curvePanel({ ...common, title: "Average Rank", curves: averageRank, log: false }),
      curvePanel({ ...common, title: "Average Regret", curves: averageRegret, log: true }),
    ],
  };
}
