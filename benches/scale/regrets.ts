/**
 * Regrets of the functions that all methods have searched.
 *
 * @module
 */
import { mean, sampleStandardDeviation } from "simple-statistics";
import type { MethodName } from "../../tasks/shared/methods.ts";
import type { Family } from "./functions.ts";
import { sameRegretPiece, type ScaleResults, searched } from "./results.ts";

/** A point of the curves. */
export interface RegretPlace {
  dimension: number;
  families: readonly Family[];
  /** The numbers of evaluations that the runs tell of. */
  evaluations: readonly number[];
  /** The one of them that is meant. */
  after: number;
}

/** Regrets of each method, on the same functions in the same order: none while a method has not searched them. */
export function regretsAt(
  results: ScaleResults,
  { dimension, families, evaluations, after }: RegretPlace,
): Map<MethodName, number[]> {
  const regrets = new Map<MethodName, number[]>(searched.map((method) => [method, []]));
  for (const family of families) {
    const runs = searched.map((method) =>
      results.regrets.find((piece) =>
        sameRegretPiece(piece, { method, dimension, family, evaluations })
      )?.runs ?? []
    );
    const count = Math.min(...runs.map(({ length }) => length));
    searched.forEach((method, m) => {
      const told = runs[m].slice(0, count).map((run) => run[evaluations.indexOf(after)]);
      regrets.get(method)!.push(...told);
    });
  }
  return regrets;
}

/** The mean, and one standard error below and above it. */
export function meanWithError(
  values: readonly number[],
): { value: number; lower: number; upper: number } {
  const value = mean([...values]);
  const error = values.length < 2
    ? 0
    : sampleStandardDeviation([...values]) / Math.sqrt(values.length);
  return { value, lower: value - error, upper: value + error };
}
