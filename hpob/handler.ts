/**
 * HPO-B's evaluation protocol: opens a benchmark in HPO-B's directory format and runs optimizers on
 * it.
 *
 * Source: Pineda-Arango, Jomaa, Wistuba, Grabocka: HPO-B: A Large-Scale Reproducible Benchmark for
 * Black-Box HPO based on OpenML, NeurIPS 2021 Datasets and Benchmarks, arXiv 2106.06257.
 *
 * @module
 */
import type { Algorithm } from "../core/search/algorithm.ts";
import type { Observed } from "../core/search/task.ts";
import { InputError } from "../core/search/errors.ts";
import { cached } from "./data/cached.ts";
import {
  checkName,
  type Contents,
  descriptorsFile,
  type Index,
  initializationsFile,
  type Mode,
  readContents,
  type Split,
  statisticsFile,
  surrogateFiles,
} from "./data/contents.ts";
import type { RunIdentity } from "./comparison/run.ts";
import { openFolder } from "./data/cache_files.ts";
import { embeddedFiles } from "./mini/embedded.ts";
import { runContinuous, runDiscrete, SurrogateTask, type TrialReport } from "./protocol.ts";
import { readInitialRows, readResponseRange, readTable, type Table, tableRange } from "./_table.ts";
import { XgboostSurrogate } from "./surrogate.ts";

export { modes } from "./data/contents.ts";
export type { Mode, Split, Table, TrialReport };

/** How {@linkcode HpobHandler.open} opens a benchmark. */
export interface OpenOptions {
  /**
   * Which data sets to open.
   * @default {"v3-test"}
   */
  mode?: Mode;
}

/** One run of an optimizer: on which data, for how long. */
export interface EvaluationOptions extends RunIdentity {
  /** Number of suggestions to evaluate after the initial points, at least 1. */
  trials: number;
  /** Called after each trial; what it throws ends the evaluation. */
  onTrial?: (report: TrialReport) => void;
}

/** Options of {@linkcode HpobHandler.evaluateContinuous}. */
export interface ContinuousEvaluationOptions extends EvaluationOptions {
  /**
   * Return the list of the original handler. It appends the incumbent before each trial and once more,
   * unchanged, at the end: the last trial is never recorded, and an optimum shows one trial late.
   * @default {false}
   */
  officialTrace?: boolean;
}

/**
 * A benchmark in HPO-B's format.
 *
 * @example
 * ```ts
 * import { HpobHandler } from "@genhpo/genhpo/hpob";
 *
 * const handler = await HpobHandler.embedded();
 * const [space] = handler.searchSpaces();
 * console.log(handler.datasets(space), handler.dimension(space));
 * ```
 */
export class HpobHandler {
  readonly #contents: Contents;
  readonly #tables = new Map<string, Promise<Table>>();
  readonly #surrogates = new Map<string, Promise<XgboostSurrogate>>();

  private constructor(contents: Contents) {
    this.#contents = contents;
  }

  /**
   * Opens a folder that has HPO-B's `hpob-data/` and, for the continuous protocol,
   * `saved-surrogates/`, or a cache that `deno task fetch` made of them.
   *
   * @param folder The folder's path.
   * @throws {InputError} when a file that the mode needs is missing or damaged.
   */
  static async open(folder: string, options: OpenOptions = {}): Promise<HpobHandler> {
    return new HpobHandler(
      await readContents(options.mode ?? "v3-test", await openFolder(folder)),
    );
  }

  /** Opens `hpob-mini`, the small benchmark that is part of this package. It needs no permission. */
  static async embedded(): Promise<HpobHandler> {
    return new HpobHandler(await readContents("v3-test", embeddedFiles));
  }

  /** The mode in which the benchmark was opened. */
  get mode(): Mode {
    return this.#contents.mode;
  }

