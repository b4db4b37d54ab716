/**
 * Writes the figures of a comparison: what `bench` and `plot` end with.
 *
 * @module
 */
import type { Comparison } from "../../hpob/comparison/aligned_results.ts";
import { comparisonFigures, describeRuns } from "../../hpob/figures/comparison_figures.ts";
import type { BandOptions } from "../../hpob/comparison/metrics.ts";
import { renderHtml } from "../../hpob/figures/html_page.ts";
import { renderPng, renderSvg } from "../../hpob/figures/render.ts";
import { writeAtomically } from "../../hpob/files/atomic.ts";

/** What {@linkcode writeFigures} says and draws. */
export interface WriteFiguresOptions extends BandOptions {
  /**
   * Name of the benchmark.
   * @default {the search spaces alone are named}
   */
  benchmark?: string | undefined;
}

/**
 * Writes every figure as SVG and PNG, and all of them into one interactive page, `index.html`.
 *
 * @param folder Where to; made if it does not exist.
 * @returns the paths of the written files.
 */
export async function writeFigures(
  folder: string,
  comparison: Comparison,
  { benchmark, ...options }: WriteFiguresOptions = {},
): Promise<string[]> {
  await Deno.mkdir(folder, { recursive: true });
  const figures = comparisonFigures(comparison, options);
  const source = describeRuns(comparison, benchmark);
  const paths: string[] = [];
  const write = async (name: string, data: string | Uint8Array): Promise<void> => {
    const path = `${folder}/${name}`;
    await writeAtomically(path, data);
    paths.push(path);
  };
  for (const { name, title, caption, draw } of figures) {
    const svg = await renderSvg(draw({ title, caption: `${source} ${caption}` }));
    await write(`${name}.svg`, svg);
    await write(`${name}.png`, await renderPng(svg));
  }
  const page = await renderHtml({
    title: "Comparison of hyperparameter optimizers",
    introduction: `${source} Normalized regret, lower is better. ` +
      "Ranks are among all methods, whichever are shown.",
    methods: comparison.methods,
    sections: figures.map(({ title, caption, draw }) => ({
      heading: title,
      text: caption,
      figure: draw({ interactive: true }),
    })),
  });
  await write("index.html", page);
  return paths;
}
