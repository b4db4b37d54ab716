/**
 * Critical-difference diagram: average ranks on a line, and bars over methods that do not differ.
 *
 * @module
 */
import type { RankComparison } from "../comparison/rank_comparison.ts";
import type { Figure } from "./render.ts";
import { type Encoding, frame, type Layer, type Position } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";
import { textWidth } from "./_text_width.ts";
import { methodStyles } from "./method_style.ts";

const width = 620;
const rowHeight = 26;
/** Room between the axis and the first label. */
const barsTop = 22;
const barDistance = 11;

/**
 * Draws average ranks, the best on the left, with a thick bar over each group of methods that the tests
 * do not tell apart; with Nemenyi's test also the critical difference.
 */
export function criticalDifferenceDiagram(
  { ranking, groups, criticalDifference }: RankComparison,
  options: FigureOptions = {},
): Figure {
  const count = ranking.length;
  const styles = methodStyles(ranking.map(({ method }) => method));
  const firstRow = barsTop + barDistance * groups.length + 8;
  const left = Math.ceil(count / 2); // the better half is labelled on the left
  const rows = ranking.map(({ method, averageRank }, place) => {
    const { label, color } = styles.find((style) => style.method === method)!;
    const row = place < left ? place : count - 1 - place;
    return {
      method: `${label}  ${averageRank.toFixed(2)}`,
      rank: round(averageRank),
      top: 0,
      y: firstRow + row * rowHeight,
      end: place < left ? 1 : count,
      color,
    };
  });
  const overhang = (count - 1) / 100;
  const bars = groups.map((group, i) => {
    const ranks = ranking.filter(({ method }) => group.includes(method));
    return {
      from: round(ranks[0].averageRank - overhang),
      to: round(ranks.at(-1)!.averageRank + overhang),
      y: barsTop + i * barDistance,
    };
  });
  const labelWidth = Math.max(
    ...rows.map(({ method }) => textWidth(method, { size: 14, bold: false })),
  );
  const height = firstRow + left * rowHeight;
  const y: Position = { type: "quantitative", scale: { domain: [height, 0] }, axis: null };
  const x: Position = {
    type: "quantitative",
    scale: { domain: [1, count], nice: false },
    axis: {
      orient: "top",
      title: "Average Rank (1 is best)",
      tickMinStep: 1,
      tickCount: count,
      format: "d",
      offset: 0,
      grid: false,
    },
  };
  const color: Encoding["color"] = { field: "color", type: "nominal", scale: null };
  const labels = (side: "left" | "right"): Layer => ({
    data: { values: rows.filter(({ end }) => (end === 1) === (side === "left")) },
    mark: {
      type: "text",
      align: side === "left" ? "right" : "left",
      dx: side === "left" ? -8 : 8,
      fontSize: 14,
      baseline: "middle",
      color: "#222",
    },
    encoding: {
      x: { ...x, field: "end" },
      y: { ...y, field: "y" },
      text: { field: "method" },
    },
  });
  return {
    ...frame(options, width + labelWidth),
    width,
    height,
    layer: [
      {
        data: { values: rows },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: {
          x: { ...x, field: "rank" },
          y: { ...y, field: "top" },
          y2: { field: "y" },
          color,
        },
      },
      {
        data: { values: rows },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: {
          x: { ...x, field: "rank" },
          x2: { field: "end" },
          y: { ...y, field: "y" },
          color,
        },
      },
      {
        data: { values: bars },
        mark: { type: "rule", strokeWidth: 6, strokeCap: "round", color: "#222" },
        encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y: { ...y, field: "y" } },
      },
      labels("left"),
      labels("right"),
      ...(criticalDifference === undefined ? [] : criticalDifferenceMark(criticalDifference, x, y)),
    ],
  };
}

/** The critical difference as a length below the labels of the left. */
function criticalDifferenceMark(
  length: number,
  x: Position,
  y: Position,
): Layer[] {
  const data = { values: [{ from: 1, to: round(1 + length), y: -34, text: "CD" }] };
  return [
    {
      data,
      mark: { type: "rule", strokeWidth: 2, color: "#222" },
      encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y: { ...y, field: "y" } },
    },
    {
      data,
      mark: { type: "text", align: "left", dx: 6, baseline: "middle", fontSize: 13, color: "#222" },
      encoding: { x: { ...x, field: "to" }, y: { ...y, field: "y" }, text: { field: "text" } },
    },
  ];
}

const round = (value: number): number => Number(value.toFixed(4));
