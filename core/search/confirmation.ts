/**
 * Whether to measure again something that was tried, and what.
 *
 * @module
 */
import type { Coordinate } from "./coordinates.ts";
import { InputError } from "./errors.ts";
import type { Estimates, Estimator, PointEstimate } from "./estimator.ts";
import type { Observed } from "./task.ts";
import { keyOf } from "./untried.ts";

/**
 * When trials measure leaders again: `"auto"`, where the noise that is seen makes it pay; every n-th trial, for a
 * number n >= 2; never.
 */
export type Confirm = "auto" | number | false;

/** What a decision depends on. */
export interface ConfirmationOptions {
  /** When to measure again. */
  readonly confirm: Confirm;
  /** Who estimates the true values. */
  readonly estimator: Estimator;
  /** What the columns of a point mean. @default {all real} */
  readonly coordinates?: readonly Coordinate[];
  /** Number of trials that there will be in all, those that were observed included. @default {not known} */
  readonly trials?: number;
}

/** The part of the trials, at their end, in which `"auto"` measures again. */
const LAST_PART = 0.3;
/** The part at their end in which it measures once to see whether there is noise. */
const LOOKING_PART = 0.1;
/** Without a known end: the first trial that may measure again, and of how many later ones each. */
const FIRST = 20, EVERY = 4;
/** Of how many leaders the noise has to blur the order. */
const LEADERS = 5;

/**
 * The point to measure again now, if one is worth it: the one whose measurement is expected to improve most what is
 * recommended in the end, of those that are not being measured.
 *
 * `"auto"` begins when 70 % of the trials are done (without a known end, from the 20th trial on with every fourth).
 * It measures again while the noise that the estimator sees in a measurement is larger than half of what the estimates
 * of the best five differ by: their order is chance then, and which is the best of them is still to be found out. If
 * nothing was measured twice by then, one of the last 10 % of the trials measures the leader again, as nothing else tells
 * noise from a rugged objective; where there is none, that is all that is taken from the search.
 *
 * @returns undefined when the next trial should search on.
 */
export async function pointToConfirm(
  observed: Observed,
  { confirm, estimator, coordinates, trials }: ConfirmationOptions,
): Promise<Float64Array | undefined> {
  const { points, running = [] } = observed, done = points.length + running.length;
  if (confirm === false || !isTurn(confirm, done, trials)) return undefined;
  const estimates = await estimator(observed, coordinates === undefined ? {} : { coordinates });
  if (estimates === undefined) return undefined;
  const busy = new Set(running.map(keyOf));
  const idle = estimates.tried.filter(({ point }) => !busy.has(keyOf(point)));
  if (confirm === "auto" && !isBlurred(estimates)) {
    const isFirst = estimates.tried.every(({ measurements }) => measurements === 1);
    const isLate = trials === undefined || done >= (1 - LOOKING_PART) * trials;
    return isFirst && isLate && idle.length === estimates.tried.length ? idle[0].point : undefined;
  }
  return mostValuable(idle)?.point;
}

function isTurn(
  confirm: Exclude<Confirm, false>,
  done: number,
  trials: number | undefined,
): boolean {
  if (confirm !== "auto") return (done + 1) % confirm === 0;
  if (trials !== undefined) return done >= (1 - LAST_PART) * trials;
  return done >= FIRST && done % EVERY === 0;
}

/** Whether noise blurs the order of the leaders: two measurements differ by as much as they do, or more. */
function isBlurred({ tried, noise }: Estimates): boolean {
  const last = tried[Math.min(LEADERS, tried.length) - 1];
  return tried.length > 1 && 2 * noise > tried[0].estimate - last.estimate;
}

function mostValuable(estimates: readonly PointEstimate[]): PointEstimate | undefined {
  let best: PointEstimate | undefined;
  for (const one of estimates) {
    if (best === undefined || one.valueOfMeasuring > best.valueOfMeasuring) best = one;
  }
  return best;
}

/**
 * Checks a rule that goes with an estimator.
 *
 * @throws {RangeError} for anything that is no {@linkcode Confirm}; {InputError} where it needs an estimator.
 */
export function checkConfirm(confirm: unknown, estimator: Estimator | undefined): Confirm {
  if (confirm === false) return confirm;
  const isEvery = typeof confirm === "number" && Number.isSafeInteger(confirm) && confirm >= 2;
  if (confirm !== "auto" && !isEvery) {
    throw new RangeError(
      `Cannot confirm as 'confirm' must be "auto", false, or an integer of at least 2: got ${confirm}`,
    );
  }
  if (estimator !== undefined) return confirm;
  throw new InputError(
    "Cannot confirm as 'estimator' must be given where the algorithm has none of its own: got nothing",
  );
}
