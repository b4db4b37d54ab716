/**
 * `{space: {dataset: {seed: value}}}`, the form in which files have values of runs.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import type { Printable } from "./_canonical_json.ts";
import type { RunResult } from "./result_types.ts";
import type { RunIdentity } from "./run.ts";

/** `{space: {dataset: {seed: value}}}` of the runs that have the value. */
export function nest<T extends Printable>(
  runs: readonly RunResult[],
  valueOf: (run: RunResult) => T | undefined,
): Map<string, Map<string, Map<string, T>>> {
  const spaces = new Map<string, Map<string, Map<string, T>>>();
  for (const run of runs) {
    const value = valueOf(run);
    if (value === undefined) continue;
    const datasets = spaces.get(run.searchSpaceId) ?? new Map<string, Map<string, T>>();
    const seeds = datasets.get(run.datasetId) ?? new Map<string, T>();
    spaces.set(run.searchSpaceId, datasets.set(run.datasetId, seeds.set(run.seed, value)));
  }
  return spaces;
}

/** The leaves of `{space: {dataset: {seed: value}}}`. */
export function unnest(
  spaces: Record<string, unknown>,
  source: string,
): (RunIdentity & { value: unknown })[] {
  return Object.entries(spaces).flatMap(([searchSpaceId, datasets]) =>
    Object.entries(object(datasets, source, searchSpaceId)).flatMap(([datasetId, seeds]) =>
      Object.entries(object(seeds, source, `${searchSpaceId} > ${datasetId}`)).map(
        ([seed, value]) => ({ searchSpaceId, datasetId, seed, value }),
      )
    )
  );
}

/**
 * Parses JSON, with the numbers that Python and pandas write beside it (`NaN`, `-Infinity`), so that
 * what is wrong with them can be said at their place.
 *
 * @throws {InputError} when it is not JSON.
 */
export function parseJson(text: string, source: string): unknown {
  const json = text.replace(/^\uFEFF/, "");
  try {
    return JSON.parse(json);
  } catch (error) {
    const problem = `it must be JSON: ${(error as Error).message}`;
    try {
      return parseWithBareNumbers(json);
    } catch {
      refuse(source, problem);
    }
  }
}

/** JSON in which `NaN`, `inf` and their like stand for numbers. */
function parseWithBareNumbers(json: string): unknown {
  const mark = "\0number\0";
  const marked = json.replace(
    /"(?:[^"\\]|\\.)*"|([-+]?)\b(nan|na|none|inf|infinity)\b/gi,
    (match, sign, word) => word === undefined ? match : JSON.stringify(mark + sign + word),
  );
  return JSON.parse(marked, (_, value) => {
    if (typeof value !== "string" || !value.startsWith(mark)) return value;
    const word = value.slice(mark.length).toLowerCase();
    return !word.includes("inf") ? NaN : word.startsWith("-") ? -Infinity : Infinity;
  });
}

/** The value if it is an object. */
export function object(value: unknown, source: string, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(source, `'${place}' must be an object: got ${show(value)}`);
  }
  return value as Record<string, unknown>;
}

/** A value as error messages show it. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

export function refuse(source: string, problem: string): never {
  throw new InputError(`Cannot read results ${source} as ${problem}`);
}
