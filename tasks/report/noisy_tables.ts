/**
 * What the comparison on tables of noisy measurements comes to, in words.
 *
 * @module
 */
import { isMissing } from "../../hpob/files/atomic.ts";
import { comparableSeries } from "../bench_tables/finish.ts";
import { duelsOf, duelText, lossesText } from "../bench_tables/summary.ts";

const command = "deno task bench:tables --out docs/results/tables";

/** @param folder Folder of the results of `bench:tables`, which need not be there. */
export async function noisyTablesText(folder: string): Promise<string> {
  let found: Awaited<ReturnType<typeof comparableSeries>>;
  try {
    found = await comparableSeries(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return `There are no results yet: \`${command}\` makes them.`;
  }
  const { series } = found;
  const duels = duelsOf(series).filter(({ against }) => against === "diffusion").map(duelText);
  return `${lossesText(series)} [All tables and figures](results/tables/table.md), ` +
    `[how to read them](noise.md).\n\n${duels.join("\n")}`;
}
