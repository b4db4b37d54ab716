/**
 * Reads result files that say nothing of how they were made: those of HPO-B, and what others write in
 * their manner. Ours are strict; of these, whatever has one meaning is read, with a warning.
 *
 * @module
 */
import { shown } from "../../core/search/json.ts";
import { object, refuse } from "./_nested_runs.ts";
import type { Results, RunResult } from "./result_types.ts";
import { type RunIdentity, runName } from "./run.ts";

/** The layout of result files, for error messages. */
const layout = "result files are {search space: {data set: {seed: [incumbents]}}}";
/** How far an incumbent may be outside of [0, 1] by rounding. */
const tolerance = 1e-9;

/** What is known of a file besides its text. */
export interface ForeignFile {
  /** What messages call it. */
  source: string;
  /** The method's name. */
  method: string;
  /** The protocol. */
  protocol: Results["protocol"];
  /** Told what was read in another way than it stands in the file. */
  onWarning: (message: string) => void;
}

/**
 * The results of a file without metadata.
 *
 * @throws {InputError} naming the place of what has no meaning.
 */
export function readForeignResults(spaces: Record<string, unknown>, file: ForeignFile): Results {
  const { method, protocol, source, onWarning } = file;
  const warn = (message: string): void => onWarning(`${source}: ${message}`);
  const found = leaves(spaces, file, warn).map(({ value, ...run }) => ({
    ...run,
    incumbents: incumbentsOf(value, runName(run), source),
  }));
  const { runs, trials } = toOneLength(neverFalling(namedSeeds(found, warn), warn), warn);
  return { method, protocol, trials, settings: {}, runs };
}

/** The runs of a file, as they stand in it. */
function leaves(
  spaces: Record<string, unknown>,
  { source }: ForeignFile,
  warn: (message: string) => void,
): (RunIdentity & { value: unknown })[] {
  let listed = false;
  const found = Object.entries(spaces).flatMap(([searchSpaceId, datasets]) =>
    Object.entries(object(datasets, source, searchSpaceId)).flatMap(([datasetId, runs]) => {
      const place = `${searchSpaceId} > ${datasetId}`;
      if (Array.isArray(runs)) checkListOfRuns(runs, place, source);
      listed ||= Array.isArray(runs);
      const bySeed = Array.isArray(runs)
        ? runs.map((value, i) => [`test${i}`, value] as const)
        : Object.entries(object(runs, source, place));
      return bySeed.map(([seed, value]) => ({ searchSpaceId, datasetId, seed, value }));
    })
  );
  if (listed) warn("the runs of a list are taken for those of test0, test1, ...");
  return found;
}

function checkListOfRuns(runs: readonly unknown[], place: string, source: string): void {
  const lists = runs.filter((run) => Array.isArray(run));
  const columns = lists.length > 1 && lists.every((run) => run.length === 1);
  if (lists.length === runs.length && !columns) return;
  refuse(source, `'${place}' must have runs by their seeds (${layout}): got ${shown(runs)}`);
}

/** A list of numbers, or a column of them. */
function incumbentsOf(value: unknown, name: string, source: string): number[] {
  if (!Array.isArray(value)) {
    refuse(source, `'${name}' must be a list of incumbents (${layout}): got ${shown(value)}`);
  }
  if (value.length === 0) refuse(source, `'${name}' must have an incumbent: got []`);
  const isColumn = value.every((entry) => Array.isArray(entry) && entry.length === 1);
  return (isColumn ? value.flat() : value).map((entry, trial) => {
    if (typeof entry !== "number" || !(entry >= -tolerance && entry <= 1 + tolerance)) {
      refuse(source, `'${name}' must be in [0, 1] at trial ${trial}: got ${shown(entry)}`);
    }
    return Math.min(Math.max(entry, 0), 1);
  });
}

/** Seeds 0, 1, ... are what HPO-B calls test0, test1, .... */
function namedSeeds(runs: RunResult[], warn: (message: string) => void): RunResult[] {
  if (runs.length === 0 || !runs.every(({ seed }) => /^\d+$/.test(seed))) return runs;
  warn("the seeds 0, 1, ... are taken for test0, test1, ...");
  return runs.map((run) => ({ ...run, seed: `test${run.seed}` }));
}

/** Incumbents are the best so far: what falls was recorded otherwise. */
function neverFalling(runs: RunResult[], warn: (message: string) => void): RunResult[] {
  const fallOf = ({ incumbents }: RunResult): number =>
    incumbents.findIndex((value, k) => k > 0 && value < incumbents[k - 1]);
  const falling = runs.filter((run) => fallOf(run) > 0);
  if (falling.length === 0) return runs;
  const rises = runs.some(({ incumbents }) =>
    incumbents.some((value, k) => k > 0 && value > incumbents[k - 1])
  );
  warn(
    `${falling.length} of ${runs.length} runs fall, such as ${runName(falling[0])} at trial ` +
      `${fallOf(falling[0])}: the running maximum is taken` +
      (rises ? "" : ". None rises: if these are regrets, the file must have 1 - regret"),
  );
  return runs.map((run) => {
    let best = -Infinity;
    return { ...run, incumbents: run.incumbents.map((value) => best = Math.max(best, value)) };
  });
}

/** Runs that ended at the optimum stay there; all others are cut to the shortest of them. */
function toOneLength(
  runs: RunResult[],
  warn: (message: string) => void,
): { runs: RunResult[]; trials: number } {
  const lengths = runs.map(({ incumbents }) => incumbents.length);
  const open = runs.filter(({ incumbents }) => incumbents.at(-1)! < 1);
  const longest = Math.max(0, ...lengths);
  const length = Math.min(longest, ...open.map(({ incumbents }) => incumbents.length));
  const cut = lengths.filter((other) => other > length).length;
  const continued = lengths.filter((other) => other < length).length;
  if (continued > 0) {
    warn(`${continued} of ${runs.length} runs end early at regret 0, and are continued with it`);
  }
  if (cut > 0) {
    const shortest = open.find(({ incumbents }) => incumbents.length === length)!;
    warn(
      `${cut} of ${runs.length} runs are cut to ${length - 1} trials, as ` +
        `${runName(shortest)} has no more`,
    );
  }
  return {
    runs: runs.map((run) => ({ ...run, incumbents: continuedTo(run.incumbents, length) })),
    trials: length - 1,
  };
}

/** The first `length` incumbents of a run; one that has fewer ended at the optimum. */
function continuedTo(incumbents: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, k) => incumbents[k] ?? 1);
}
