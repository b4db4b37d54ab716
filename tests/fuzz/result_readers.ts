/**
 * The reader of result files.
 *
 * @module
 */
import { formatResults, parseResults, type Results } from "../../hpob/comparison/results.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, jsonFile, textOf } from "./reader.ts";

const runs = ["test0", "test1"].map((seed) => ({
  searchSpaceId: "5971",
  datasetId: "10093",
  seed,
  incumbents: [0.25, 0.5, 0.5, 1],
  secondsPerSuggestion: 0.1,
}));
const results: Results = {
  method: "made-up",
  protocol: "continuous",
  trials: 3,
  settings: { seed: 0 },
  runs,
};

export const resultReaders: readonly FuzzedReader[] = [{
  name: "results",
  corpus: () =>
    Promise.resolve([
      new TextEncoder().encode(formatResults(results)),
      jsonFile({ "5971": { "10093": { test0: [0.25, 0.5, 1], test1: [0, 0, 0.5] } } }),
    ]),
  read: (file) => formatResults(parseResults(textOf(file), { source: "made-up.json" })),
  mutate: (file, random) => new TextEncoder().encode(mutateJson(textOf(file), random)),
}];
