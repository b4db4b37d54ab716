/**
 * Readers of tables of trials.
 *
 * @module
 */
import { SearchSpace } from "../../core/search/search_space.ts";
import { readTrials, type TrialTable } from "../../core/trials/trial_table.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, jsonFile, textOf } from "./reader.ts";

const space = new SearchSpace({
  lr: { type: "real", min: 1e-4, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
  booster: { type: "choice", values: ["gbtree", "dart"] },
});
const rows = [
  { lr: 0.01, depth: 8, booster: "gbtree", y: 0.61 },
  { lr: 0.1, depth: 3, booster: "dart", y: 0.74 },
  { lr: 0.001, depth: 15, booster: "gbtree", y: null },
];

/** Reads a table as `suggest` does, and encodes its trials. */
function read(file: Uint8Array): TrialTable {
  const table = readTrials(textOf(file), { space });
  for (const { configuration } of table.trials) table.space.encode(configuration);
  return table;
}

const text = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join("\n")}\n`);

export const trialReaders: readonly FuzzedReader[] = [
  {
    name: "trials-csv",
    corpus: () =>
      Promise.resolve([
        text(["lr,depth,booster,y", ...rows.map((row) => Object.values(row).join())]),
        text(['lr;"depth";booster;y', "0.01;8;'gbtree';0.61", '0.1;3;"dart";0.74'].map((line) =>
          line.replaceAll("'", '"')
        )),
      ]),
    read,
  },
  {
    name: "trials-json",
    corpus: () =>
      Promise.resolve([
        jsonFile(rows),
        jsonFile(Object.fromEntries(
          Object.keys(rows[0]).map((name) => [name, rows.map((row) => Object(row)[name])]),
        )),
        jsonFile(rows.map(({ y, ...config }) => ({ config, y }))),
      ]),
    read,
    mutate: (file, random) => new TextEncoder().encode(mutateJson(textOf(file), random)),
  },
];
