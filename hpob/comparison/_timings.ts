/**
 * Times of suggestions in a file of their own, as they differ from machine to machine while the results
 * do not: `results/gp.json` has them in `results/timings/gp.json`.
 *
 * @module
 */
import { canonicalJson } from "./_canonical_json.ts";
import { nest, object, parseFile, unnest } from "./_nested_runs.ts";
import type { Results } from "./result_types.ts";
import { runKey } from "./run.ts";

/** Where the times of a result file are. */
export function timingsPath(path: string): string {
  return path.replace(/[^/\\]*$/, (name) => `timings/${name}`);
}

/** `{space: {dataset: {seed: seconds per suggestion}}}`, or undefined when nothing was measured. */
export function printTimings({ runs }: Results): string | undefined {
  const timings = nest(runs, (run) => run.secondsPerSuggestion);
  return timings.size === 0 ? undefined : `${canonicalJson(timings)}\n`;
}

/** Results without the times of their suggestions. */
export function withoutTimings(results: Results): Results {
  return {
    ...results,
    runs: results.runs.map(({ secondsPerSuggestion: _, ...run }) => run),
  };
}

/**
 * Results with the times that a file has of their runs, where they do not have them themselves.
 *
 * @throws {InputError} when the file is damaged.
 */
export function withTimings(results: Results, text: string, source: string): Results {
  const seconds = new Map(
    unnest(object(parseFile(text, source), source, "the file"), source).map((
      { value, ...run },
    ) => [runKey(run), value]),
  );
  return {
    ...results,
    runs: results.runs.map((run) => {
      const secondsPerSuggestion = seconds.get(runKey(run)) as number | undefined;
      return secondsPerSuggestion === undefined ? run : { secondsPerSuggestion, ...run };
    }),
  };
}
