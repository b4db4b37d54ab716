/**
 * Options of a study, and of what it does.
 *
 * @module
 */
import type { Algorithm } from "../search/algorithm.ts";
import type { Confirm } from "../search/confirmation.ts";
import type { Estimator } from "../search/estimator.ts";
import type { Hyperparameters } from "../search/hyperparameter.ts";
import type { SearchSpace } from "../search/search_space.ts";
import type { AshaOptions } from "./asha.ts";
import type { Goal } from "./goal.ts";
import type { ChangeableSetting } from "./settings.ts";
import type { Storage } from "./storage.ts";
import type { Told } from "./told.ts";
import type { Trial } from "./trial.ts";
import type { TrialSummary } from "./trial_summary.ts";

/** Options of `Study.open`. */
export interface StudyOptions<H extends Hyperparameters> {
  /** Where it is kept. @default {in memory, for as long as the study is open} */
  readonly storage?: Storage;
  /** Its name, unique in its storage; 1 to 512 characters. @default {"study", in memory} */
  readonly name?: string;
  /** What is searched. @default {the stored space} */
  readonly space?: SearchSpace<H>;
  /** Whether values are to become large or small. @default {the stored goal; "maximize" for a new study} */
  readonly goal?: Goal;
  /**
   * Who chooses the configurations. A new study needs one; one that is stored can be read, told and given trials
   * without.
   * @default {none, which leaves the stored one as it is}
   */
  readonly algorithm?: Algorithm;
  /** Tells apart the studies of one algorithm: an integer. @default {the stored seed; 0 for a new study} */
  readonly seed?: number;
  /**
   * What to do with a study of this name: go on with it (or create it), require that there is one, or refuse it.
   * @default {"resume"}
   */
  readonly existing?: "resume" | "require" | "refuse";
  /**
   * Settings that may be others than the stored ones, which they replace: the space (a range is widened, say), the
   * algorithm, the seed.
   * @default {[]}
   */
  readonly change?: readonly ChangeableSetting[];
  /**
   * Whether a configuration may be tried again while others are left, for objectives with noise.
   * @default {false}
   */
  readonly repeats?: boolean;
  /**
   * Who estimates the true values behind noisy measurements: what `recommend` answers, and what is measured again.
   * `recommend` of the package does so with a Gaussian process.
   * @default {the algorithm's own, if it has one; otherwise the means of measurements}
   */
  readonly estimator?: Estimator;
  /**
   * Which trials measure leaders again, by the estimator: `"auto"`, at the end and while the noise blurs which is the
   * best; every n-th one; none. Such a trial's summary says `confirms`.
   * @default {false}
   */
  readonly confirm?: Confirm;
  /** How often a trial is tried again whose worker died; an integer >= 0. @default {1} */
  readonly retries?: number;
  /** Stops trials early that are behind others, where the objective reports. @default {never} */
  readonly asha?: AshaOptions;
  /**
   * What the algorithm sees of finished trials outside of the space, which was changed since: the nearest
   * configuration in it, or nothing.
   * @default {"clip"}
   */
  readonly outOfSpace?: "clip" | "omit";
  /** Whether closing the study leaves its storage open, for other studies in it. @default {false} */
  readonly keepStorage?: boolean;
  /** Is told what went otherwise than one may think. @default {nobody} */
  readonly onWarning?: (message: string) => void;
}

/** Options of a study's `ask`. */
export interface AskOptions {
  /**
   * Seconds after which the trial is taken from its worker and tried again, unless it gives a sign of life (`report`,
   * `heartbeat`) before.
   * @default {never}
   */
  readonly lease?: number;
  /**
   * A text of the caller's choice by which it may ask again when an answer was lost: whoever asks with the same one, in
   * this process or another, gets the same trial, even if it has ended since. It is kept with the trial.
   * @default {none, so that each call gets another trial}
   */
  readonly request?: string;
}

/** Options of a study's `enqueue`. */
export interface EnqueueOptions {
  /** As in `ask`: whoever enqueues with the same text gets the number of the same trial. @default {none} */
  readonly request?: string;
}

/** Evaluates a trial's configuration: gives its value, or how it ended. */
export type Objective<C> = (trial: Trial<C>) => Told | Promise<Told>;

/** Options of a study's `optimize`. At least one of `trials`, `timeout` and `signal` says when it ends. */
export interface OptimizeOptions<C> {
  /** Number of trials that the study has in the end, those included that it had before. @default {no limit} */
  readonly trials?: number;
  /** Number of trials that run at once in this process. @default {1} */
  readonly parallel?: number;
  /** Seconds after which no trial is begun any more. @default {no limit} */
  readonly timeout?: number;
  /** Ends the optimization and, by their `signal`, the trials. */
  readonly signal?: AbortSignal;
  /** Are called one after the other with each trial that has ended. */
  readonly callbacks?: readonly ((trial: TrialSummary<C>) => void | Promise<void>)[];
  /** Failures in a row after which the optimization ends with an error; 1: the first. @default {no limit} */
  readonly maxConsecutiveFailures?: number;
  /**
   * Seconds without a sign of life after which a trial is taken from its worker. Signs are given every third of that
   * as long as the objective does not block the thread.
   * @default {60}
   */
  readonly lease?: number;
}
