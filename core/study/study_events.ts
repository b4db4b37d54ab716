/**
 * What happens in a study, as people read it.
 *
 * @module
 */
import type { TrialSummary } from "./trial_summary.ts";

/** A trial was created, has got its configuration, or is in another state. */
export interface TrialEvent<C> {
  /** Always `"trial"`. */
  readonly type: "trial";
  /** The trial as it stands. */
  readonly trial: TrialSummary<C>;
}

/** A running trial reported an intermediate value. */
export interface ReportEvent<C> {
  /** Always `"report"`. */
  readonly type: "report";
  /** The trial as it stands. */
  readonly trial: TrialSummary<C>;
  /** The step, e.g. the epoch. */
  readonly step: number;
  /** The value of the objective at this step. */
  readonly value: number;
}

/** Something that a worker did, in this process or another. `C` is the type of the space's configurations. */
export type StudyEvent<C> = TrialEvent<C> | ReportEvent<C>;

/** Options of a study's `watch`. */
export interface WatchOptions {
  /**
   * Whether to begin with the trials that are there.
   * @default {false}
   */
  readonly fromStart?: boolean;
  /**
   * Seconds between looks at what other processes did; what this one does is seen at once.
   * @default {0.25}
   */
  readonly interval?: number;
  /** Ends the watch, as closing the study does. */
  readonly signal?: AbortSignal;
}
