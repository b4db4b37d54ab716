/**
 * What a suggestion costs as observations accumulate.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { logTicksOf } from "./_log_axis.ts";
import { frame } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";
import { methodScales, methodStyles } from "./method_style.ts";

/** What one suggestion of a method cost. */
export interface SuggestionCost {
  /** The method's name in result files. */
  method: string;
  /** Number of observations. */
  observations: number;
  /** Seconds, above 0. */
  seconds: number;
}

const width = 560, height = 320;

/** A line for each method, seconds per suggestion over the number of observations, both logarithmic. */
export function observationsFigure(
  costs: readonly SuggestionCost[],
  options: FigureOptions = {},
): Figure {
  const styles = methodStyles([...new Set(costs.map(({ method }) => method))]);
  const scales = methodScales(styles);
  const rows = styles.flatMap(({ method, label }) =>
    costs.filter((cost) => cost.method === method).map((cost) => ({ ...cost, label }))
  );
  const axis = (values: number[], title: string) => ({ title, values, format: "~g" });
  return {
    ...frame(options, width),
    width,
    height,
    data: { values: rows },
    mark: { type: "line", point: { filled: true, size: 90 }, strokeWidth: 2.5 },
    encoding: {
      x: {
        field: "observations",
        type: "quantitative",
        scale: { type: "log", nice: false },
        axis: axis([...new Set(costs.map(({ observations }) => observations))], "Observations"),
      },
      y: {
        field: "seconds",
        type: "quantitative",
        scale: { type: "log", nice: false },
        axis: axis(logTicksOf(costs.map(({ seconds }) => seconds)), "Seconds per suggestion"),
      },
      color: { field: "label", type: "nominal", scale: scales.color, legend: {} },
      shape: { field: "label", type: "nominal", scale: scales.shape, legend: {} },
    },
  };
}
