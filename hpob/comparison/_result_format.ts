/**
 * The format of our own result files.
 *
 * @module
 */
import { shown } from "../../core/search/json.ts";
import { canonicalJson, type Printable } from "./_canonical_json.ts";
import { nest, object, refuse, unnest } from "./_nested_runs.ts";
import { metadataKey } from "./_result_checks.ts";
import type { Results, RunResult } from "./result_types.ts";
import { runKey, runName } from "./run.ts";

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

/**
 * The results of a file of ours.
 *
 * @param metadata What the file says of how they were made.
 * @param spaces Everything else in the file.
 */
export function readOwnResults(
  metadata: Record<string, unknown>,
  spaces: Record<string, unknown>,
  source: string,
): Results {
  if (metadata.formatVersion !== formatVersion) {
    const got = shown(metadata.formatVersion);
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
    settings: readSettings(metadata.settings, source),
    runs: unnest(spaces, source).map(({ value, ...run }) => {
      if (!Array.isArray(value)) refuse(source, `'${runName(run)}' must be a list of incumbents`);
      const secondsPerSuggestion = seconds.get(runKey(run));
      return {
        ...run,
        incumbents: value as number[],
        ...(secondsPerSuggestion === undefined ? {} : { secondsPerSuggestion }),
      } satisfies RunResult;
    }),
  };
}

/** Settings are flat, or nearly: a file that is nested deeper than calls can be is damaged. */
const deepestSettings = 20;

function readSettings(value: unknown, source: string): Results["settings"] {
  const settings = object(value, source, "settings");
  if (isDeeper(settings, deepestSettings)) {
    refuse(source, `its 'settings' must have at most ${deepestSettings} levels: got more`);
  }
  return settings as Results["settings"];
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((entry) => isDeeper(entry, levels - 1));
}
