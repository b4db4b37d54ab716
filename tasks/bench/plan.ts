/**
 * Which runs `deno task bench` makes, and which of them were made before.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import type { HpobHandler } from "../../hpob/handler.ts";
import {
  type JsonValue,
  mergeResults,
  parseResults,
  type Protocol,
  type Results,
  type RunResult,
} from "../../hpob/comparison/results.ts";
import { type RunIdentity, runKey } from "../../hpob/comparison/run.ts";
import { readIfExists } from "../../hpob/files/atomic.ts";
import { type Flags, oneOf, UsageError } from "../shared/cli.ts";
import { type MethodName, methodNames } from "../shared/methods.ts";

/**
 * The runs that the flags `space`, `datasets` and `seeds` ask for.
 *
 * @throws {UsageError} for names that the benchmark does not have.
 */
export function planRuns(flags: Flags, handler: HpobHandler): RunIdentity[] {
  const spaces = handler.searchSpaces();
  const wanted = flags.text("space");
  if (wanted === undefined && spaces.length > 1) {
    throw new UsageError(
      `Missing flag: --space is required as the benchmark has several: ` +
        `${spaces.join(", ")}, or all`,
    );
  }
  const chosen = wanted === "all" || wanted === undefined ? spaces : [knownSpace(wanted, handler)];
  const knownDatasets = [...new Set(chosen.flatMap((space) => handler.datasets(space)))];
  const datasets = flags.list("datasets")?.map((name) => oneOf("--datasets", name, knownDatasets));
  const knownSeeds = handler.seeds();
  const seeds = flags.list("seeds")?.map((name) => oneOf("--seeds", name, knownSeeds)) ??
    knownSeeds;
  return chosen.flatMap((searchSpaceId) =>
    handler.datasets(searchSpaceId)
      .filter((datasetId) => datasets?.includes(datasetId) ?? true)
      .flatMap((datasetId) => seeds.map((seed) => ({ searchSpaceId, datasetId, seed })))
  );
}

/** A search space of the benchmark. */
function knownSpace(name: string, handler: HpobHandler): string {
  try {
    handler.datasets(name);
    return name;
  } catch (error) {
    // The handler knows whether it could be fetched.
    throw error instanceof InputError ? new UsageError(error.message) : error;
  }
}

/** The methods that the flag `methods` asks for, in its order. */
export function planMethods(flags: Flags): MethodName[] {
  return flags.list("methods")!.map((name) => oneOf("--methods", name, methodNames));
}

/** The results of one method: a file that grows run by run. */
export class ResultFile {
  /** The file's path. */
  readonly path: string;
  #results: Results;

  private constructor(path: string, results: Results) {
    this.path = path;
    this.#results = results;
  }

  /**
   * Opens a method's file in the folder, which need not exist yet.
   *
   * @throws {InputError} when the file was made with other settings.
   */
  static async open(
    folder: string,
    made: {
      method: string;
      protocol: Protocol;
      trials: number;
      settings: Readonly<Record<string, JsonValue>>;
    },
  ): Promise<ResultFile> {
    const path = `${folder}/${made.method}.json`;
    const bytes = await readIfExists(path);
    const empty: Results = { ...made, runs: [] };
    if (bytes === undefined) return new ResultFile(path, empty);
    const earlier = parseResults(new TextDecoder().decode(bytes), { source: path });
    try {
      return new ResultFile(path, mergeResults(earlier, empty));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`${error.message}; choose another --out, or remove ${path}`);
    }
  }

  /** The results so far. */
  get results(): Results {
    return this.#results;
  }

  /** Whether a run was made before. */
  has(run: RunIdentity): boolean {
    return this.#results.runs.some((other) => runKey(other) === runKey(run));
  }

  /** Adds a run. */
  add(run: RunResult): void {
    this.#results = mergeResults(this.#results, { ...this.#results, runs: [run] });
  }
}
