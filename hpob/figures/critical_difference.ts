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

/** How {@linkcode criticalDifferenceDiagram} draws. */
export interface CriticalDifferenceOptions extends FigureOptions {
  /**
   * The methods in the order of other figures, so that they have the same colours.
   * @default {as they are ranked}
   */
  methods?: readonly string[];
}

/** A method's average rank with the line that leads to its label. */
interface Stem {
  /** The label. */
  method: string;
  rank: number;
  /** Where the line begins. */
  top: number;
  /** Height of the label. */
  y: number;
  /** End of the axis at which the label is. */
  end: number;
  color: string;
}

/**
 * Draws average ranks, the best on the left, with a thick bar over each group of methods that the tests
 * do not tell apart; with Nemenyi's test also the critical difference.
 */
export function criticalDifferenceDiagram(
  comparison: RankComparison,
  { methods, ...options }: CriticalDifferenceOptions = {},
): Figure {
  const { ranking, groups, criticalDifference } = comparison;
  const count = ranking.length;
  const firstRow = barsTop + barDistance * groups.length + 8;
  const stems = stemsOf(ranking, firstRow, methods ?? ranking.map(({ method }) => method));
  const labelWidth = Math.max(
    ...stems.map(({ method }) => textWidth(method, { size: 14, bold: false })),
  );
  const height = firstRow + Math.ceil(count / 2) * rowHeight;
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
  return {
    ...frame(options, width + labelWidth),
    width,
    height,
    layer: [
      ...stemLayers(stems, x, y),
      {
        data: { values: barsOf(comparison) },
        mark: { type: "rule", strokeWidth: 6, strokeCap: "round", color: "#222" },
        encoding: { x: { ...x, field: "from" }, x2: { field: "to" }, y: { ...y, field: "y" } },
      },
      labels(stems, "left", x, y),
      labels(stems, "right", x, y),
      ...(criticalDifference === undefined ? [] : criticalDifferenceMark(criticalDifference, x, y)),
    ],
  };
}

/** The better half is labelled on the left, the other one on the right, the worst on top. */
function stemsOf(
  ranking: RankComparison["ranking"],
  firstRow: number,
  methods: readonly string[],
): Stem[] {
  const count = ranking.length, left = Math.ceil(count / 2);
  const styles = methodStyles(methods);
  return ranking.map(({ method, averageRank }, place) => {
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
}

/** The bars over methods that are not told apart, a little longer than from rank to rank. */
function barsOf({ ranking, groups }: RankComparison): { from: number; to: number; y: number }[] {
  const overhang = (ranking.length - 1) / 100;
  return groups.map((group, i) => {
    const ranks = ranking.filter(({ method }) => group.includes(method));
    return {
      from: round(ranks[0].averageRank - overhang),
      to: round(ranks.at(-1)!.averageRank + overhang),
      y: barsTop + i * barDistance,
    };
  });
}

/** From each rank down, and from there to the side of the label. */
function stemLayers(stems: readonly Stem[], x: Position, y: Position): Layer[] {
  const color: Encoding["color"] = { field: "color", type: "nominal", scale: null };
  const common = {
    data: { values: [...stems] },
    mark: { type: "rule", strokeWidth: 2 },
  } satisfies Partial<Layer>;
  return [
    {
      ...common,
      encoding: {
        x: { ...x, field: "rank" },
        y: { ...y, field: "top" },
        y2: { field: "y" },
        color,
      },
    },
    {
      ...common,
      encoding: {
        x: { ...x, field: "rank" },
        x2: { field: "end" },
        y: { ...y, field: "y" },
        color,
      },
    },
  ];
}

/** The labels of one side. */
function labels(
  stems: readonly Stem[],
  side: "left" | "right",
  x: Position,
  y: Position,
): Layer {
  return {
    data: { values: stems.filter(({ end }) => (end === 1) === (side === "left")) },
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
