/**
 * One panel of curves with bands over the number of trials.
 *
 * @module
 */
import type { BandCurve } from "../comparison/metrics.ts";
import {
  type Encoding,
  hiddenMethods,
  labelLimit,
  type Layer,
  type Panel,
  type Position,
} from "./_style.ts";
import { textWidth } from "./_text_width.ts";
import { logTicks } from "./_log_axis.ts";
import { methodScales, type MethodStyle } from "./method_style.ts";

/** What a panel shows. */
export interface CurvePanel {
  /** Title of the vertical axis, or null for none. */
  title: string | null;
  /** Title of the horizontal axis, or null for none. */
  xTitle?: string | null;
  /** A curve a method. */
  curves: readonly BandCurve[];
  /** All methods of the figure, in the order of the legend. */
  styles: readonly MethodStyle[];
  /** Whether the vertical axis is logarithmic. */
  log: boolean;
  /** Whether it answers to the pointer. */
  interactive: boolean;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  /** Above the panel. */
  heading?: string;
}

type Axis = NonNullable<Position["axis"]>;
type Scale = NonNullable<Position["scale"]>;
type Tooltip = Extract<NonNullable<Encoding["tooltip"]>, unknown[]>[number];

/** A number as readers of a figure want it. */
const readable = (value: number): number => Number(value.toPrecision(6));

/** The panel, as a part of a Vega-Lite specification. */
export function curvePanel(panel: CurvePanel): Panel {
  const { curves, styles, log, interactive, width, height, title } = panel;
  // A single incumbent is drawn at the beginning of an axis of one trial.
  const trials = Math.max(1, ...curves.map(({ values }) => values.length - 1));
  const domain = log ? logDomain(curves) : linearDomain(curves);
  const inside = (value: number): number => readable(Math.max(value, domain[0]));
  const places = new Map(styles.map(({ method }, place) => [method, place]));
  const rows = curves.flatMap(({ method, values, lower, upper }) =>
    values.map((value, trial) => ({
      method: styles[places.get(method)!].label,
      ...(interactive ? { column: columnOf(places.get(method)!) } : {}),
      trial,
      value: inside(value),
      lower: inside(lower[trial]),
      upper: inside(upper[trial]),
    }))
  );
  const scales = methodScales(styles);
  const markEvery = Math.max(1, Math.round(trials / 5));
  const x: Encoding["x"] = {
    field: "trial",
    type: "quantitative",
    scale: { domain: [0, trials], nice: false },
    axis: {
      title: panel.xTitle === undefined ? "Number of trials" : panel.xTitle,
      tickMinStep: 1,
      tickCount: 5,
      grid: false,
    },
  };
  const axis: Axis = log
    ? { title, values: logTicks(domain), format: "~g", grid: true }
    : { title, tickCount: 6, grid: true };
  const scale: Scale = log
    ? { type: "log", domain, nice: false }
    : { domain, nice: false, zero: false };
  const color: Encoding["color"] = {
    field: "method",
    type: "nominal",
    scale: scales.color,
    legend: { orient: "bottom", direction: "horizontal", ...legendColumns(styles) },
  };
  const shape: Encoding["shape"] = { field: "method", type: "nominal", scale: scales.shape };
  const y: Encoding["y"] = { field: "value", type: "quantitative", scale, axis };
  return {
    width,
    height,
    ...(panel.heading === undefined
      ? {}
      : { title: { text: panel.heading, fontSize: 14, offset: 8, frame: "group" } }),
    data: { values: rows },
    ...(interactive
      ? { transform: [{ filter: `indexof(${hiddenMethods}, datum.method) < 0` }] }
      : {}),
    layer: [
      {
        mark: { type: "area", opacity: 0.15, clip: true },
        encoding: {
          x,
          y: { ...y, field: "lower" },
          y2: { field: "upper" },
          color,
        },
      },
      {
        mark: { type: "line", strokeWidth: 2.5, clip: true },
        encoding: { x, y, color },
      },
      {
        transform: [{ filter: `datum.trial % ${markEvery} === 0` }],
        mark: { type: "point", filled: true, size: width < 200 ? 40 : 70, opacity: 1 },
        encoding: { x, y, color, shape },
      },
      ...(interactive ? [pointerLayer(panel, trials)] : []),
    ],
  };
}

/** Pixels for the legend, of which each name takes some beside its text. */
const legendWidth = 860, besideName = 48;

/** A legend that does not fit into one line has columns. */
function legendColumns(styles: readonly MethodStyle[]): { columns?: number } {
  const widths = styles.map(({ label }) =>
    Math.min(textWidth(label, { size: 14, bold: false }), labelLimit) + besideName
  );
  if (widths.reduce((sum, width) => sum + width, 0) <= legendWidth) return {};
  return { columns: Math.max(1, Math.floor(legendWidth / Math.max(...widths))) };
}

/** A method's field in the rows of all methods: its name may be no field's name. */
const columnOf = (place: number): string => `m${place}`;

/** Invisible stripes, one a trial, that show all values of the trial when pointed at. */
function pointerLayer({ styles, width }: CurvePanel, trials: number): Layer {
  return {
    params: [
      {
        name: "pointed",
        select: { type: "point", fields: ["trial"], on: "pointerover", clear: "pointerout" },
      },
    ],
    transform: [{ pivot: "column", value: "value", groupby: ["trial"] }],
    mark: { type: "rule", strokeWidth: Math.max(width / trials, 1), color: "#444" },
    encoding: {
      x: { field: "trial", type: "quantitative" },
      opacity: { condition: { param: "pointed", empty: false, value: 0.15 }, value: 0 },
      tooltip: [
        { field: "trial", type: "quantitative", title: "Trials" },
        ...styles.map(({ label }, place) => ({
          field: columnOf(place),
          type: "quantitative",
          format: ".4g",
          title: label,
        } satisfies Tooltip)),
      ],
    },
  };
}

/** From below the smallest value that can be drawn to above the largest. */
function logDomain(curves: readonly BandCurve[]): [number, number] {
  const values = curves.flatMap((curve) => curve.values).filter((value) => value > 0);
  if (values.length === 0) return [0.1, 1]; // all curves lie on the bottom
  const top = Math.max(...curves.flatMap((curve) => curve.upper));
  return [readable(Math.min(...values) / 1.5), readable(top * 1.1)];
}

function linearDomain(curves: readonly BandCurve[]): [number, number] {
  const bottom = Math.min(...curves.flatMap((curve) => curve.lower));
  const top = Math.max(...curves.flatMap((curve) => curve.upper));
  const margin = (top - bottom) * 0.05 || 0.5;
  return [readable(bottom - margin), readable(top + margin)];
}