  /** The search spaces of a split. */
  searchSpaces(split: Split = "test"): string[] {
    return [...this.#split(split).keys()];
  }

  /**
   * The data sets of a search space in a split.
   *
   * @throws {InputError} when the split does not have the search space.
   */
  datasets(searchSpaceId: string, split: Split = "test"): string[] {
    return [...this.#datasets(searchSpaceId, split).keys()];
  }

  /** The names of the initializations: `test0` ... `test4` in HPO-B. */
  seeds(): string[] {
    return [...this.#contents.seeds];
  }

  /**
   * Number of hyperparameters of a search space of the test split, one-hot columns counted singly.
   *
   * @throws {InputError} when there is no such search space.
   */
  dimension(searchSpaceId: string): number {
    this.#datasets(searchSpaceId, "test");
    return this.#contents.dimensions.get(searchSpaceId)!;
  }

  /**
   * The benchmark's description of a search space: HPO-B gives names, bounds and statistics of its
   * variables (`variables`, `variables_to_apply_log`, `variables_order`).
   *
   * @throws {InputError} when there is none.
   */
  async descriptors(searchSpaceId: string): Promise<Record<string, unknown>> {
    const descriptors = await this.#contents.files.value(descriptorsFile, searchSpaceId);
    if (typeof descriptors !== "object" || descriptors === null) {
      throw new InputError(
        `Cannot read ${this.#locate(descriptorsFile, searchSpaceId)} as the entry must exist`,
      );
    }
    return descriptors as Record<string, unknown>;
  }

  /**
   * The evaluated configurations of a data set. They are shared: do not change them.
   *
   * @throws {InputError} when there is no such data set, or its table is damaged.
   */
  async table(searchSpaceId: string, datasetId: string, split: Split = "test"): Promise<Table> {
    const path = this.#tablePath(searchSpaceId, datasetId, split);
    const place = this.#locate(...path);
    return await cached(
      this.#tables,
      place,
      async () => readTable(await this.#contents.files.value(...path), place),
    );
  }

  /**
   * Runs an algorithm on the surrogate of a data set: it proposes any point of [0,1]^d.
   *
   * @returns the incumbents: the best normalized response after 0, 1, ..., `trials` trials.
   * @throws {InputError} when the data of the run is missing or damaged.
   * @throws {TypeError} {RangeError} when the algorithm suggests something that is not a point.
   */
  async evaluateContinuous(
    algorithm: Algorithm,
    options: ContinuousEvaluationOptions,
  ): Promise<number[]> {
    const { trials, onTrial, officialTrace = false } = options;
    checkTrials(trials);
    const { incumbents, evaluated } = await runContinuous(algorithm, {
      ...await this.continuousTask(options),
      trials,
      onTrial,
    });
    if (officialTrace && evaluated > 0) incumbents[evaluated] = incumbents[evaluated - 1];
    return incumbents;
  }

  /**
   * Runs an algorithm on the table of a data set: it chooses among the rows not yet evaluated.
   *
   * @returns the incumbents: the best normalized response after 0, 1, ..., `trials` trials.
   * @throws {InputError} when the data of the run is missing or damaged.
   * @throws {TypeError} {RangeError} when the algorithm suggests something that is not an index.
   */
  async evaluate(algorithm: Algorithm, options: EvaluationOptions): Promise<number[]> {
    const { searchSpaceId, datasetId, trials, onTrial } = options;
    checkTrials(trials);
    const run = await this.#run(options);
    const place = this.#locate(...this.#tablePath(searchSpaceId, datasetId, "test"));
    const range = tableRange(run.table, place);
    return await runDiscrete(algorithm, { ...run, range, trials, onTrial });
  }

  /**
   * The black box of a run of the continuous protocol, and what an algorithm is shown first.
   *
   * @throws {InputError} when the data of the run is missing or damaged.
   */
  async continuousTask(
    options: RunIdentity,
  ): Promise<{ task: SurrogateTask; start: Observed }> {
    const { searchSpaceId, datasetId } = options;
    const { table, rows } = await this.#run(options);
    const name = `surrogate-${searchSpaceId}-${datasetId}`;
    const range = readResponseRange(
      await this.#contents.files.value(statisticsFile, name),
      this.#locate(statisticsFile, name),
    );
    const task = new SurrogateTask(await this.#surrogate(name, table.x[0].length), range);
    return { task, start: task.start(table, rows) };
  }

  /** The table and the initial rows of a run. */
  async #run(options: RunIdentity): Promise<{ table: Table; rows: number[] }> {
    const { searchSpaceId, datasetId, seed } = options;
    const table = await this.table(searchSpaceId, datasetId);
    checkName("seed", seed, this.#contents.seeds);
    const rows = readInitialRows(
      await this.#contents.files.value(initializationsFile, searchSpaceId, datasetId, seed),
      table.x.length,
      this.#locate(initializationsFile, searchSpaceId, datasetId, seed),
    );
    return { table, rows };
  }

  #surrogate(name: string, dimension: number): Promise<XgboostSurrogate> {
    return cached(this.#surrogates, name, async () => {
      const { files } = this.#contents;
      const [json, ubjson] = surrogateFiles(name);
      const file = !await files.has(json) && await files.has(ubjson) ? ubjson : json;
      const location = files.locate(file);
      const booster = await files.value(file);
      const surrogate = XgboostSurrogate.fromJson(booster as object, location);
      if (surrogate.features !== dimension) {
        throw new InputError(
          `Cannot use surrogate ${location} as it must have ${dimension} features ` +
            `as the table has: got ${surrogate.features}`,
        );
      }
      return surrogate;
    });
  }

  #split(split: Split): Index {
    const index = this.#contents.index.get(split);
    if (index === undefined) {
      throw new InputError(`Cannot use split '${split}' as mode '${this.mode}' does not open it`);
    }
    return index;
  }

  #datasets(searchSpaceId: string, split: Split): Map<string, string> {
    const index = this.#split(split);
    const { files } = this.#contents;
    const remedy = index.has(searchSpaceId) ? "" : files.remedy(this.mode, searchSpaceId);
    if (remedy) throw new InputError(`Cannot find search space "${searchSpaceId}"${remedy}`);
    checkName("search space", searchSpaceId, [...index.keys()]);
    return index.get(searchSpaceId)!;
  }

  /** File and keys of a table. */
  #tablePath(searchSpaceId: string, datasetId: string, split: Split): [string, string, string] {
    const datasets = this.#datasets(searchSpaceId, split);
    checkName("data set", datasetId, [...datasets.keys()]);
    return [datasets.get(datasetId)!, searchSpaceId, datasetId];
  }

  #locate(file: string, ...path: string[]): string {
    return [this.#contents.files.locate(file), ...path].join(" > ");
  }
}

function checkTrials(trials: number): void {
  if (Number.isSafeInteger(trials) && trials >= 1) return;
  throw new RangeError(`Cannot evaluate as 'trials' must be a positive integer: got ${trials}`);
}
