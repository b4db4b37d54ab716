/**
 * Studies for tests.
 *
 * @module
 */
import { assertRejects } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import type { Algorithm } from "../../../core/search/algorithm.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import type { Observed } from "../../../core/search/task.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { StudyError, type StudyErrorCode } from "../../../core/study/study_error.ts";

/** A number and a choice with a number of its own. */
export const space = new SearchSpace({
  x: { type: "real", min: 0, max: 1 },
  kind: { type: "choice", values: ["plain", "scaled"] },
  scale: { type: "real", min: 1, max: 100, log: true, when: { kind: "scaled" } },
});

/** Twelve configurations. */
export const grid = new SearchSpace({
  row: { type: "integer", min: 1, max: 3 },
  column: { type: "ordered", values: ["a", "b", "c", "d"] },
});

/** Random search that has each observation looked at, and waits for who looks, before it answers. */
export function watchedSearch(watch: (observed: Observed) => unknown): Algorithm {
  const search = new RandomSearch({ seed: 3 });
  return {
    name: search.name,
    settings: search.settings,
    observeAndSuggest: async (observed, options) => {
      await watch(observed);
      return await search.observeAndSuggest(observed, options);
    },
    observeAndChoose: (...observed) => search.observeAndChoose(...observed),
  };
}

/** Options of a study that is continued or shared: the storage outlives it. */
export function shared(storage = new MemoryStorage()) {
  return {
    storage,
    keepStorage: true,
    name: "shared",
    space,
    goal: "maximize",
    algorithm: new RandomSearch({ seed: 3 }),
  } as const;
}

/** Asserts that something is refused by a rule, and gives the error. */
export async function assertRefuses(
  code: StudyErrorCode,
  action: () => Promise<unknown>,
  message: string,
): Promise<void> {
  const error = await assertRejects(action, StudyError, message);
  if (error.code !== code) throw new Error(`expected the code ${code}: got ${error.code}`);
}
