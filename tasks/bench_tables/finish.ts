/**
 * What a comparison on tables ends with: its page and its figures.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import type { CaptionedFigure } from "../../hpob/figures/comparison_figures.ts";
import { renderPng, renderSvg } from "../../hpob/figures/render.ts";
import { writeAtomically } from "../../hpob/files/atomic.ts";
import { tablesFigures } from "./figures.ts";
import { readSeries } from "./series.ts";
import { duelsOf, duelText, joinRuns, lossesText, type Series, tablesSummary } from "./summary.ts";

/** How to read the tables. */
const reading =
  "Regret by the true means of cells, (best - cell) / (best - median), lower is better: " +
  "`recommended` is what is recommended after so many trials, `measured` the cell with the best " +
  "measurement, `visited` the best that was evaluated at all. `confirmed` are trials of a run that " +
  "measured a leader again, `repeats` those that did so by accident. Tables count alike; each run is made with " +
  "so many `keys` of randomness.";

/** All that is in a folder of results, compared. */
export interface TablesPage {
  /** The series that have as many tables as any other. */
  readonly series: readonly Series[];
  readonly figures: readonly CaptionedFigure[];
  /** The page in Markdown; its figures are in `figures/`, as SVG. */
  readonly markdown: string;
}

/** Compares all that is in a folder. @throws {InputError} when a file is damaged. */
export async function tablesPage(folder: string): Promise<TablesPage> {
  const all = [...(await readSeries(folder)).values()].map(joinRuns);
  if (new Set(all.map(({ trials }) => trials)).size > 1) {
    throw new InputError(
      `Cannot compare what is in ${folder} as all runs must have as many trials`,
    );
  }
  const tables = ({ runs }: Series) => new Set(runs.map(({ table }) => table)).size;
  const most = Math.max(0, ...all.map(tables));
  const series = all.filter((one) => tables(one) === most), figures = tablesFigures(series);
  const incomplete = all.filter((one) => tables(one) < most).map(({ name }) => name);
  const left = incomplete.length === 0
    ? ""
    : `Not shown, as they lack tables: ${incomplete.join(", ")}.\n\n`;
  const pictures = figures.map(({ name, title }) => `![${title}](figures/${name}.svg)\n`);
  const markdown = `# Tables of noisy measurements\n\n${lossesText(series)}\n\n${reading}\n\n` +
    `${tablesSummary(series)}\n\n${left}` +
    `Run by run, each averaged over its keys, by Wilcoxon's signed-rank test, not adjusted:\n\n` +
    `${duelsOf(series).map(duelText).join("\n")}\n\n${pictures.join("\n")}`;
  return { series, figures, markdown };
}

/** Writes and prints the page, and draws the figures, of all that is in a folder. */
export async function finish(out: string): Promise<void> {
  const { figures, markdown } = await tablesPage(out);
  await writeAtomically(`${out}/table.md`, markdown);
  await Deno.mkdir(`${out}/figures`, { recursive: true });
  for (const { name, title, caption, draw } of figures) {
    const svg = await renderSvg(draw({ title, caption }));
    await writeAtomically(`${out}/figures/${name}.svg`, svg);
    await writeAtomically(`${out}/figures/${name}.png`, await renderPng(svg));
  }
  console.log(markdown);
}
