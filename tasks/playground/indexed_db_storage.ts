/**
 * Studies in a browser.
 *
 * @module
 */
/// <reference lib="dom" />
import {
  changedTrialRecord,
  isExpired,
  newStudyRecord,
  newTrialRecord,
  withChangedAttributes,
} from "../../core/study/record_changes.ts";
import {
  checkAttributeNames,
  checkChange,
  checkNewStudy,
  checkNewTrial,
} from "../../core/study/record_checks.ts";
import type {
  Attributes,
  NewStudy,
  NewTrial,
  StudyRecord,
  TrialChange,
  TrialRecord,
} from "../../core/study/records.ts";
import {
  type Expiry,
  nextCursor,
  type Storage,
  type TrialCursor,
} from "../../core/study/storage.ts";

/** A trial as it is kept: with its study. */
interface StoredTrial extends TrialRecord {
  readonly study: number;
}

/** The stores of a transaction. */
interface Stores {
  readonly studies: IDBObjectStore;
  readonly trials: IDBObjectStore;
}

/**
 * Keeps studies in an IndexedDB database: for good, in this browser, for any number of its tabs at once. Each method
 * is one of IndexedDB's transactions, of which those that write come one after the other.
 */
export class IndexedDbStorage implements Storage {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Opens the database of that name, or creates it. */
  static async open(name: string): Promise<IndexedDbStorage> {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const studies = request.result.createObjectStore("studies", { keyPath: "id" });
      studies.createIndex("name", "name", { unique: true });
      const trials = request.result.createObjectStore("trials", { keyPath: "id" });
      trials.createIndex("study", ["study", "number"], { unique: true });
      trials.createIndex("state", ["study", "state", "number"]);
    };
    return new IndexedDbStorage(await outcome(request));
  }

  /** All studies, in the order they were created. */
  async studies(): Promise<readonly StudyRecord[]> {
    return await this.#transact("readonly", ({ studies }) => outcome(studies.getAll()));
  }

  /** The study of this name, or undefined. */
  async findStudy(name: string): Promise<StudyRecord | undefined> {
    return await this.#transact("readonly", ({ studies }) => named(studies, name));
  }

  /** Creates a study, or gives undefined when the name is taken. */
  async createStudy(study: NewStudy): Promise<StudyRecord | undefined> {
    checkNewStudy(study);
    return await this.#transact("readwrite", async ({ studies }) => {
      if (await named(studies, study.name) !== undefined) return undefined;
      const record = newStudyRecord(await nextId(studies), study);
      await outcome(studies.add(record));
      return record;
    });
  }

  /** Gives attributes of a study these values; the others stay. */
  async setStudyAttributes(
    study: number,
    attributes: { readonly userAttributes?: Attributes; readonly systemAttributes?: Attributes },
  ): Promise<void> {
    checkAttributeNames(attributes);
    await this.#transact("readwrite", async ({ studies }) => {
      const record = await knownStudy(studies, study);
      await outcome(studies.put(withChangedAttributes(record, attributes)));
    });
  }

  /** Creates a trial with the study's next number, or only with this `number`. */
  async createTrial(
    study: number,
    trial: NewTrial,
    options: { readonly number?: number } = {},
  ): Promise<TrialRecord | undefined> {
    checkNewTrial(trial);
    return await this.#transact("readwrite", async ({ studies, trials }) => {
      await knownStudy(studies, study);
      const number = await outcome(trials.index("study").count(allOf(study)));
      if ((options.number ?? number) !== number) return undefined;
      return await add(trials, study, { number, trial });
    });
  }

  /** Sets the waiting trial of the smallest number running; undefined: none. */
  async claimTrial(
    study: number,
    options: Pick<TrialChange, "lease" | "systemAttributes"> = {},
  ): Promise<TrialRecord | undefined> {
    return await this.#transact("readwrite", async ({ studies, trials }) => {
      await knownStudy(studies, study);
      const waiting: StoredTrial | undefined = await outcome(
        trials.index("state").get(allOf(study, "waiting")),
      );
      if (waiting === undefined) return undefined;
      const change: TrialChange = { from: ["waiting"], state: "running", ...options };
      return (await put(trials, waiting, change)).trial;
    });
  }

  /** Changes a trial if it is in one of the states that the change names. */
  async changeTrial(
    trial: number,
    change: TrialChange,
  ): Promise<{ readonly changed: boolean; readonly trial: TrialRecord }> {
    checkChange(change);
    return await this.#transact("readwrite", async ({ trials }) => {
      const stored: StoredTrial | undefined = await outcome(trials.get(trial));
      if (stored !== undefined) return await put(trials, stored, change);
      throw new RangeError(`Cannot change the trial as its id must be known: got ${trial}`);
    });
  }

  /** The trials that came since `cursor` and those that had not finished then. */
  async changedTrials(
    study: number,
    cursor: TrialCursor,
  ): Promise<{ readonly trials: readonly TrialRecord[]; readonly cursor: TrialCursor }> {
    return await this.#transact("readonly", async ({ studies, trials }) => {
      await knownStudy(studies, study);
      const seen: StoredTrial | undefined = cursor.last === 0
        ? undefined
        : await outcome(trials.get(cursor.last));
      const known: StoredTrial[] = await Promise.all(
        cursor.unfinished.map((id) => outcome(trials.get(id))),
      );
      const next = IDBKeyRange.bound([study, seen === undefined ? 0 : seen.number + 1], [
        study,
        [],
      ]);
      const added: StoredTrial[] = await outcome(trials.index("study").getAll(next));
      const changed = [...known, ...added].map(plain);
      return { trials: changed, cursor: nextCursor(cursor, changed) };
    });
  }

  /** Fails every running trial whose lease has run out, and creates the trials that try again. */
  async failExpired(
    study: number,
    decide: (trial: TrialRecord) => Expiry,
  ): Promise<readonly TrialRecord[]> {
    return await this.#transact("readwrite", async ({ studies, trials }) => {
      await knownStudy(studies, study);
      const running: StoredTrial[] = await outcome(
        trials.index("state").getAll(allOf(study, "running")),
      );
      const failed: TrialRecord[] = [];
      for (const trial of running.filter(isExpired)) {
        const { retry, ...attributes } = decide(plain(trial));
        if (retry !== undefined) checkNewTrial(retry);
        failed.push((await put(trials, trial, { state: "fail", ...attributes })).trial);
        if (retry === undefined) continue;
        const number = await outcome(trials.index("study").count(allOf(study)));
        await add(trials, study, { number, trial: retry });
      }
      return failed;
    });
  }

  /** Closes the database. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#database.close();
    return Promise.resolve();
  }

  /** Runs a transaction; when it throws, nothing has happened. */
  async #transact<T>(
    mode: IDBTransactionMode,
    work: (stores: Stores) => Promise<T>,
  ): Promise<T> {
    const transaction = this.#database.transaction(["studies", "trials"], mode, {
      durability: "strict",
    });
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    try {
      const result = await work({
        studies: transaction.objectStore("studies"),
        trials: transaction.objectStore("trials"),
      });
      await ended;
      return result;
    } catch (error) {
      ended.catch(() => {}); // why it ended is thrown below
      if (transaction.error === null) transaction.abort();
      throw error;
    }
  }
}

