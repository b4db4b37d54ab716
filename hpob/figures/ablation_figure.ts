/**
 * Variants of a method: how good they are, and what they cost.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { logTicksOf } from "./_log_axis.ts";
import { frame, type Layer, type Panel, type Position } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";

/** One variant. */
export interface Ablation {
  /** What is varied, e.g. `Denoising steps`; variants of a group must follow each other. */
  group: string;
  /** The variant's setting, e.g. `16`. */
  name: string;
  /** Mean normalized regret. */
  regret: number;
  /** 95% interval of the mean. */
  interval: readonly [number, number];
  /** Seconds per suggestion. */
  seconds: number;
  /** Whether it is the setting that is used otherwise. */
  isDefault?: boolean;
}

const rowHeight = 24;

/** A variant with its place in the figure. */
interface Row extends Ablation {
  row: number;
  kind: "Default" | "Variant";
}

/** What the panels of the figure share. */
interface Layout {
  rows: readonly Row[];
  headings: readonly { row: number; text: string }[];
  y: Position;
  height: number;
  /** The regrets and ends of intervals that a logarithmic axis can show. */
  positive: readonly number[];
  interactive: boolean;
}

/**
 * A row for each variant, in groups: on the left its regret with the interval, on the right its seconds
 * per suggestion, both on logarithmic axes. Defaults are filled; the dashed line is the first default.
 */
export function ablationFigure(variants: readonly Ablation[], options: FigureOptions = {}): Figure {
  const layout = layOut(variants, options.interactive ?? false);
  const { height } = layout;
  return {
    ...frame(options, 860),
    spacing: 18,
    hconcat: [
      labels(layout),
      { width: 330, height, layer: dots(layout, "regret", "Average Regret") },
      { width: 230, height, layer: dots(layout, "seconds", "Seconds per suggestion") },
    ],
  };
}

/** Numbers the rows, with a heading above each group and half a row between groups. */
function layOut(variants: readonly Ablation[], interactive: boolean): Layout {
  const rows: Row[] = [];
  const headings: { row: number; text: string }[] = [];
  let row = 0;
  for (const [i, variant] of variants.entries()) {
    if (variant.group !== variants[i - 1]?.group) {
      if (i > 0) row += 0.5;
      headings.push({ row: row++, text: variant.group });
    }
    rows.push({ ...variant, row: row++, kind: variant.isDefault ? "Default" : "Variant" });
  }
  const y: Position = {
    field: "row",
    type: "quantitative",
    scale: { domain: [row - 0.4, -0.6], nice: false, zero: false },
    axis: null,
  };
  const positive = rows.flatMap(({ regret, interval }) => [regret, ...interval])
    .filter((value) => value > 0);
  return { rows, headings, y, height: row * rowHeight, positive, interactive };
}

/** The names of groups and variants. */
function labels({ rows, headings, y, height }: Layout): Panel {
  return {
    width: 1,
    height,
    layer: [
      {
        data: { values: [...headings] },
        mark: { type: "text", align: "right", fontSize: 13, fontWeight: "bold", color: "#222" },
        encoding: { y, text: { field: "text" } },
      },
      {
        data: { values: rows.map(({ row, name }) => ({ row, name })) },
        mark: { type: "text", align: "right", fontSize: 13, color: "#222" },
        encoding: { y, text: { field: "name" } },
      },
    ],
  };
}

/** A panel: the first default as a line, the intervals of regrets, and a dot for each variant. */
function dots(layout: Layout, field: "regret" | "seconds", title: string): Layer[] {
  const { rows, positive } = layout;
  const values = field === "seconds" ? rows.map((row) => row.seconds) : positive;
  const x: Position = {
    field,
    type: "quantitative",
    scale: { type: "log", nice: false, padding: 14 },
    axis: { title, values: logTicksOf(values), format: "~g" },
  };
  const reference = rows.find(({ isDefault }) => isDefault);
  return [
    ...(reference === undefined ? [] : [
      {
        data: { values: [{ [field]: reference[field] }] },
        mark: { type: "rule", strokeDash: [4, 4], color: "#999" },
        encoding: { x },
      } satisfies Layer,
    ]),
    ...(field === "seconds" ? [] : [intervals(layout, x)]),
    variantDots(layout, x),
  ];
}

function intervals({ rows, positive, y }: Layout, x: Position): Layer {
  const floor = Math.min(...positive);
  return {
    data: {
      values: rows.map(({ row, interval: [lower, upper] }) => ({
        row,
        lower: Math.max(lower, floor),
        upper: Math.max(upper, floor),
      })),
    },
    mark: { type: "rule", strokeWidth: 2, color: "#888" },
    encoding: { x: { ...x, field: "lower" }, x2: { field: "upper" }, y },
  };
}

function variantDots({ rows, positive, y, interactive }: Layout, x: Position): Layer {
  const floor = Math.min(...positive);
  return {
    data: {
      values: rows.map(({ interval: _, ...row }) => ({
        ...row,
        regret: Math.max(row.regret, floor),
      })),
    },
    mark: { type: "point", size: 90, strokeWidth: 2, opacity: 1, stroke: "#d62728" },
    encoding: {
      x,
      y,
      fill: {
        field: "kind",
        type: "nominal",
        scale: { domain: ["Default", "Variant"], range: ["#d62728", "#ffffff"] },
        legend: { orient: "bottom", symbolStrokeColor: "#d62728" },
      },
      ...(interactive
        ? {
          tooltip: [
            { field: "group", title: "Varied" },
            { field: "name", title: "Setting" },
            { field: "regret", type: "quantitative", title: "Regret", format: ".4g" },
            { field: "seconds", type: "quantitative", title: "Seconds", format: ".3g" },
          ],
        }
        : {}),
    },
  };
}
