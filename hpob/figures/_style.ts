/**
 * How all figures look.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { textWidth } from "./_text_width.ts";
import type { FigureOptions } from "./figure_options.ts";

/** Pixels after which a name in a legend is cut. */
export const labelLimit = 320;

const captionFont = { size: 13, bold: false };

/**
 * Everything that a figure sets apart from its data. Sizes are chosen so that all text can be read at
 * half the figure's size. Verdana is as wide as DejaVu Sans, for viewers that do not have the latter.
 */
const config: NonNullable<Figure["config"]> = {
  background: "white",
  font: "DejaVu Sans, Verdana, sans-serif",
  padding: 12,
  view: { stroke: null },
  axis: {
    domainColor: "#888",
    gridColor: "#e6e6e6",
    labelColor: "#333",
    labelFontSize: 13,
    labelFlush: false,
    labelPadding: 6,
    tickColor: "#888",
    tickSize: 4,
    titleColor: "#222",
    titleFontSize: 14,
    titleFontWeight: "normal",
    titlePadding: 10,
  },
  header: { labelFontSize: 14, labelColor: "#222", labelFontWeight: "bold", labelPadding: 6 },
  legend: {
    labelColor: "#222",
    labelFontSize: 14,
    labelLimit,
    symbolOpacity: 1,
    symbolSize: 110,
    symbolStrokeWidth: 2.5,
    title: null,
    titleLimit: 0,
    titleColor: "#222",
    titleFontSize: 13,
    titleFontWeight: "normal",
  },
  title: {
    anchor: "start",
    color: "#111",
    fontSize: 16,
    fontWeight: "bold",
    frame: "bounds",
    offset: 14,
    subtitleColor: "#444",
    subtitleFontSize: captionFont.size,
    subtitleLineHeight: 18,
    subtitlePadding: 7,
  },
};

/** A part of a figure that is laid out beside others. */
export type Panel = Extract<Figure, { hconcat: unknown }>["hconcat"][number];

/** A layer of a panel. */
export type Layer = Extract<Panel, { layer: unknown }>["layer"][number];

/** The channels of a layer. */
export type Encoding = NonNullable<Extract<Layer, { mark: unknown }>["encoding"]>;

/** A quantity on an axis. */
export type Position = Extract<NonNullable<Encoding["y"]>, { axis?: unknown }>;

/** Name of a Vega signal: the methods that the reader of an interactive figure has switched off. */
export const hiddenMethods = "hiddenMethods";

/** What all figures have in common; `width` in pixels is that of the caption's lines. */
export function frame(
  { title, caption, interactive }: FigureOptions,
  width: number,
): Pick<Figure, "config" | "title" | "params"> {
  return {
    config,
    ...(title === undefined
      ? {}
      : { title: { text: title, subtitle: caption ? breakLines(caption, width) : [] } }),
    ...(interactive ? { params: [{ name: hiddenMethods, value: [] }] } : {}),
  };
}

function breakLines(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, captionFont) <= width) lines.pop();
    else if (lines.length > 0) {
      lines.push(word);
      continue;
    }
    lines.push(longer);
  }
  return lines;
}
