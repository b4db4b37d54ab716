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
import { duelsOf, duelText, joinRuns, type Series, tablesSummary } from "./summary.ts";

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
  const text = `Regret by true means after ${series[0].trials} trials, lower is better.\n\n` +
    `${tablesSummary(series)}\n${left}\n${duelsOf(series).map(duelText).join("\n")}\n`;
  await writeAtomically(`${out}/table.md`, text);
  await Deno.mkdir(`${out}/figures`, { recursive: true });
  for (const { name, title, caption, draw } of tablesFigures(series)) {
    const svg = await renderSvg(draw({ title, caption }));
    await writeAtomically(`${out}/figures/${name}.svg`, svg);
    await writeAtomically(`${out}/figures/${name}.png`, await renderPng(svg));
  }
  console.log(text);
}
