/**
 * Measured against true values: what a lucky measurement is.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { frame } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";

/** A configuration that was measured. */
export interface MeasuredValue {
  /** What a trial measured. */
  measured: number;
  /** The value without noise. */
  truth: number;
  /** What is said of it: one of `roles`. */
  role: string;
}

const width = 420, height = 420;

/**
 * A point for each measurement, the true value on the horizontal axis, what was measured on the vertical one, with
 * the line on which both are equal.
 *
 * @param roles What points are, with their colours; those of the later ones lie above.
 */
export function noiseFigure(
  values: readonly MeasuredValue[],
  roles: Readonly<Record<string, string>>,
  options: FigureOptions = {},
): Figure {
  const all = values.flatMap(({ measured, truth }) => [measured, truth]);
  const domain = [Math.min(...all), Math.max(...all)];
  const names = Object.keys(roles);
  const position = (field: string, title: string) => ({
    field,
    type: "quantitative" as const,
    scale: { domain, nice: true, zero: false },
    axis: { title, tickCount: 6 },
  });
  const x = position("truth", "True value"), y = position("measured", "Measured value");
  return {
    ...frame(options, width),
    width,
    height,
    layer: [
      {
        data: { values: domain.map((value) => ({ truth: value, measured: value })) },
        mark: { type: "line", color: "#888", strokeDash: [5, 4] },
        encoding: { x, y },
      },
      ...names.map((name) => ({
        data: { values: values.filter(({ role }) => role === name) },
        mark: { type: "point" as const, filled: true, size: 90, opacity: 0.85 },
        encoding: {
          x,
          y,
          color: {
            field: "role",
            type: "nominal" as const,
            scale: { domain: names, range: names.map((role) => roles[role]) },
            legend: { orient: "top" as const, direction: "vertical" as const },
          },
        },
      })),
    ],
  };
}
