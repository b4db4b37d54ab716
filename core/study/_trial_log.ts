/**
 * A study's trials as this process knows them: finished ones are read once.
 *
 * @module
 */
import type { TrialRecord } from "./records.ts";
import { START, type Storage } from "./storage.ts";

/** Trials by number, brought up to date on demand. */
export class TrialLog {
  readonly #storage: Storage;
  readonly #study: number;
  readonly #records: TrialRecord[] = [];
  #cursor = START;
  #last: Promise<unknown> = Promise.resolve();

  /** Reads the trials of the study of this id. */
  constructor(storage: Storage, study: number) {
    this.#storage = storage;
    this.#study = study;
  }

  /** All trials as they stand now, by number. */
  refresh(): Promise<readonly TrialRecord[]> {
    // One after the other, as each read goes on where the last one ended.
    const next = this.#last.then(() => this.#read(), () => this.#read());
    this.#last = next;
    return next;
  }

  async #read(): Promise<readonly TrialRecord[]> {
    const { trials, cursor } = await this.#storage.changedTrials(this.#study, this.#cursor);
    for (const trial of trials) this.#records[trial.number] = trial;
    this.#cursor = cursor;
    return [...this.#records];
  }
}
