/**
 * The flag `--confirm`.
 *
 * @module
 */
import { recommend } from "../../baselines/recommend.ts";
import { checkConfirm, type Confirm } from "../../core/search/confirmation.ts";
import { type Flag, type Flags, UsageError } from "./cli.ts";

/** What it says in the help. */
export const confirmFlag: Flag = {
  value: "RULE",
  description: "When leaders are measured again: never, auto (where noise makes it pay), " +
    "or N for every N-th trial",
  default: "never",
};

/** @throws {UsageError} for another rule. */
export function readConfirm(flags: Flags): Confirm {
  return parseConfirm(flags.required("confirm"));
}

/** @throws {UsageError} for another rule. */
export function parseConfirm(text: string): Confirm {
  if (text === "never") return false;
  try {
    return checkConfirm(text === "auto" ? text : Number(text), recommend);
  } catch {
    throw new UsageError(
      `Flag --confirm must be auto, never, or a whole number of at least 2: got "${text}"`,
    );
  }
}
