/**
 * What a trial ended with.
 *
 * @module
 */
import { describe } from "../search/errors.ts";
import type { AttributeValue, TrialRecord, TrialState } from "./records.ts";

/**
 * How a trial ended: with a finite value; NaN, which is a failure without a reason; a failure; or stopped early, so
 * that the last intermediate value is its value.
 */
export type Told =
  | number
  | { readonly state: "fail"; readonly reason?: string }
  | { readonly state: "pruned" };

/** A trial's end as it is stored. */
export interface Ending {
  readonly state: TrialState;
  readonly values: readonly number[];
  readonly systemAttributes: Readonly<Record<string, AttributeValue>>;
}

/** Attribute that says why a trial failed or was stopped. */
export const REASON = "genhpo:reason";

/**
 * Checks what was told of a trial.
 *
 * @throws {TypeError} for anything but a number or a known state; {RangeError} for an infinite number.
 */
export function checkTold(number: number, told: unknown): Told {
  if (typeof told === "number") {
    if (Number.isFinite(told) || Number.isNaN(told)) return told;
    throw new RangeError(
      `Cannot tell trial ${number} as 'value' must be finite, or NaN for a failed trial: got ${told}`,
    );
  }
  const { state, reason } = (typeof told === "object" && told !== null ? told : {}) as {
    state?: unknown;
    reason?: unknown;
  };
  if (state === "pruned") return { state };
  if (state === "fail" && (reason === undefined || typeof reason === "string")) {
    return reason === undefined ? { state } : { state, reason };
  }
  const got = typeof told === "string"
    ? JSON.stringify(told)
    : state === undefined
    ? describe(told)
    : JSON.stringify(told);
  throw new TypeError(
    `Cannot tell trial ${number} as 'value' must be a number, { state: "fail" } or { state: "pruned" }: got ${got}`,
  );
}

/**
 * What is to be stored.
 *
 * @param trial The trial as it stands.
 */
export function endingOf(told: Told, trial: TrialRecord): Ending {
  if (typeof told === "number") {
    return Number.isNaN(told)
      ? { state: "fail", values: [], systemAttributes: { [REASON]: "the value is NaN" } }
      : { state: "complete", values: [told], systemAttributes: {} };
  }
  if (told.state === "fail") {
    const { reason } = told;
    return {
      state: "fail",
      values: [],
      systemAttributes: reason === undefined ? {} : { [REASON]: reason },
    };
  }
  const last = trial.intermediateValues.at(-1);
  return {
    state: "pruned",
    values: last === undefined || Number.isNaN(last.value) ? [] : [last.value],
    systemAttributes: {},
  };
}

/** Whether a finished trial ended just so; reasons do not count. */
export function isSameEnding(ending: Ending, { state, values }: TrialRecord): boolean {
  if (state !== ending.state) return false;
  return state !== "complete" || values[0] === ending.values[0];
}
