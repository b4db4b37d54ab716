/**
 * `{space: {dataset: {seed: value}}}`, the form in which files have values of runs.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { parseJson, shown } from "../../core/search/json.ts";
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
 * Parses the JSON of a file.
 *
 * @throws {InputError} when it is not JSON.
 */
export function parseFile(text: string, source: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    refuse(source, `it must be JSON: ${(error as Error).message}`);
  }
}

/** The value if it is an object. */
export function object(value: unknown, source: string, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(source, `'${place}' must be an object: got ${shown(value)}`);
  }
  return value as Record<string, unknown>;
}

/** Says why a file is not read. */
export function refuse(source: string, problem: string): never {
  throw new InputError(`Cannot read results ${source} as ${problem}`);
}
