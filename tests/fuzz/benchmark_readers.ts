/**
 * Readers of a benchmark in HPO-B's layout.
 *
 * @module
 */
import type { Algorithm } from "../../core/search/algorithm.ts";
import { HpobHandler } from "../../hpob/handler.ts";
import { tinyBenchmark, withFolder } from "../hpob/_benchmark.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, jsonFile, textOf } from "./reader.ts";

/** Suggests the corner at 0, or the first of the rows. */
const constant: Algorithm = {
  name: "constant",
  observeAndSuggest: ({ points }) => Promise.resolve(new Float64Array(points[0].length)),
  observeAndChoose: () => Promise.resolve(0),
};

/** A run by each protocol for every data set and seed of a benchmark with one file replaced. */
async function evaluateWith(path: string, file: Uint8Array): Promise<void> {
  await withFolder(tinyBenchmark(), async (folder) => {
    await Deno.writeFile(`${folder}/${path}`, file);
    const handler = await HpobHandler.open(folder);
    const [seed = "test0"] = handler.seeds();
    for (const searchSpaceId of handler.searchSpaces()) {
      for (const datasetId of handler.datasets(searchSpaceId)) {
        const run = { searchSpaceId, datasetId, seed, trials: 2 };
        await handler.evaluate(constant, run);
        await handler.evaluateContinuous(constant, run);
      }
    }
  });
}

/** The reader of one file of a benchmark. */
function readerOf(name: string, path: string): FuzzedReader {
  return {
    name,
    corpus: () => Promise.resolve([jsonFile(tinyBenchmark()[path])]),
    read: (file) => evaluateWith(path, file),
    mutate: (file, random) => new TextEncoder().encode(mutateJson(textOf(file), random)),
  };
}

export const benchmarkReaders: readonly FuzzedReader[] = [
  readerOf("table", "hpob-data/meta-test-dataset.json"),
  readerOf("initializations", "hpob-data/bo-initializations.json"),
  readerOf("response-ranges", "saved-surrogates/summary-stats.json"),
];
