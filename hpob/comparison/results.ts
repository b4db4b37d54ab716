/**
 * Result files: HPO-B's `{space: {dataset: {seed: [incumbents]}}}`, with one more key, `"genhpo"`, that
 * says how the results came about. HPO-B's own plotter passes over it, and files without it are read
 * as well.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { readIfExists, writeAtomically } from "../files/atomic.ts";
import { canonicalJson } from "./_canonical_json.ts";
import { readForeignResults } from "./_foreign_results.ts";
import { object, parseFile } from "./_nested_runs.ts";
import { checkResults, metadataKey } from "./_result_checks.ts";
import { printResultFile, readOwnResults } from "./_result_format.ts";
import { printTimings, timingsPath, withoutTimings, withTimings } from "./_timings.ts";
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
  /**
   * Told what of one of HPO-B's files was read in another way than it stands there.
   * @default {nobody is told}
   */
  onWarning?: (message: string) => void;
}

/**
 * Reads a result file, ours or HPO-B's, with the times of suggestions that may be in a file beside it.
 *
 * Of HPO-B's files, runs that end early at regret 0 are continued with it, all others are cut to the
 * shortest, and incumbents that fall are replaced by their running maximum; `onWarning` is told.
 *
 * @throws {InputError} when the file is missing or damaged, or states another protocol.
 */
export async function readResults(
  path: string,
  options?: Omit<ParseResultsOptions, "source">,
): Promise<Results> {
  const [bytes, timings] = await Promise.all([path, timingsPath(path)].map(readIfExists));
  if (bytes === undefined) {
    throw new InputError(`Cannot read results ${path} as the file must exist`);
  }
  const decoder = new TextDecoder();
  const results = parseResults(decoder.decode(bytes), { ...options, source: path });
  if (timings === undefined) return results;
  return withTimings(results, decoder.decode(timings), timingsPath(path));
}

/**
 * Reads the text of a result file: see {@linkcode readResults}.
 *
 * @throws {InputError} when it is damaged, or states another protocol.
 */
export function parseResults(text: string, options: ParseResultsOptions): Results {
  const { source, protocol, onWarning = () => {} } = options;
  const json = object(parseFile(text, source), source, "the file");
  const { [metadataKey]: metadata, ...spaces } = json;
  const method = options.method ?? source.replace(/^.*[/\\]/, "").replace(/\.json$/, "");
  const results = metadata === undefined
    ? readForeignResults(spaces, { source, method, protocol: protocol ?? "unknown", onWarning })
    : readOwnResults(object(metadata, source, metadataKey), spaces, source);
  checkResults(results, `read results ${source}`);
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

/** How {@linkcode writeResults} writes. */
export interface WriteResultsOptions {
  /**
   * Where the times of suggestions go: into the file, or into `timings/` beside it, so that results
   * that are made again are equal, byte for byte.
   * @default {"inside"}
   */
  timings?: "inside" | "beside";
}

/**
 * Writes a result file as a whole: whoever reads it finds the old or the new one, never a part.
 *
 * @throws {InputError} when the results are not valid.
 */
export async function writeResults(
  path: string,
  results: Results,
  { timings = "inside" }: WriteResultsOptions = {},
): Promise<void> {
  if (timings === "inside") return await writeAtomically(path, formatResults(results));
  const text = formatResults(withoutTimings(results));
  const beside = printTimings(results);
  if (beside !== undefined) {
    const file = timingsPath(path);
    await Deno.mkdir(file.replace(/[^/\\]*$/, ""), { recursive: true });
    await writeAtomically(file, beside);
  }
  await writeAtomically(path, text);
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
