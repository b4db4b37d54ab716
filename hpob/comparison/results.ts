/**
 * Result files: HPO-B's `{space: {dataset: {seed: [incumbents]}}}`, with one more key, `"genhpo"`, that
 * says how the results came about. HPO-B's own plotter passes over it, and files without it are read
 * as well.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { writeAtomically } from "../files/atomic.ts";
import { canonicalJson } from "./_canonical_json.ts";
import { checkResults, parseResultFile, printResultFile } from "./_result_format.ts";
import type { JsonValue, Protocol, Results } from "./result_types.ts";
import { runKey, runName } from "./run.ts";

export type { JsonValue, Protocol, Results, RunResult } from "./result_types.ts";

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
  await writeAtomically(path, formatResults(results));
}

/**
 * Joins the runs of an interrupted series with later ones.
 *
 * @throws {InputError} when the two were made differently, or a run that both have differs.
 */
export function mergeResults(earlier: Results, later: Results): Results {
  for (const key of ["method", "protocol", "trials"] as const) {
    checkAgreement(earlier.method, key, [earlier[key], later[key]]);
  }
  for (const key of new Set(Object.keys({ ...earlier.settings, ...later.settings }))) {
    checkAgreement(earlier.method, key, [earlier.settings[key], later.settings[key]]);
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

/** Refuses to continue results with something else than before. */
function checkAgreement(
  method: string,
  key: string,
  values: readonly [JsonValue | undefined, JsonValue | undefined],
): void {
  const [had, got] = values.map((value) =>
    value === undefined ? "not given" : canonicalJson(value)
  );
  if (had === got) return;
  throw new InputError(
    `Cannot continue results of ${method} as '${key}' must be ${had} as before: got ${got}`,
  );
}
