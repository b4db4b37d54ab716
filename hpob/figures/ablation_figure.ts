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

/**
 * A row for each variant, in groups: on the left its regret with the interval, on the right its seconds
 * per suggestion, both on logarithmic axes. Defaults are filled; the dashed line is the first default.
 */
export function ablationFigure(variants: readonly Ablation[], options: FigureOptions = {}): Figure {
  const rows: (Ablation & { row: number; kind: string })[] = [];
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
  const height = row * rowHeight;
  const positive = rows.flatMap(({ regret, interval }) => [regret, ...interval])
    .filter((value) => value > 0);
  const seconds = rows.map((row) => row.seconds);
  const floor = Math.min(...positive);
  const reference = rows.find(({ isDefault }) => isDefault);
  const dots = (field: "regret" | "seconds", title: string): Layer[] => {
    const x: Position = {
      field,
      type: "quantitative",
      scale: { type: "log", nice: false, padding: 14 },
      axis: { title, values: logTicksOf(field === "seconds" ? seconds : positive), format: "~g" },
    };
    return [
      ...(reference === undefined ? [] : [
        {
          data: { values: [{ [field]: reference[field] }] },
          mark: { type: "rule", strokeDash: [4, 4], color: "#999" },
          encoding: { x },
        } satisfies Layer,
      ]),
      ...(field === "seconds" ? [] : [
        {
          data: {
            values: rows.map(({ row, interval: [lower, upper] }) => ({
              row,
              lower: Math.max(lower, floor),
              upper: Math.max(upper, floor),
            })),
          },
          mark: { type: "rule", strokeWidth: 2, color: "#888" },
          encoding: { x: { ...x, field: "lower" }, x2: { field: "upper" }, y },
        } satisfies Layer,
      ]),
      {
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
          ...(options.interactive
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
      },
    ];
  };
  const labels: Panel = {
    width: 1,
    height,
    layer: [
      {
        data: { values: headings },
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
  return {
    ...frame(options, 860),
    spacing: 18,
    hconcat: [
      labels,
      { width: 330, height, layer: dots("regret", "Average Regret") },
      { width: 230, height, layer: dots("seconds", "Seconds per suggestion") },
    ],
  };
}
