/**
 * What a comparison on tables ends with: its table and its figures.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
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

/** The series of a folder that can be compared: those that have as many tables as any other. */
export async function comparableSeries(
  out: string,
): Promise<{ series: Series[]; incomplete: string[] }> {
  const all = [...(await readSeries(out)).values()].map(joinRuns);
  if (new Set(all.map(({ trials }) => trials)).size > 1) {
    throw new InputError(`Cannot compare what is in ${out} as all runs must have as many trials`);
  }
  const tables = ({ runs }: Series) => new Set(runs.map(({ table }) => table)).size;
  const most = Math.max(0, ...all.map(tables));
  return {
    series: all.filter((one) => tables(one) === most),
    incomplete: all.filter((one) => tables(one) < most).map(({ name }) => name),
  };
}

/** Writes and prints the table, and draws the figures, of all that is in a folder. */
export async function finish(out: string): Promise<void> {
  const { series, incomplete } = await comparableSeries(out);
  const left = incomplete.length === 0
    ? ""
    : `\nNot shown, as they lack tables: ${incomplete.join(", ")}.\n`;
  const figures = tablesFigures(series);
  const pictures = figures.map(({ name, title }) => `![${title}](figures/${name}.svg)\n`);
  const text = `# Tables of noisy measurements\n\n_Written by \`deno task bench:tables\`._\n\n` +
    `${lossesText(series)}\n\n${reading}\n\n${tablesSummary(series)}\n${left}\n` +
    `Run by run, each averaged over its keys, by Wilcoxon's signed-rank test, not adjusted:\n\n` +
    `${duelsOf(series).map(duelText).join("\n")}\n\n${pictures.join("\n")}`;
  await writeAtomically(`${out}/table.md`, text);
  await Deno.mkdir(`${out}/figures`, { recursive: true });
  for (const { name, title, caption, draw } of figures) {
    const svg = await renderSvg(draw({ title, caption }));
    await writeAtomically(`${out}/figures/${name}.svg`, svg);
    await writeAtomically(`${out}/figures/${name}.png`, await renderPng(svg));
  }
  console.log(text);
}
