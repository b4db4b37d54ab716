/**
 * The comparison on tables of noisy measurements: its page, and what it comes to in words.
 *
 * @module
 */
import { renderSvg } from "../../hpob/figures/render.ts";
import { isMissing, writeAtomically } from "../../hpob/files/atomic.ts";
import { type TablesPage, tablesPage } from "../bench_tables/finish.ts";
import { duelsOf, duelText, lossesText } from "../bench_tables/summary.ts";

/** Reads the results of `bench:tables`; undefined where there are none. */
export async function readNoisyTables(folder: string): Promise<TablesPage | undefined> {
  try {
    return await tablesPage(folder);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Writes the page, `tables.md`, and its figures. */
export async function writeNoisyTables(out: string, page: TablesPage): Promise<void> {
  await writeAtomically(`${out}/tables.md`, page.markdown);
  for (const { name, title, caption, draw } of page.figures) {
    await writeAtomically(`${out}/figures/${name}.svg`, await renderSvg(draw({ title, caption })));
  }
}

/** A paragraph. */
export function noisyTablesText(page: TablesPage | undefined): string {
  if (page === undefined) {
    return "There are no results yet: `deno task bench:tables --out docs/results/tables` makes them.";
  }
  const duels = duelsOf(page.series).filter(({ against }) => against === "diffusion");
  return `${lossesText(page.series)} [All tables and figures](tables.md), ` +
    `[how to read them](noise.md).\n\n${duels.map(duelText).join("\n")}`;
}
