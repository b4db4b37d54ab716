/**
 * Readers of search spaces.
 *
 * @module
 */
import { parseSearchSpace } from "../../core/search/formats/space_file.ts";
import { Random } from "../../core/search/random.ts";
import type { Configuration } from "../../core/search/search_space.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, jsonFile, textOf } from "./reader.ts";

const space = {
  learningRate: { type: "real", min: 1e-4, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
  booster: { type: "choice", values: ["gbtree", "gblinear", "dart"] },
  size: { type: "ordered", values: [32, 64, 128] },
  dropout: { type: "real", min: 0, max: 0.5, when: { booster: "dart" } },
};

/** Spaces as ConfigSpace writes them. */
function configSpaces(): Uint8Array[] {
  return ["0.7.1", "1.2.2"].map((version) =>
    Deno.readFileSync(
      new URL(`../core/search/formats/goldens/config_space_${version}.json`, import.meta.url),
    )
  );
}

export const searchSpaceReaders: readonly FuzzedReader[] = [{
  name: "search-space",
  corpus: () => Promise.resolve([jsonFile(space), ...configSpaces()]),
  read: (file) => {
    const space = parseSearchSpace(textOf(file));
    const configuration = space.decode(Random.of("fuzz").point(space.dimension));
    return space.encode(configuration as Configuration);
  },
  mutate: (file, random) => new TextEncoder().encode(mutateJson(textOf(file), random)),
}];
