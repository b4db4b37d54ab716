import { SearchSpace } from "../../../core/search/search_space.ts";

/** The space of most tables of these tests. */
export const space = SearchSpace.fromJSON({
  lr: { type: "real", min: 0.0001, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
});
