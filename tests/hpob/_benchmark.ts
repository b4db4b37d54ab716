/**
 * A tiny benchmark in HPO-B's layout, to be written to a folder and damaged.
 *
 * @module
 */

/** The parsed files of a benchmark by their paths; a string is written as it is. */
// deno-lint-ignore no-explicit-any
export type BenchmarkJson = Record<string, any>;

/** Space `s` with the data sets `a` and `b`: six rows of two columns, a surrogate that is 0.5 + x0. */
export function tinyBenchmark(): BenchmarkJson {
  return {
    "hpob-data/meta-test-dataset.json": { s: { a: tinyTable(), b: tinyTable() } },
    "hpob-data/bo-initializations.json": { s: { a: initialRows(), b: initialRows() } },
    "saved-surrogates/summary-stats.json": {
      "surrogate-s-a": { y_min: 0, y_max: 2 },
      "surrogate-s-b": { y_min: 0, y_max: 2 },
    },
    "saved-surrogates/surrogate-s-a.json": tinyBooster(),
    "saved-surrogates/surrogate-s-b.json": tinyBooster(),
  };
}

/** Six rows whose responses are 0, 0.2, ..., 1. */
export function tinyTable(): { X: number[][]; y: number[][] } {
  const steps = [0, 1, 2, 3, 4, 5];
  return { X: steps.map((i) => [i / 5, 1 - i / 5]), y: steps.map((i) => [i / 5]) };
}

/** The same five rows for both seeds; row 5, the best, is left. */
function initialRows(): Record<string, number[]> {
  return { test0: [0, 1, 2, 3, 4], test1: [4, 3, 2, 1, 0] };
}

/** One tree: 0.5 + (x0 < 0.5 ? 0 : 1). */
function tinyBooster(): object {
  return {
    learner: {
      learner_model_param: { base_score: "5E-1", num_class: "0", num_feature: "2" },
      objective: { name: "reg:squarederror" },
      gradient_booster: {
        name: "gbtree",
        model: {
          gbtree_model_param: { num_trees: "1" },
          trees: [{
            tree_param: { num_nodes: "3", size_leaf_vector: "0" },
            left_children: [1, -1, -1],
            right_children: [2, -1, -1],
            split_indices: [0, 0, 0],
            split_conditions: [0.5, 0, 1],
            default_left: [1, 0, 0],
          }],
        },
      },
    },
  };
}

/** Writes the files to a new folder, hands it over, and removes it. */
export async function withFolder(
  files: BenchmarkJson,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "genhpo-" });
  try {
    for (const [path, content] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${path.slice(0, path.lastIndexOf("/"))}`, { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content);
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