function outcome<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** The next key of a store: 1, 2, 3, ... */
async function nextId(store: IDBObjectStore): Promise<number> {
  const last = await outcome(store.openKeyCursor(null, "prev"));
  return last === null ? 1 : last.primaryKey as number + 1;
}

/** All keys of an index that begin like this: a list is larger than every number and text. */
function allOf(...start: (number | string)[]): IDBKeyRange {
  return IDBKeyRange.bound(start, [...start, []]);
}

function named(studies: IDBObjectStore, name: string): Promise<StudyRecord | undefined> {
  return outcome(studies.index("name").get(name));
}

async function knownStudy(studies: IDBObjectStore, id: number): Promise<StudyRecord> {
  const study: StudyRecord | undefined = await outcome(studies.get(id));
  if (study !== undefined) return study;
  throw new RangeError(`Cannot use the study as its id must be known: got ${id}`);
}

async function add(
  trials: IDBObjectStore,
  study: number,
  { number, trial }: { number: number; trial: NewTrial },
): Promise<TrialRecord> {
  const record = newTrialRecord({ id: await nextId(trials), number }, trial);
  await outcome(trials.add({ ...record, study }));
  return record;
}

async function put(
  trials: IDBObjectStore,
  stored: StoredTrial,
  change: TrialChange,
): Promise<{ changed: boolean; trial: TrialRecord }> {
  const record = changedTrialRecord(plain(stored), change);
  if (record === undefined) return { changed: false, trial: plain(stored) };
  await outcome(trials.put({ ...record, study: stored.study }));
  return { changed: true, trial: record };
}

/** Without what only the storage needs. */
function plain({ study: _, ...record }: StoredTrial): TrialRecord {
  return record;
}
