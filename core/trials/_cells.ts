/**
 * What cells say of a trial's state and response, in the words of many programs.
 *
 * @module
 */
import { isMissing, toNumber } from "../search/spelling.ts";
import type { TrialState } from "../study/records.ts";

/** Words for states: Optuna's, W&B's, Ray's, MLflow's and SMAC3's. */
const words: Readonly<Record<TrialState, readonly string[]>> = {
  complete: ["complete", "completed", "finished", "success", "succeeded", "done", "terminated"],
  fail: [
    ...["fail", "failed", "failure", "error", "errored", "crash", "crashed", "killed", "timeout"],
    ...["memoryout", "memout", "abort", "aborted", "canceled", "cancelled", "preempted"],
  ],
  running: ["running"],
  waiting: ["waiting", "pending", "scheduled", "queued"],
  pruned: ["pruned", "stopped"],
};

const stateOfWord = new Map(
  Object.entries(words).flatMap(([state, all]) => all.map((word) => [word, state as TrialState])),
);

/** SMAC3's states by number, since its version 2. */
const numbered: readonly TrialState[] = ["running", "complete", "fail", "fail", "fail"];

/** The state that a cell names; undefined for anything else. */
export function stateOf(cell: unknown): TrialState | undefined {
  if (typeof cell === "number") return numbered[cell];
  if (typeof cell !== "string") return undefined;
  return stateOfWord.get(cell.trim().toLowerCase().replace(/^(statustype|trialstate)\./, ""));
}

/** The response of a cell: NaN where there is none; undefined for what is no number. */
export function responseOf(cell: unknown): number | undefined {
  if (isMissing(cell)) return NaN;
  if (typeof cell === "string" && /^[+-]?(inf|infinity)$/i.test(cell.trim())) {
    return cell.trim().startsWith("-") ? -Infinity : Infinity;
  }
  const number = toNumber(cell);
  return Number.isNaN(number) ? undefined : number;
}

/** A number with a decimal comma. */
const commaNumber = /^\s*[+-]?\d*,\d+(e[+-]?\d+)?\s*$/i;

/** Whether a cell looks like a number with a decimal comma. */
export function hasDecimalComma(cell: unknown): boolean {
  return typeof cell === "string" && commaNumber.test(cell);
}

/** A cell with a decimal point in place of its comma. */
export function withDecimalPoint(cell: unknown): unknown {
  return hasDecimalComma(cell) ? (cell as string).replace(",", ".") : cell;
}
