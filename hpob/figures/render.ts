/**
 * Turns figures (Vega-Lite specifications) into SVG and PNG, without a browser.
 *
 * Reads the font and the WASM renderer from the folders of their packages, and nothing else.
 *
 * @module
 */
// Nothing of the font's metadata is needed, but the import makes the package part of the module graph,
// so that its folder is known to `import.meta.resolve` wherever this module is imported from.
import "@fontsource/dejavu-sans/metadata.json" with { type: "json" };
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import * as vega from "vega";
import * as vegaLite from "vega-lite";
import { textWidth } from "./_text_width.ts";

/** A figure: a Vega-Lite specification with its data. */
export type Figure = vegaLite.TopLevelSpec;

/** How {@linkcode renderPng} draws. */
export interface PngOptions {
  /**
   * Pixels of the image per pixel of the figure.
   * @default {2}
   */
  scale?: number;
}

/** Parts of Vega that its type declarations leave out. */
const untyped = vega as unknown as {
  textMetrics: { width(item: TextItem, text: string): number };
  resetSVGDefIds(): void;
};

interface TextItem {
  fontSize?: number;
  fontWeight?: string | number;
}

/** What Vega calls for the width of a text, by the widths of DejaVu Sans. */
const measureText = ({ fontSize = 11, fontWeight }: TextItem, text: string): number =>
  textWidth(String(text), { size: fontSize, bold: fontWeight === "bold" || +fontWeight! >= 600 });

/**
 * Draws a view. Without a canvas, Vega takes every character for 0.8 of the font's size wide: legends
 * and titles would drift apart. Its documented way out is a replacement of one function, which is in
 * place here for as long as the view is drawn: other users of Vega in the process keep theirs.
 */
async function draw(view: vega.View): Promise<string> {
  const { width } = untyped.textMetrics;
  untyped.textMetrics.width = measureText;
  try {
    return await view.toSVG();
  } finally {
    untyped.textMetrics.width = width;
  }
}

/** Vega numbers the clip paths of a process in one row: figures are drawn one after another. */
let drawing: Promise<unknown> = Promise.resolve();

/** Draws a figure as SVG. Equal figures give equal bytes. */
export function renderSvg(figure: Figure): Promise<string> {
  const { spec } = vegaLite.compile(figure);
  const svg = drawing.then(async () => {
    untyped.resetSVGDefIds();
    const view = new vega.View(vega.parse(spec), { renderer: "none" });
    try {
      return await draw(view);
    } finally {
      view.finalize();
    }
  });
  drawing = svg.catch(() => {}); // a figure that cannot be drawn must not stop those after it
  return svg;
}

/** Draws an SVG as PNG, with the text in DejaVu Sans on a white ground. */
export async function renderPng(svg: string, { scale = 2 }: PngOptions = {}): Promise<Uint8Array> {
  const fontBuffers = await startRenderer();
  const renderer = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: scale },
    font: { fontBuffers, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  });
  try {
    const image = renderer.render();
    const png = image.asPng();
    image.free();
    return png;
  } finally {
    renderer.free();
  }
}

let renderer: Promise<Uint8Array[]> | undefined;

/** Starts the renderer once, and returns its fonts: regular and bold. */
function startRenderer(): Promise<Uint8Array[]> {
  renderer ??= (async () => {
    const wasm = new URL("index_bg.wasm", import.meta.resolve("@resvg/resvg-wasm"));
    await initWasm(await Deno.readFile(wasm));
    const fonts = import.meta.resolve("@fontsource/dejavu-sans/metadata.json");
    return await Promise.all(
      [400, 700].map((weight) =>
        Deno.readFile(new URL(`files/dejavu-sans-latin-${weight}-normal.woff2`, fonts))
      ),
    );
  })();
  return renderer;
}
