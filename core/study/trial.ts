/**
 * A trial that runs.
 *
 * @module
 */
import type { Attributes } from "./records.ts";

/**
 * A trial that a worker evaluates; its functions may be taken out of it: `({ configuration, report }) => ...`.
 * `C` is the type of the space's configurations.
 */
export interface Trial<C> {
  /** Its number in the study: 0, 1, 2, ... */
  readonly number: number;
  /** The hyperparameters to evaluate; those that are not active are absent. */
  readonly configuration: C;
  /** Aborted when there is no use in going on: the optimization was stopped, or the trial was taken away. */
  readonly signal: AbortSignal;
  /**
   * Keeps an intermediate value, and prolongs the lease.
   *
   * `step` is an integer >= 0, such as the epoch counted from 1; one that was reported before is replaced. `value` is
   * the value of the objective so far; NaN where it cannot be told.
   *
   * Rejects with a TypeError or RangeError for another step or value, with a StudyError when the trial runs no more.
   */
  readonly report: (step: number, value: number) => Promise<void>;
  /**
   * Whether to stop early, judged by what was reported and by the other trials; always false unless the study was
   * opened with `asha`. A trial that is stopped is told as `{ state: "pruned" }`.
   */
  readonly shouldPrune: () => Promise<boolean>;
  /** Prolongs the lease. False when the trial was taken away meanwhile; its signal is aborted then. */
  readonly heartbeat: () => Promise<boolean>;
  /** Notes things with the trial, by name, that its summary and dashboards show. */
  readonly note: (attributes: Attributes) => Promise<void>;
}
