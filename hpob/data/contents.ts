/**
 * What a benchmark contains: the modes of HPO-B, the files each of them opens, and the names of
 * search spaces, data sets and seeds.
 *
 * @module
 */
import { didYouMean, InputError } from "../../core/search/errors.ts";
import type { BenchmarkFiles } from "./files.ts";

/** The versions of HPO-B, named as in the original handler. */
export const modes = ["v1", "v2", "v3", "v3-test", "v3-train-augmented"] as const;

/**
 * Which data sets of HPO-B are opened.
 * - `v3-test`: the test split alone. Continuous and discrete evaluation need no more.
 * - `v3`: train, validation and test splits.
 * - `v3-train-augmented`: like v3, with the training data of the less frequent search spaces added.
 * - `v2`: all splits of the search spaces of v3, as one test split.
 * - `v1`: all splits of all search spaces, as one test split.
 */
export type Mode = typeof modes[number];

/** A part of HPO-B's data sets. */
export type Split = "train" | "validation" | "test";

const data = (name: string) => `hpob-data/${name}.json`;
const testFile = data("meta-test-dataset");
const validationFile = data("meta-validation-dataset");
const trainFile = data("meta-train-dataset");
const augmentedTrainFile = data("meta-train-dataset-augmented");
/** Initial rows. */
export const initializationsFile = data("bo-initializations");
/** Names and bounds of the variables. */
export const descriptorsFile = data("meta-dataset-descriptors");
/** Ranges of responses. */
export const statisticsFile = "saved-surrogates/summary-stats.json";
/** Where the booster of a surrogate may be: as JSON, as HPO-B has it, or as UBJSON. */
export const surrogateFiles = (name: string): string[] =>
  ["json", "ubj"].map((format) => `saved-surrogates/${name}.${format}`);

/** The files of each split, the later ones overriding; those that a mode lacks are not opened. */
const filesOfMode: Record<Mode, Partial<Record<Split, readonly string[]>>> = {
  "v1": { test: [augmentedTrainFile, testFile, validationFile] },
  "v2": { test: [trainFile, testFile, validationFile] },
  "v3": { train: [trainFile], validation: [validationFile], test: [testFile] },
  "v3-test": { test: [testFile] },
  "v3-train-augmented": {
    train: [augmentedTrainFile],
    validation: [validationFile],
    test: [testFile],
  },
};

/** The tables that a mode opens. */
export function tablesOfMode(mode: Mode): string[] {
  return Object.values(filesOfMode[mode]).flat();
}

/** Search space -> data set -> the file that has its table. */
export type Index = Map<string, Map<string, string>>;

/** What is read when a benchmark is opened; tables and surrogates are read when they are needed. */
export interface Contents {
  readonly mode: Mode;
  readonly files: BenchmarkFiles;
  readonly index: ReadonlyMap<Split, Index>;
  readonly dimensions: ReadonlyMap<string, number>;
  readonly seeds: readonly string[];
}

/** Reads the names of a benchmark; all files that the mode needs must exist. */
export async function readContents(mode: Mode, files: BenchmarkFiles): Promise<Contents> {
  if (!modes.includes(mode)) {
    throw new InputError(
      `Cannot open benchmark as 'mode' must be one of ${modes.join(", ")}: got "${mode}"`,
    );
  }
  const splits = Object.entries(filesOfMode[mode]) as [Split, readonly string[]][];
  for (const file of [...splits.flatMap(([, names]) => names), initializationsFile]) {
    if (!await files.has(file)) {
      throw new InputError(
        `Cannot open benchmark in mode '${mode}' as ${files.locate(file)} must exist` +
          files.remedy(mode),
      );
    }
  }
  const index = new Map<Split, Index>();
  for (const [split, names] of splits) index.set(split, await readIndex(files, names));
  const dimensions = new Map<string, number>();
  for (const [space, datasets] of index.get("test")!) {
    dimensions.set(space, await readDimension(files, space, datasets));
  }
  return { mode, files, index, dimensions, seeds: await readSeeds(files, index.get("test")!) };
}

/** The dimension of a search space is that of its first data set. */
async function readDimension(
  files: BenchmarkFiles,
  space: string,
  datasets: ReadonlyMap<string, string>,
): Promise<number> {
  for (const [dataset, file] of datasets) {
    const dimension = await files.dimension(file, space, dataset);
    if (dimension > 0) return dimension;
    throw new InputError(
      `Cannot read ${files.locate(file)} > ${space} > ${dataset} as 'X' must have rows of numbers`,
    );
  }
  throw new InputError(`Cannot open benchmark as search space ${space} must have a data set`);
}

/** All seeds that data sets have initial rows for. */
async function readSeeds(files: BenchmarkFiles, index: Index): Promise<string[]> {
  const seeds = new Set<string>();
  for (const [space, datasets] of index) {
    for (const dataset of datasets.keys()) {
      const initializations = await files.value(initializationsFile, space, dataset);
      Object.keys(initializations ?? {}).forEach((seed) => seeds.add(seed));
    }
  }
  return [...seeds];
}

/** Merges the search spaces of the first file with what further files have of them. */
async function readIndex(files: BenchmarkFiles, names: readonly string[]): Promise<Index> {
  const index: Index = new Map();
  for (const [position, file] of names.entries()) {
    for (const space of await files.keys(file)) {
      if (position > 0 && !index.has(space)) continue;
      const datasets = index.get(space) ?? new Map<string, string>();
      for (const dataset of await files.keys(file, space)) datasets.set(dataset, file);
      index.set(space, datasets);
    }
  }
  return index;
}

/** Refuses a name that is not among the known ones, with the nearest that is. */
export function checkName(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const shown = known.length > 8 ? [...known.slice(0, 8), "..."] : known;
  throw new InputError(
    `Cannot find ${what} "${name}" as it must be one of ${shown.join(", ")}` +
      didYouMean(String(name), known),
  );
}
