/**
 * The file of what was measured, and what is still to be measured.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { readIfExists, writeAtomically } from "../../hpob/files/atomic.ts";
import type { MethodName } from "../../tasks/shared/methods.ts";
import { type Family, familyNames } from "./functions.ts";

/** What one suggestion costs. */
export interface TimePiece {
  method: MethodName;
  dimension: number;
  observations: number;
  /** Seconds of processor time. */
  seconds: number;
}

/** Runs of one method on functions of one family and one number of columns. */
export interface RegretPiece {
  method: MethodName;
  family: Family;
  dimension: number;
  /** Numbers of evaluations after which the regret is told, ascending. */
  evaluations: readonly number[];
  /** Regrets, `[runs][evaluations]`. */
  runs: number[][];
}

/** All that was measured. */
export interface ScaleResults {
  /** Checksum of the weights of diffusion. */
  weights: string;
  times: TimePiece[];
  regrets: RegretPiece[];
}

/** What is to be measured. */
export interface ScalePlan {
  /** Numbers of columns, at {@linkcode observations} of times and {@linkcode evaluations} of runs. */
  dimensions: readonly number[];
  observations: number;
  evaluations: number;
  /** Numbers of observations at which suggestions are timed, at some numbers of columns. */
  timedAfter: readonly number[];
  timedAt: readonly number[];
  /** Numbers of evaluations after which regrets are told, at some numbers of columns. */
  searchedAfter: readonly number[];
  searchedAt: readonly number[];
  /** Functions of each family, over the numbers of columns and over the evaluations. */
  runs: number;
  longRuns: number;
  /** Suggestions that are timed. */
  repeats: number;
}

/** Methods whose runs are compared. */
export const searched = ["random", "gp", "tpe", "diffusion"] as const satisfies MethodName[];
/** Methods whose suggestions are timed: those of random search take no time. */
export const timed = searched.filter((method) => method !== "random");

/** Every time that the plan has. */
export function timesOf(plan: ScalePlan): Omit<TimePiece, "seconds">[] {
  const places = [
    ...plan.dimensions.map((dimension) => ({ dimension, observations: plan.observations })),
    ...plan.timedAt.flatMap((dimension) =>
      plan.timedAfter.map((observations) => ({ dimension, observations }))
    ),
  ].filter((place, i, all) =>
    i ===
      all.findIndex((other) =>
        other.dimension === place.dimension && other.observations === place.observations
      )
  );
  return places.flatMap((place) => timed.map((method) => ({ method, ...place })));
}

/** Every run that the plan has, the short ones first; `runs` is how many. */
export function regretsOf(plan: ScalePlan): (Omit<RegretPiece, "runs"> & { runs: number })[] {
  const sweeps = [
    { dimensions: plan.dimensions, evaluations: [plan.evaluations], runs: plan.runs },
    { dimensions: plan.searchedAt, evaluations: plan.searchedAfter, runs: plan.longRuns },
  ];
  return sweeps.flatMap(({ dimensions, evaluations, runs }) =>
    dimensions.flatMap((dimension) =>
      familyNames.flatMap((family) =>
        searched.map((method) => ({ method, family, dimension, evaluations, runs }))
      )
    )
  );
}

/** The file's results but those of diffusion with other weights; nothing where there is no file. */
export async function readScaleResults(path: string, weights: string): Promise<ScaleResults> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) return { weights, times: [], regrets: [] };
  const results = parseResults(path, new TextDecoder().decode(bytes));
  if (results.weights === weights) return results;
  const isKept = ({ method }: { method: MethodName }) => method !== "diffusion";
  return {
    weights,
    times: results.times.filter(isKept),
    regrets: results.regrets.filter(isKept),
  };
}

function parseResults(path: string, text: string): ScaleResults {
  try {
    const results = JSON.parse(text);
    if (Array.isArray(results?.times) && Array.isArray(results.regrets)) return results;
  } catch { // not JSON either
  }
  throw new InputError(
    `Cannot continue ${path} as it must be a file that bench:scale wrote: got ${
      JSON.stringify(text.slice(0, 40))
    }`,
  );
}

/** Writes all that was measured, an entry a line. */
export async function writeScaleResults(path: string, results: ScaleResults): Promise<void> {
  const lines = (entries: readonly unknown[]): string =>
    entries.length === 0
      ? "[]"
      : `[\n${entries.map((e) => `  ${JSON.stringify(e)}`).join(",\n")}\n]`;
  await writeAtomically(
    path,
    `{"weights": ${JSON.stringify(results.weights)},\n"times": ${lines(results.times)},\n` +
      `"regrets": ${lines(results.regrets)}}\n`,
  );
}

/** A piece of results with the same method, place and numbers of evaluations. */
export function sameRegretPiece(
  a: Omit<RegretPiece, "runs">,
  b: Omit<RegretPiece, "runs">,
): boolean {
  return a.method === b.method && a.family === b.family && a.dimension === b.dimension &&
    String(a.evaluations) === String(b.evaluations);
}
