/**
 * What methods cost, and how good they are.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { logTicks } from "./_log_axis.ts";
import { placeLabels } from "./_labels.ts";
import { frame, type Position } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";
import { methodStyles } from "./method_style.ts";

/** One method. */
export interface MethodCost {
  /** Its name in result files. */
  method: string;
  /** Mean seconds per suggestion, above 0. */
  seconds: number;
  /** Mean normalized regret. */
  regret: number;
}

const width = 620, height = 360;
/** Room between the outermost points and the border, as a factor of the quantity. */
const margin = 1.7;

/**
 * A point for each method, seconds per suggestion on the horizontal axis, regret on the vertical one, both
 * logarithmic: the best are at the bottom left. A regret of 0 is drawn at a tenth of the smallest other one.
 */
export function costFigure(costs: readonly MethodCost[], options: FigureOptions = {}): Figure {
  const positive = costs.map(({ regret }) => regret).filter((regret) => regret > 0);
  const floor = Math.min(1, ...positive) / 10;
  const rows = methodStyles(costs.map(({ method }) => method)).map((style) => {
    const { seconds, regret } = costs.find(({ method }) => method === style.method)!;
    return { ...style, seconds, regret, y: regret > 0 ? regret : floor };
  });
  const x = logScale(rows.map(({ seconds }) => seconds), [0, width]);
  const y = logScale(rows.map((row) => row.y), [height, 0]);
  const labels = placeLabels(
    rows.map(({ label, seconds, y: value }) => ({ label, x: x.at(seconds), y: y.at(value) })),
    { width, height },
  );
  const position = (field: string, domain: readonly [number, number], title: string): Position => ({
    field,
    type: "quantitative",
    scale: { type: "log", domain: [...domain], nice: false },
    axis: { title, values: logTicks(domain), format: "~g" },
  });
  const at = {
    x: position("seconds", x.domain, "Seconds per suggestion"),
    y: position("y", y.domain, "Average Regret"),
  };
  return {
    ...frame(options, width),
    width,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: "point", filled: true, size: 110, opacity: 1 },
        encoding: {
          ...at,
          color: { field: "color", type: "nominal", scale: null },
          stroke: { field: "color", type: "nominal", scale: null }, // of marks without an area
          shape: { field: "shape", type: "nominal", scale: null },
          ...(options.interactive
            ? {
              tooltip: [
                { field: "label", title: "Method" },
                { field: "regret", type: "quantitative", title: "Regret", format: ".4g" },
                { field: "seconds", type: "quantitative", title: "Seconds", format: ".3g" },
              ],
            }
            : {}),
        },
      },
      ...labels.map(({ align, dx, dy }, i) => ({
        data: { values: [rows[i]] },
        mark: { type: "text" as const, align, dx, dy, baseline: "middle" as const, fontSize: 13 },
        encoding: { ...at, text: { field: "label" } },
      })),
    ],
  };
}

/** A logarithmic scale around some values. */
function logScale(
  values: readonly number[],
  [from, to]: readonly [number, number],
): { domain: readonly [number, number]; at(value: number): number } {
  const domain = [Math.min(...values) / margin, Math.max(...values) * margin] as const;
  const [low, high] = domain.map(Math.log);
  return { domain, at: (value) => from + (to - from) * (Math.log(value) - low) / (high - low) };
}
