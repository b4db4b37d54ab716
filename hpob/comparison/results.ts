/**
 * Result files: HPO-B's `{space: {dataset: {seed: [incumbents]}}}`, with one more key, `"genhpo"`, that
 * says how the results came about. HPO-B's own plotter passes over it, and files without it are read
 * as well.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import {
  canonicalJson,
  checkResults,
  parseResultFile,
  printResultFile,
  runKey,
  runName,
} from "./_result_format.ts";

/** How the responses of a run came about: from the surrogate or from the table. */
export type Protocol = "continuous" | "discrete";

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | {
  readonly [key: string]: JsonValue;
};

/** One run of a method. */
export interface RunResult {
  /** The search space. */
  readonly searchSpaceId: string;
  /** The data set. */
  readonly datasetId: string;
  /** Which initial points. */
  readonly seed: string;
  /** Best normalized response after 0, 1, ..., `trials` trials, in [0, 1]. */
  readonly incumbents: readonly number[];
  /** Mean time of a suggestion, in seconds, where it was measured. */
  readonly secondsPerSuggestion?: number;
}

/** The runs of one method, and how they were made. */
export interface Results {
  /** The method's name. */
  readonly method: string;
  /** The protocol of all runs; `"unknown"` in HPO-B's own files where the reader was not told. */
  readonly protocol: Protocol | "unknown";
  /** Number of trials of every run. */
  readonly trials: number;
  /** The method's settings. */
  readonly settings: Readonly<Record<string, JsonValue>>;
  /** The runs, in any order, each once. */
  readonly runs: readonly RunResult[];
}

/** What {@linkcode parseResults} assumes of a file that does not say it itself. */
export interface ParseResultsOptions {
  /** What error messages call the file. */
  source: string;
  /**
   * The method's name.
   * @default {the last part of `source`, without `.json`}
   */
  method?: string;
  /**
   * The protocol. A file that states another one is refused.
   * @default {"unknown"}
   */
  protocol?: Protocol;
}

/**
 * Reads a result file, ours or HPO-B's. Where the runs of one of HPO-B's files differ in length, all
 * are cut to the shortest.
 *
 * @throws {InputError} when the file is missing or damaged, or states another protocol.
 */
export async function readResults(
  path: string,
  options?: Omit<ParseResultsOptions, "source">,
): Promise<Results> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`Cannot read results ${path} as the file must exist`);
  }
  return parseResults(text, { ...options, source: path });
}

/**
 * Reads the text of a result file: see {@linkcode readResults}.
 *
 * @throws {InputError} when it is damaged, or states another protocol.
 */
export function parseResults(text: string, options: ParseResultsOptions): Results {
  const { source, protocol } = options;
  const results = parseResultFile(text, {
    source,
    method: options.method ?? source.replace(/^.*[/\\]/, "").replace(/\.json$/, ""),
    protocol: protocol ?? "unknown",
  });
  if (protocol !== undefined && results.protocol !== protocol) {
    throw new InputError(
      `Cannot read results ${source} as their protocol must be ${protocol}: got ${results.protocol}`,
    );
  }
  return results;
}

/**
 * The text of a result file. Equal results give equal bytes, whatever the order of their runs.
 *
 * @throws {InputError} when the results are not valid, e.g. a run is not of `trials` trials.
 */
export function formatResults(results: Results): string {
  checkResults(results, `write results of ${results.method}`);
  return printResultFile(results);
}

/**
 * Writes a result file as a whole: whoever reads it finds the old or the new one, never a part.
 *
 * @throws {InputError} when the results are not valid.
 */
export async function writeResults(path: string, results: Results): Promise<void> {
  const text = formatResults(results);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true });
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {}); // the first error is the one to report
    throw error;
  }
}

/**
 * Joins the runs of an interrupted series with later ones.
 *
 * @throws {InputError} when the two were made differently, or a run that both have differs.
 */
export function mergeResults(earlier: Results, later: Results): Results {
  for (const key of ["method", "protocol", "trials", "settings"] as const) {
    const [had, got] = [earlier[key], later[key]].map((value) => canonicalJson(value));
    if (had !== got) {
      throw new InputError(
        `Cannot continue results of ${earlier.method} as '${key}' must be ${had} as before: got ${got}`,
      );
    }
  }
  const runs = new Map(earlier.runs.map((run) => [runKey(run), run]));
  for (const run of later.runs) {
    const known = runs.get(runKey(run));
    if (known === undefined) runs.set(runKey(run), run);
    else if (JSON.stringify(known.incumbents) !== JSON.stringify(run.incumbents)) {
      throw new InputError(
        `Cannot continue results of ${earlier.method} as a run must give the same incumbents again: ` +
          `${runName(run)} differs`,
      );
    }
  }
  return { ...earlier, runs: [...runs.values()] };
}
