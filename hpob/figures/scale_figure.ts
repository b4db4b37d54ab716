/**
 * How something grows: with the number of hyperparameters, or of observations.
 *
 * @module
 */
import { type Encoding, frame, type Layer, type Panel } from "./_style.ts";
import { logTicks } from "./_log_axis.ts";
import type { FigureOptions } from "./figure_options.ts";
import { methodScales, type MethodStyle, methodStyles } from "./method_style.ts";
import type { Figure } from "./render.ts";

/** A point of a method's curve, with its band. */
export interface ScalePoint {
  /** The method's name in result files. */
  method: string;
  /** Position on the horizontal axis. */
  x: number;
  /** The value. */
  value: number;
  /** Lower edge of the band. @default {`value`} */
  lower?: number;
  /** Upper edge of the band. @default {`value`} */
  upper?: number;
}

/** One panel of {@linkcode scaleFigure}. */
export interface ScalePanel {
  /** Above the panel. */
  heading: string;
  /** Title of the horizontal axis. */
  xTitle: string;
  /** Whether the horizontal axis is logarithmic. */
  log: boolean;
  /** The curves. */
  points: readonly ScalePoint[];
}

/** How {@linkcode scaleFigure} is drawn. */
export interface ScaleFigureOptions extends FigureOptions {
  /** Title of the vertical axes. */
  yTitle: string;
  /**
   * The vertical axes end here: smaller values lie on their bottom.
   * @default {0}
   */
  bottom?: number;
}

const width = 270, height = 220, columns = 3, legendSpace = 30;

/** A panel for each thing that grows, three in a row, on one logarithmic vertical scale. */
export function scaleFigure(panels: readonly ScalePanel[], options: ScaleFigureOptions): Figure {
  const all = panels.flatMap(({ points }) => points);
  const styles = methodStyles([...new Set(all.map(({ method }) => method))]);
  const positive = all.map(({ value }) => value).filter((value) => value > 0);
  const bottom = Math.max(options.bottom ?? 0, Math.min(1, ...positive) / 1.3);
  const top = Math.max(2 * bottom, ...all.map(({ value, upper = value }) => 1.2 * upper));
  const places = panels.map((_, i) => ({
    yTitle: i % columns === 0 ? options.yTitle : null,
    domain: [bottom, top] as const,
  }));
  return {
    ...frame(options, columns * (width + 40)),
    columns,
    spacing: { row: legendSpace, column: 26 },
    concat: panels.map((panel, i) => scalePanel(panel, styles, places[i])),
  };
}

function scalePanel(
  { heading, xTitle, log, points }: ScalePanel,
  styles: readonly MethodStyle[],
  { yTitle, domain }: { yTitle: string | null; domain: readonly [number, number] },
): Panel {
  const inside = (value: number): number => Number(Math.max(value, domain[0]).toPrecision(6));
  const rows = styles.flatMap(({ method, label }) =>
    points.filter((point) => point.method === method).map((
      { x, value, lower = value, upper = value },
    ) => ({ label, x, value: inside(value), lower: inside(lower), upper: inside(upper) }))
  );
  const ticks = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const scales = methodScales(styles);
  const x: Encoding["x"] = {
    field: "x",
    type: "quantitative",
    scale: log
      ? { type: "log", domain: [ticks[0], ticks.at(-1)!], nice: false }
      : { domain: [0, ticks.at(-1)!], nice: false },
    axis: { title: xTitle, values: ticks, format: "~g", grid: false },
  };
  const y: Encoding["y"] = {
    field: "value",
    type: "quantitative",
    scale: { type: "log", domain: [...domain], nice: false },
    axis: { title: yTitle, values: logTicks(domain), format: "~g", grid: true },
  };
  const color: Encoding["color"] = {
    field: "label",
    type: "nominal",
    scale: scales.color,
    legend: { orient: "bottom", direction: "horizontal" },
  };
  const shape: Encoding["shape"] = { field: "label", type: "nominal", scale: scales.shape };
  const layer: Layer[] = [
    {
      mark: { type: "area", opacity: 0.15, clip: true },
      encoding: { x, y: { ...y, field: "lower" }, y2: { field: "upper" }, color },
    },
    { mark: { type: "line", strokeWidth: 2.5, clip: true }, encoding: { x, y, color } },
    {
      mark: { type: "point", filled: true, size: 70, opacity: 1 },
      encoding: { x, y, color, shape },
    },
  ];
  return {
    width,
    height,
    title: { text: heading, fontSize: 14, offset: 8, frame: "group" },
    data: { values: rows },
    layer,
  };
}
