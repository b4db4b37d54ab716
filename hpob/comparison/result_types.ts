/**
 * What the results of a method are.
 *
 * @module
 */
import type { RunIdentity } from "./run.ts";

/** How the responses of a run came about: from the surrogate or from the table. */
export type Protocol = "continuous" | "discrete";

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | {
  readonly [key: string]: JsonValue;
};

/** One run of a method. */
export interface RunResult extends RunIdentity {
  /** Best normalized response after 0, 1, ..., `trials` trials, in [0, 1]. */
  readonly incumbents: readonly number[];
  /** Mean time of a suggestion, in seconds, where it was measured. */
  readonly secondsPerSuggestion?: number;
}

/** The runs of one method, and how they were made. */
export interface Results {
  /** The method's name. */
  readonly method: string;
  /** The protocol of all runs; `"unknown"` in HPO-B's own files where the reader was not told. */
  readonly protocol: Protocol | "unknown";
  /** Number of trials of every run. */
  readonly trials: number;
  /** The method's settings. */
  readonly settings: Readonly<Record<string, JsonValue>>;
  /** The runs, in any order, each once. */
  readonly runs: readonly RunResult[];
}
