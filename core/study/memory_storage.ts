/**
 * Studies in memory: the storage of those who need none, and the model of all others.
 *
 * @module
 */
import { checkAttributeNames, checkChange, checkNewStudy, checkNewTrial } from "./record_checks.ts";
import {
  changedTrialRecord,
  isExpired,
  newStudyRecord,
  newTrialRecord,
  withChangedAttributes,
} from "./record_changes.ts";
import type {
  Attributes,
  NewStudy,
  NewTrial,
  StudyRecord,
  TrialChange,
  TrialRecord,
} from "./records.ts";
import { type Expiry, nextCursor, type Storage, type TrialCursor } from "./storage.ts";

/** A study and its trials, by number. */
interface StoredStudy {
  record: StudyRecord;
  readonly trials: TrialRecord[];
}

/**
 * Keeps studies for as long as the object lives, in one process. Records are never changed in place,
 * so what was returned stays as it was.
 *
 * @example
 * ```ts
 * import { MemoryStorage } from "@genhpo/genhpo";
 *
 * await using storage = new MemoryStorage();
 * const study = await storage.createStudy({ name: "resnet", directions: ["maximize"] });
 * const trial = await storage.createTrial(study!.id, { state: "running" });
 * await storage.changeTrial(trial!.id, { state: "complete", values: [0.93] });
 * ```
 */
export class MemoryStorage implements Storage {
  readonly #studies: StoredStudy[] = [];
  /** Which study has a trial, and at which number, by id - 1. */
  readonly #places: { readonly study: StoredStudy; readonly number: number }[] = [];

  /** All studies, in the order they were created. */
  studies(): Promise<readonly StudyRecord[]> {
    return run(() => this.#studies.map(({ record }) => record));
  }

  /** The study of this name, or undefined. */
  findStudy(name: string): Promise<StudyRecord | undefined> {
    return run(() => this.#studies.find(({ record }) => record.name === name)?.record);
  }

  /** Creates a study, or gives undefined when the name is taken. */
  createStudy(study: NewStudy): Promise<StudyRecord | undefined> {
    return run(() => {
      checkNewStudy(study);
      if (this.#studies.some(({ record }) => record.name === study.name)) return undefined;
      const record = newStudyRecord(this.#studies.length + 1, study);
      this.#studies.push({ record, trials: [] });
      return record;
    });
  }

  /** Gives attributes of a study these values; the others stay. */
  setStudyAttributes(
    study: number,
    attributes: { readonly userAttributes?: Attributes; readonly systemAttributes?: Attributes },
  ): Promise<void> {
    return run(() => {
      checkAttributeNames(attributes);
      const stored = this.#study(study);
      stored.record = withChangedAttributes(stored.record, attributes);
    });
  }

  /** Creates a trial with the study's next number, or only with this `number`. */
  createTrial(
    study: number,
    trial: NewTrial,
    options: { readonly number?: number } = {},
  ): Promise<TrialRecord | undefined> {
    return run(() => {
      checkNewTrial(trial);
      const stored = this.#study(study);
      const isNext = (options.number ?? stored.trials.length) === stored.trials.length;
      return isNext ? this.#add(stored, trial) : undefined;
    });
  }

  /** Sets the waiting trial of the smallest number running; undefined: none. */
  claimTrial(
    study: number,
    options: Pick<TrialChange, "lease" | "systemAttributes"> = {},
  ): Promise<TrialRecord | undefined> {
    return run(() => {
      const waiting = this.#study(study).trials.find(({ state }) => state === "waiting");
      if (waiting === undefined) return undefined;
      return this.#change(waiting, { from: ["waiting"], state: "running", ...options }).trial;
    });
  }

  /** Changes a trial if it is in one of the states that the change names. */
  changeTrial(
    trial: number,
    change: TrialChange,
  ): Promise<{ readonly changed: boolean; readonly trial: TrialRecord }> {
    return run(() => {
      checkChange(change);
      const place = this.#places[trial - 1];
      if (place === undefined) {
        throw new RangeError(`Cannot change the trial as its id must be known: got ${trial}`);
      }
      return this.#change(place.study.trials[place.number], change);
    });
  }

  /** The trials that came since `cursor` and those that had not finished then. */
  changedTrials(
    study: number,
    cursor: TrialCursor,
  ): Promise<{ readonly trials: readonly TrialRecord[]; readonly cursor: TrialCursor }> {
    return run(() => {
      const { trials } = this.#study(study);
      const known = cursor.unfinished.map((id) => trials[this.#places[id - 1].number]);
      let first = trials.length;
      while (first > 0 && trials[first - 1].id > cursor.last) first--;
      const changed = [...known, ...trials.slice(first)];
      return { trials: changed, cursor: nextCursor(cursor, changed) };
    });
  }

  /** Fails every running trial whose lease has run out, and creates the trials that try again. */
  failExpired(
    study: number,
    decide: (trial: TrialRecord) => Expiry,
  ): Promise<readonly TrialRecord[]> {
    return run(() => {
      const stored = this.#study(study);
      const expired = stored.trials.filter(isExpired);
      return expired.map((trial) => {
        const { retry, ...attributes } = decide(trial);
        if (retry !== undefined) checkNewTrial(retry);
        const failed = this.#change(trial, { state: "fail", ...attributes }).trial;
        if (retry !== undefined) this.#add(stored, retry);
        return failed;
      });
    });
  }

  /** Nothing to let go of. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #study(id: number): StoredStudy {
    const study = this.#studies[id - 1];
    if (study !== undefined) return study;
    throw new RangeError(`Cannot use the study as its id must be known: got ${id}`);
  }

  #add(study: StoredStudy, trial: NewTrial): TrialRecord {
    const place = { id: this.#places.length + 1, number: study.trials.length };
    const record = newTrialRecord(place, trial);
    study.trials.push(record);
    this.#places.push({ study, number: record.number });
    return record;
  }

  #change(trial: TrialRecord, change: TrialChange): { changed: boolean; trial: TrialRecord } {
    const record = changedTrialRecord(trial, change);
    if (record === undefined) return { changed: false, trial };
    const { study, number } = this.#places[trial.id - 1];
    study.trials[number] = record;
    return { changed: true, trial: record };
  }
}

/** Runs a transaction; what it throws rejects the promise. */
function run<T>(transaction: () => T): Promise<T> {
  return new Promise((resolve) => resolve(transaction()));
}
