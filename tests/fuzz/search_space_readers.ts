/**
 * Readers of search spaces.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { Random } from "../../core/search/random.ts";
import { type Configuration, SearchSpace } from "../../core/search/search_space.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, jsonFile, textOf } from "./reader.ts";

const space = {
  learningRate: { type: "real", min: 1e-4, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
  booster: { type: "choice", values: ["gbtree", "gblinear", "dart"] },
  size: { type: "ordered", values: [32, 64, 128] },
  dropout: { type: "real", min: 0, max: 0.5, when: { booster: "dart" } },
};

/** Reads a search space as `suggest --space` does. */
function readSearchSpace(text: string): SearchSpace {
  try {
    return new SearchSpace(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`Cannot read the search space as it must be JSON: ${error.message}`);
  }
}

export const searchSpaceReaders: readonly FuzzedReader[] = [{
  name: "search-space",
  corpus: () => Promise.resolve([jsonFile(space)]),
  read: (file) => {
    const space = readSearchSpace(textOf(file));
    const configuration = space.decode(Random.of("fuzz").point(space.dimension));
    return space.encode(configuration as Configuration);
  },
  mutate: (file, random) => new TextEncoder().encode(mutateJson(textOf(file), random)),
}];
