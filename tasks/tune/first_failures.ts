/**
 * Ends a tuning that cannot work: of a program with a wrong path, a missing package, a response that is not found.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import type { TrialSummary } from "../../core/study/trial_summary.ts";

/** Counts failed trials until the first one succeeds. */
export class FirstFailures {
  readonly #most: number;
  #failures = 0;
  #hasSucceeded: boolean;

  /**
   * Begins to count; the failures of earlier commands do not count again.
   *
   * @param most Failures at which it is given up; 0 for never.
   * @param before The trials that the study has already.
   */
  constructor(most: number, before: readonly TrialSummary<unknown>[]) {
    this.#most = most;
    this.#hasSucceeded = before.some(isSuccess);
  }

  /** Takes note of a trial. @throws {InputError} when it is one failure too many, and none has succeeded. */
  ended(trial: TrialSummary<unknown>): void {
    if (isSuccess(trial)) this.#hasSucceeded = true;
    if (this.#hasSucceeded || ++this.#failures !== this.#most) return;
    throw new InputError(
      `Cannot go on as one of the first ${this.#most} trials must succeed: all of them failed, trial ` +
        `${trial.number} as ${trial.reason}; the same command tries further ones, --give-up 0 never ends`,
    );
  }
}

/** Whether the program has given a number, if only in between. */
function isSuccess({ state }: TrialSummary<unknown>): boolean {
  return state === "complete" || state === "pruned";
}
