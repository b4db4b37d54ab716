/**
 * Where studies are kept: an interface of few methods, for memory, files and databases alike.
 *
 * @module
 */
import {
  type Attributes,
  isUnfinished,
  type NewStudy,
  type NewTrial,
  type StudyRecord,
  type TrialChange,
  type TrialRecord,
} from "./records.ts";

/**
 * What a reader has seen of a study's trials. Begin with {@linkcode START}, then hand back what
 * {@linkcode Storage.changedTrials} returned.
 */
export interface TrialCursor {
  /** The largest id that was seen; 0 before the first. */
  readonly last: number;
  /** Ids of the trials seen that had not finished, ascending. */
  readonly unfinished: readonly number[];
}

/** The cursor of a reader that has seen nothing. */
export const START: TrialCursor = { last: 0, unfinished: [] };

/** The cursor of a reader that had `cursor` and was then given these trials. */
export function nextCursor(cursor: TrialCursor, trials: readonly TrialRecord[]): TrialCursor {
  return {
    last: trials.reduce((last, { id }) => Math.max(last, id), cursor.last),
    unfinished: trials.filter(({ state }) => isUnfinished(state)).map(({ id }) => id),
  };
}

/** What is to become of a running trial whose lease has run out. */
export interface Expiry {
  /** Attributes that the failed trial gets, e.g. why it failed. */
  readonly systemAttributes?: Attributes;
  /** The trial that tries again. @default {none} */
  readonly retry?: NewTrial;
}

/**
 * Keeps studies and trials, for any number of workers at once. Each method is one transaction: it
 * happens as a whole or not at all, and what it returned is kept. Times and leases go by the
 * storage's own clock, never by a worker's.
 *
 * {@linkcode MemoryStorage} is the shortest implementation; `storageTests` of `./testing` says what every
 * implementation has to do.
 */
export interface Storage extends AsyncDisposable {
  /** All studies, in the order they were created. */
  studies(): Promise<readonly StudyRecord[]>;

  /** The study of this name, or undefined. */
  findStudy(name: string): Promise<StudyRecord | undefined>;

  /** Creates a study, or gives undefined when the name is taken: of several callers one creates it. */
  createStudy(study: NewStudy): Promise<StudyRecord | undefined>;

  /** Gives attributes of a study these values; the others stay. */
  setStudyAttributes(
    study: number,
    attributes: { readonly userAttributes?: Attributes; readonly systemAttributes?: Attributes },
  ): Promise<void>;

  /**
   * Creates a trial with the study's next number.
   *
   * With `number` it does so only if that is the next one, and gives undefined otherwise. A worker
   * that has read all trials, chose a configuration and asks for number `last + 1` so knows that it
   * has seen every trial that came before its own.
   */
  createTrial(
    study: number,
    trial: NewTrial,
    options?: { readonly number?: number },
  ): Promise<TrialRecord | undefined>;

  /** Sets the waiting trial of the smallest number running, for one caller alone; undefined: none. */
  claimTrial(
    study: number,
    options?: Pick<TrialChange, "lease" | "systemAttributes">,
  ): Promise<TrialRecord | undefined>;

  /**
   * Changes a trial if it is in one of the states that the change names. `changed` says whether it
   * was; `trial` is the trial as it stands now, so that who tells a finished trial can compare.
   *
   * @throws {RangeError} when there is no such trial.
   */
  changeTrial(
    trial: number,
    change: TrialChange,
  ): Promise<{ readonly changed: boolean; readonly trial: TrialRecord }>;

  /**
   * The trials that came since `cursor` and those that had not finished then, as they stand now, by
   * number; empty when the storage knows that nothing happened. Cheap enough to be called often:
   * finished trials are read once.
   */
  changedTrials(
    study: number,
    cursor: TrialCursor,
  ): Promise<{ readonly trials: readonly TrialRecord[]; readonly cursor: TrialCursor }>;

  /**
   * Fails every running trial whose lease has run out, and creates the trials that try again, in one
   * transaction. Each trial is failed by one caller alone, who gets it as it stands then. A worker
   * hands its trial back at once by a lease of 0 seconds.
   *
   * @param decide A function of the trial as it was running; it is called once more when the
   *   transaction is tried again.
   */
  failExpired(
    study: number,
    decide: (trial: TrialRecord) => Expiry,
  ): Promise<readonly TrialRecord[]>;

  /** Lets go of files and connections; nothing may be called afterwards. */
  [Symbol.asyncDispose](): Promise<void>;
}
