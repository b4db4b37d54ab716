/**
 * The format of result files.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { canonicalJson, type Printable } from "./_canonical_json.ts";
import type { Results, RunResult } from "./result_types.ts";
import { type RunIdentity, runKey, runName } from "./run.ts";

/** The key of a result file that is no search space. */
const metadataKey = "genhpo";
const formatVersion = 1;

/** Prints valid results: how they were made comes first. */
export function printResultFile(results: Results): string {
  const { method, protocol, trials, settings, runs } = results;
  const secondsPerSuggestion = nest(runs, (run) => run.secondsPerSuggestion);
  const metadata = new Map<string, Printable>(
    Object.entries({ formatVersion, method, protocol, trials, settings, secondsPerSuggestion }),
  );
  const traces = canonicalJson(nest(runs, (run) => run.incumbents));
  return `{\n  "${metadataKey}": ${canonicalJson(metadata, "  ")},${traces.slice("{".length)}\n`;
}

/** `{space: {dataset: {seed: value}}}` of the runs that have the value. */
function nest<T extends Printable>(
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

/** Parses a file; `assumed` is what a file of HPO-B does not say itself. */
export function parseResultFile(
  text: string,
  assumed: { source: string; method: string; protocol: Results["protocol"] },
): Results {
  const { source } = assumed;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    refuse(source, `it must be JSON: ${(error as Error).message}`);
  }
  const { [metadataKey]: metadata, ...spaces } = object(json, source, "the file");
  const traces = unnest(spaces, source);
  for (const { value, ...run } of traces) {
    if (!Array.isArray(value)) refuse(source, `'${runName(run)}' must be a list of incumbents`);
  }
  const runs = traces.map(({ value, ...run }) => ({ ...run, incumbents: value as number[] }));
  const results = metadata === undefined
    ? cutToShortest(runs, assumed)
    : withMetadata(runs, object(metadata, source, metadataKey), source);
  checkResults(results, `read results ${source}`);
  return results;
}

function cutToShortest(
  runs: readonly RunResult[],
  { method, protocol }: { method: string; protocol: Results["protocol"] },
): Results {
  const length = Math.min(...runs.map((run) => run.incumbents.length));
  return {
    method,
    protocol,
    trials: length - 1,
    settings: {},
    runs: runs.map((run) => ({ ...run, incumbents: run.incumbents.slice(0, length) })),
  };
}

function withMetadata(
  runs: readonly RunResult[],
  metadata: Record<string, unknown>,
  source: string,
): Results {
  if (metadata.formatVersion !== formatVersion) {
    const got = JSON.stringify(metadata.formatVersion);
    refuse(source, `its 'formatVersion' must be ${formatVersion}: got ${got}`);
  }
  const timed = unnest(
    object(metadata.secondsPerSuggestion, source, "secondsPerSuggestion"),
    source,
  );
  const seconds = new Map(timed.map(({ value, ...run }) => [runKey(run), value as number]));
  return {
    method: metadata.method as string,
    protocol: metadata.protocol as Results["protocol"],
    trials: metadata.trials as number,
    settings: object(metadata.settings, source, "settings") as Results["settings"],
    runs: runs.map((run) => {
      const secondsPerSuggestion = seconds.get(runKey(run));
      return secondsPerSuggestion === undefined ? run : { ...run, secondsPerSuggestion };
    }),
  };
}

/** The leaves of `{space: {dataset: {seed: value}}}`. */
function unnest(
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

/** Refuses what is no valid {@linkcode Results}. `action` is what could not be done. */
export function checkResults(results: Results, action: string): void {
  const demand = (condition: boolean, requirement: string, got: unknown) => {
    if (condition) return;
    throw new InputError(`Cannot ${action} as ${requirement}: got ${JSON.stringify(got)}`);
  };
  const { method, protocol, trials, runs } = results;
  demand(runs.length > 0, "there must be a run", runs);
  demand(typeof method === "string" && method !== "", "'method' must be a name", method);
  demand(
    ["continuous", "discrete", "unknown"].includes(protocol),
    "'protocol' must be continuous, discrete or unknown",
    protocol,
  );
  demand(Number.isSafeInteger(trials) && trials >= 0, "'trials' must be a count", trials);
  const keys = new Set<string>();
  for (const run of runs) {
    const name = runName(run);
    demand(run.searchSpaceId !== metadataKey, "no search space may have the name", metadataKey);
    demand(!keys.has(runKey(run)), "every run must be there once", name);
    keys.add(runKey(run));
    const { incumbents, secondsPerSuggestion } = run;
    demand(
      incumbents.length === trials + 1,
      `'${name}' must have ${trials + 1} incumbents`,
      incumbents.length,
    );
    incumbents.forEach((value, k) => {
      demand(
        typeof value === "number" && value >= 0 && value <= 1,
        `'${name}' must be in [0, 1] at trial ${k}`,
        value,
      );
      demand(k === 0 || value >= incumbents[k - 1], `'${name}' must not fall at trial ${k}`, value);
    });
    demand(
      secondsPerSuggestion === undefined ||
        Number.isFinite(secondsPerSuggestion) && secondsPerSuggestion >= 0,
      `'${name}' must take a time`,
      secondsPerSuggestion,
    );
  }
}

function object(value: unknown, source: string, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(source, `'${place}' must be an object`);
  }
  return value as Record<string, unknown>;
}

function refuse(source: string, problem: string): never {
  throw new InputError(`Cannot read results ${source} as ${problem}`);
}
