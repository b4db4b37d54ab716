/**
 * What valid results are.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { shown } from "../../core/search/json.ts";
import type { Results } from "./result_types.ts";
import { runKey, runName } from "./run.ts";

/** The key of a result file that is no search space. */
export const metadataKey = "genhpo";

/** Refuses what is no valid {@linkcode Results}. `action` is what could not be done. */
export function checkResults(results: Results, action: string): void {
  const demand = (condition: boolean, requirement: string, got: unknown) => {
    if (condition) return;
    throw new InputError(`Cannot ${action} as ${requirement}: got ${shown(got)}`);
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
