/**
 * The embedded benchmark `hpob-mini` (see mini/README.md), compiled into the package: the imports are
 * literal, so that the files are part of the module graph and need no permission to read, and
 * dynamic, so that nothing is loaded before it is asked for.
 *
 * @module
 */
import { at, type BenchmarkFiles, firstRowLength, keysAt } from "../data/files.ts";

const modules: Readonly<Record<string, () => Promise<{ default: unknown }>>> = {
  "hpob-data/meta-test-dataset.json": () =>
    import("./hpob-data/meta-test-dataset.json", { with: { type: "json" } }),
  "hpob-data/bo-initializations.json": () =>
    import("./hpob-data/bo-initializations.json", { with: { type: "json" } }),
  "hpob-data/meta-dataset-descriptors.json": () =>
    import("./hpob-data/meta-dataset-descriptors.json", { with: { type: "json" } }),
  "saved-surrogates/summary-stats.json": () =>
    import("./saved-surrogates/summary-stats.json", { with: { type: "json" } }),
  "saved-surrogates/surrogate-mini-xgboost-glass.json": () =>
    import("./saved-surrogates/surrogate-mini-xgboost-glass.json", {
      with: { type: "json" },
    }),
  "saved-surrogates/surrogate-mini-xgboost-pima.json": () =>
    import("./saved-surrogates/surrogate-mini-xgboost-pima.json", {
      with: { type: "json" },
    }),
  "saved-surrogates/surrogate-mini-xgboost-sonar.json": () =>
    import("./saved-surrogates/surrogate-mini-xgboost-sonar.json", {
      with: { type: "json" },
    }),
  "saved-surrogates/surrogate-mini-xgboost-spambase.json": () =>
    import("./saved-surrogates/surrogate-mini-xgboost-spambase.json", {
      with: { type: "json" },
    }),
  "saved-surrogates/surrogate-mini-xgboost-vehicle.json": () =>
    import("./saved-surrogates/surrogate-mini-xgboost-vehicle.json", {
      with: { type: "json" },
    }),
  "saved-surrogates/surrogate-mini-xgboost-vowel.json": () =>
    import("./saved-surrogates/surrogate-mini-xgboost-vowel.json", {
      with: { type: "json" },
    }),
};

/** The files of the embedded benchmark. */
export const embeddedFiles: BenchmarkFiles = {
  locate: (file) => `hpob-mini/${file}`,
  has: (file) => Promise.resolve(Object.hasOwn(modules, file)),
  value: async (file, ...path) => at((await modules[file]()).default, path),
  keys: async (file, ...path) =>
    keysAt(await embeddedFiles.value(file, ...path), [embeddedFiles.locate(file), ...path]),
  dimension: async (file, space, dataset) =>
    firstRowLength(await embeddedFiles.value(file, space, dataset)),
  remedy: () => "",
};
