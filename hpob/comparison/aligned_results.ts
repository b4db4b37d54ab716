/**
 * Lays the results of several methods beside each other, run by run.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import type { Results } from "./result_types.ts";
import { type RunIdentity, runKey, runName } from "./run.ts";

/** A run that every method has. */
export interface ComparedRun extends RunIdentity {
  /** Incumbents of every method, [m][trials + 1]. */
  readonly incumbents: readonly (readonly number[])[];
}

/** Results of m methods on the same runs. */
export interface Comparison {
  /** Names of the m methods. */
  readonly methods: readonly string[];
  /** The protocol of all runs. */
  readonly protocol: Results["protocol"];
  /** Number of trials that all runs have. */
  readonly trials: number;
  /** The runs that all methods have. */
  readonly runs: readonly ComparedRun[];
  /** Number of runs left out because some method lacks them. */
  readonly incompleteRuns: number;
}

/** How far the first incumbents of a run may be apart by rounding. */
const startTolerance = 1e-6;

/**
 * The runs that all results have in common, up to the shortest number of trials. A run that ended at
 * regret 0 is continued with it.
 *
 * Under one protocol all methods start a run with the same five points. Results that do not are not
 * comparable, and are refused.
 *
 * @throws {InputError} when two results are of different protocols or of the same method, when a run
 * does not start with the same incumbent everywhere, or when there is no common run.
 */
export function alignResults(results: readonly Results[]): Comparison {
  if (results.length === 0) throw new InputError("Cannot compare results as there must be some");
  const methods = results.map((result) => result.method);
  const repeated = methods.find((method, i) => methods.indexOf(method) !== i);
  if (repeated !== undefined) {
    throw new InputError(
      `Cannot compare results as each must be of another method: got ${repeated} twice`,
    );
  }
  const [{ protocol }] = results;
  const other = results.find((result) => result.protocol !== protocol);
  if (other !== undefined) {
    throw new InputError(
      `Cannot compare results as all must be of one protocol: ${methods[0]} is ${protocol}, ` +
        `${other.method} is ${other.protocol}`,
    );
  }
  const trials = commonTrials(results);
  const tables = results.map(({ runs }) => new Map(runs.map((run) => [runKey(run), run])));
  const runs: ComparedRun[] = [];
  for (const [key, { searchSpaceId, datasetId, seed }] of tables[0]) {
    const same = tables.map((table) => table.get(key)).filter((run) => run !== undefined);
    if (same.length < results.length) continue;
    const incumbents = same.map((run) =>
      Array.from({ length: trials + 1 }, (_, k) => run.incumbents[k] ?? 1)
    );
    const run = { searchSpaceId, datasetId, seed, incumbents };
    checkStart(run, methods);
    runs.push(run);
  }
  if (runs.length === 0) {
    const examples = results.map(({ method, runs }) => `${runName(runs[0])} of ${method}`);
    throw new InputError(
      `Cannot compare results as they must have a run in common: got ${methods.join(", ")}, with ` +
        `runs such as ${examples.join(", ")}`,
    );
  }
  const allRuns = new Set(tables.flatMap((table) => [...table.keys()]));
  return { methods, protocol, trials, runs, incompleteRuns: allRuns.size - runs.length };
}

/** The shortest number of trials, where results whose runs all end at regret 0 do not count. */
function commonTrials(results: readonly Results[]): number {
  const open = results.filter(({ runs }) => runs.some(({ incumbents }) => incumbents.at(-1)! < 1));
  if (open.length > 0) return Math.min(...open.map(({ trials }) => trials));
  return Math.max(...results.map(({ trials }) => trials));
}

function checkStart(run: ComparedRun, methods: readonly string[]): void {
  const starts = run.incumbents.map((incumbents) => incumbents[0]);
  const other = starts.findIndex((start) => Math.abs(start - starts[0]) > startTolerance);
  if (other < 0) return;
  throw new InputError(
    `Cannot compare results as all methods must start with the same points, which differ between ` +
      `protocols and benchmarks: in ${runName(run)}, ${methods[0]} starts at ${starts[0]}, ` +
      `${methods[other]} at ${starts[other]}`,
  );
}

/** A comparison restricted to the runs of each data set. */
export function compareByDataset(
  comparison: Comparison,
): { searchSpaceId: string; datasetId: string; comparison: Comparison }[] {
  const groups = Map.groupBy(
    comparison.runs,
    (run) => JSON.stringify([run.searchSpaceId, run.datasetId]),
  );
  return [...groups.values()].map((runs) => ({
    searchSpaceId: runs[0].searchSpaceId,
    datasetId: runs[0].datasetId,
    comparison: { ...comparison, runs },
  }));
}
