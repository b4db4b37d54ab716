/**
 * Regret over trials in many small panels: a data set or a search space each.
 *
 * @module
 */
import type { BandCurve } from "../comparison/metrics.ts";
import type { Figure } from "./render.ts";
import { curvePanel } from "./_curve_panel.ts";
import { frame } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";
import { methodStyles } from "./method_style.ts";

/** One panel of {@linkcode regretGrid}. */
export interface RegretPanel {
  /** Name of the data set or the search space. */
  name: string;
  /** Average normalized regret of every method there. */
  averageRegret: readonly BandCurve[];
}

/** How {@linkcode regretGrid} lays out its panels. */
export interface RegretGridOptions extends FigureOptions {
  /**
   * Panels in a row.
   * @default {3}
   */
  columns?: number;
}

/**
 * Average normalized regret over the number of trials, a panel each, on logarithmic axes of their own,
 * with one legend.
 */
export function regretGrid(
  panels: readonly RegretPanel[],
  { columns = 3, ...options }: RegretGridOptions = {},
): Figure {
  const methods = panels.flatMap(({ averageRegret }) => averageRegret.map(({ method }) => method));
  const styles = methodStyles([...new Set(methods)]);
  const size = columns > 3 ? { width: 190, height: 150 } : { width: 260, height: 190 };
  return {
    ...frame(options, columns * (size.width + 70)),
    columns,
    spacing: { row: 22, column: 26 },
    concat: panels.map(({ name, averageRegret }, i) =>
      curvePanel({
        ...size,
        styles,
        interactive: options.interactive ?? false,
        heading: name,
        title: i % columns === 0 ? "Average Regret" : null,
        xTitle: i + columns >= panels.length ? "Number of trials" : null,
        curves: averageRegret,
        log: true,
      })
    ),
  };
}
