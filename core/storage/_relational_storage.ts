/**
 * A storage in Optuna's tables, in any relational database.
 *
 * @module
 */
import {
  checkAttributeNames,
  checkChange,
  checkNewStudy,
  checkNewTrial,
} from "../study/record_checks.ts";
import {
  type Attributes,
  type Direction,
  isUnfinished,
  type NewStudy,
  type NewTrial,
  type StudyRecord,
  type TrialChange,
  type TrialRecord,
  type TrialState,
} from "../study/records.ts";
import { type Expiry, nextCursor, type Storage, type TrialCursor } from "../study/storage.ts";
import type { Connection, Database, Row } from "./_database.ts";
import {
  attributeOf,
  LEASE,
  selectTrials,
  TRIAL_COLUMNS,
  trialsOf,
  writeAttributes,
  writeParts,
} from "./_trial_rows.ts";

/**
 * Keeps studies in Optuna's tables.
 *
 * Numbers are given out as Optuna does it: under a lock of the study's row, so that workers of both
 * get each number once. A trial's row is never deleted, as Optuna counts rows.
 */
export class RelationalStorage implements Storage {
  readonly #database: Database;
  readonly #changed: string;
  readonly #one: string;
  readonly #many: string;

  /** Keeps studies in a database that has Optuna's tables. */
  constructor(database: Database) {
    this.#database = database;
    const { dialect } = database;
    const select = (where: string) => `SELECT ${TRIAL_COLUMNS} FROM trials WHERE ${where}`;
    this.#one = selectTrials(dialect, select("trial_id = $1"));
    this.#many = selectTrials(dialect, select(dialect.isIn("trial_id", "$1")));
    this.#changed = selectTrials(
      dialect,
      `${select("study_id = $1 AND trial_id > $2")} UNION ALL ${
        select(`${dialect.isIn("trial_id", "$3")} AND trial_id <= $2`)
      }`,
    );
  }

  /** All studies, in the order they were created. */
  studies(): Promise<readonly StudyRecord[]> {
    return this.#database.read((connection) => readStudies(connection, "", []));
  }

  /** The study of this name, or undefined. */
  async findStudy(name: string): Promise<StudyRecord | undefined> {
    const [study] = await this.#database.read((connection) =>
      readStudies(connection, "WHERE s.study_name = $1", [name])
    );
    return study;
  }

  /** Creates a study, or gives undefined when the name is taken. */
  async createStudy(study: NewStudy): Promise<StudyRecord | undefined> {
    checkNewStudy(study);
    return await this.#database.write(async (connection) => {
      const [created] = await connection.query(
        "INSERT INTO studies (study_name) VALUES ($1) ON CONFLICT (study_name) DO NOTHING " +
          "RETURNING study_id",
        [study.name],
      );
      if (created === undefined) return undefined;
      const id = created.study_id as number;
      for (const [objective, direction] of study.directions.entries()) {
        await connection.query(
          "INSERT INTO study_directions (direction, study_id, objective) VALUES ($1, $2, $3)",
          [direction.toUpperCase(), id, objective],
        );
      }
      await writeAttributes(connection, "study", id, study);
      return (await readStudies(connection, "WHERE s.study_id = $1", [id]))[0];
    });
  }

  /** Gives attributes of a study these values; the others stay. */
  async setStudyAttributes(
    study: number,
    attributes: { readonly userAttributes?: Attributes; readonly systemAttributes?: Attributes },
  ): Promise<void> {
    checkAttributeNames(attributes);
    await this.#database.write(async (connection) => {
      await this.#lockStudy(connection, study);
      await writeAttributes(connection, "study", study, attributes);
    });
  }

  /** Creates a trial with the study's next number, or only with this `number`. */
  async createTrial(
    study: number,
    trial: NewTrial,
    options: { readonly number?: number } = {},
  ): Promise<TrialRecord | undefined> {
    checkNewTrial(trial);
    return await this.#database.write(async (connection) => {
      const id = await this.#insertTrial(connection, study, trial, options.number);
      return id === undefined ? undefined : await this.#readTrial(connection, id);
    });
  }

  /** Sets the waiting trial of the smallest number running; undefined: none. */
  async claimTrial(
    study: number,
    options: Pick<TrialChange, "lease" | "systemAttributes"> = {},
  ): Promise<TrialRecord | undefined> {
    checkChange(options);
    const { now, timeOf, forUpdate, skipLocked } = this.#database.dialect;
    return await this.#database.write(async (connection) => {
      const [claimed] = await connection.query(
        `UPDATE trials SET state = 'RUNNING', datetime_start = ${timeOf(now)}
          WHERE trial_id = (SELECT trial_id FROM trials WHERE study_id = $1 AND state = 'WAITING'
            ORDER BY number LIMIT 1 ${forUpdate} ${skipLocked})
          RETURNING trial_id`,
        [study],
      );
      if (claimed === undefined) return undefined;
      const id = claimed.trial_id as number;
      await writeAttributes(connection, "trial", id, options);
      await this.#setLease(connection, id, options.lease);
      return await this.#readTrial(connection, id);
    });
  }

  /** Changes a trial if it is in one of the states that the change names. */
  async changeTrial(
    trial: number,
    change: TrialChange,
  ): Promise<{ readonly changed: boolean; readonly trial: TrialRecord }> {
    checkChange(change);
    const { forUpdate } = this.#database.dialect;
    const finishes = change.state !== undefined && !isUnfinished(change.state);
    return await this.#database.write(async (connection) => {
      const [row] = await connection.query(
        `SELECT state FROM trials WHERE trial_id = $1 ${forUpdate}`,
        [trial],
      );
      if (row === undefined) {
        throw new RangeError(`Cannot change the trial as its id must be known: got ${trial}`);
      }
      const state = (row.state as string).toLowerCase() as TrialState;
      const changed = (change.from ?? ["running"]).includes(state);
      if (changed) await this.#change(connection, trial, change);
      return { changed, trial: await this.#readTrial(connection, trial) };
    }, { durable: finishes });
  }

  /** The trials that came since `cursor` and those that had not finished then. */
  async changedTrials(
    study: number,
    cursor: TrialCursor,
  ): Promise<{ readonly trials: readonly TrialRecord[]; readonly cursor: TrialCursor }> {
    const unfinished = this.#database.dialect.list(cursor.unfinished);
    const rows = await this.#database.query(this.#changed, [study, cursor.last, unfinished]);
    const trials = trialsOf(rows);
    return { trials, cursor: nextCursor(cursor, trials) };
  }

  /** Fails every running trial whose lease has run out, and creates the trials that try again. */
  async failExpired(
    study: number,
    decide: (trial: TrialRecord) => Expiry,
  ): Promise<readonly TrialRecord[]> {
    const { now, forUpdate, list } = this.#database.dialect;
    const expired = `SELECT t.trial_id FROM trials t JOIN trial_system_attributes a
      ON a.trial_id = t.trial_id AND a."key" = '${LEASE}'
      WHERE t.study_id = $1 AND t.state = 'RUNNING'
        AND CAST(a.value_json AS double precision) <= ${now} ORDER BY t.number`;
    // Most of the time there is none, and reading disturbs nobody.
    const found = await this.#database.query(expired, [study]);
    if (found.length === 0) return [];
    return await this.#database.write(async (connection) => {
      await this.#lockStudy(connection, study);
      const rows = await connection.query(`${expired} ${forUpdate}`, [study]);
      const ids = list(rows.map(({ trial_id }) => trial_id as number));
      for (const trial of trialsOf(await connection.query(this.#many, [ids]))) {
        const { retry, ...attributes } = decide(trial);
        if (retry !== undefined) checkNewTrial(retry);
        await this.#change(connection, trial.id, { state: "fail", ...attributes });
        if (retry !== undefined) await this.#insertTrial(connection, study, retry);
      }
      return trialsOf(await connection.query(this.#many, [ids]));
    });
  }

  /** Lets go of files and connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database.close();
  }

  /** Keeps everybody else, Optuna's workers too, from giving out a number of the study. */
  async #lockStudy(connection: Connection, study: number): Promise<void> {
    const [row] = await connection.query(
      `SELECT study_id FROM studies WHERE study_id = $1 ${this.#database.dialect.forUpdate}`,
      [study],
    );
    if (row !== undefined) return;
    throw new RangeError(`Cannot use the study as its id must be known: got ${study}`);
  }

  /** Inserts a trial with the study's next number; undefined: `number` is not that. */
  async #insertTrial(
    connection: Connection,
    study: number,
    trial: NewTrial,
    number?: number,
  ): Promise<number | undefined> {
    const { now, timeOf } = this.#database.dialect;
    const [, [last]] = await Promise.all([
      this.#lockStudy(connection, study),
      connection.query(
        "SELECT number FROM trials WHERE study_id = $1 ORDER BY trial_id DESC LIMIT 1",
        [study],
      ),
    ]);
    const next = last === undefined ? 0 : (last.number as number) + 1;
    if (number !== undefined && number !== next) return undefined;
    const seconds = (date: Date | undefined) => date === undefined ? null : date.getTime() / 1000;
    const time = (parameter: string, isDue: boolean) => {
      const given = `CAST(${parameter} AS double precision)`;
      return timeOf(isDue ? `coalesce(${given}, ${now})` : given);
    };
    const [{ trial_id }] = await connection.query(
      `INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
        VALUES ($1, $2, $3, ${time("$4", trial.state !== "waiting")},
          ${time("$5", !isUnfinished(trial.state))}) RETURNING trial_id`,
      [next, study, trial.state.toUpperCase(), seconds(trial.startedAt), seconds(trial.finishedAt)],
    );
    const id = trial_id as number;
    await Promise.all([
      writeParts(connection, id, trial),
      this.#setLease(connection, id, trial.lease),
    ]);
    return id;
  }

  /** Changes a trial that may be changed. */
  async #change(connection: Connection, trial: number, change: TrialChange): Promise<void> {
    const { now, timeOf } = this.#database.dialect;
    const statements = [writeParts(connection, trial, change)];
    if (change.state !== undefined) {
      const started = change.state === "waiting"
        ? ""
        : `, datetime_start = coalesce(datetime_start, ${timeOf(now)})`;
      const finished = isUnfinished(change.state) ? "" : `, datetime_complete = ${timeOf(now)}`;
      statements.push(
        connection.query(
          `UPDATE trials SET state = $2 ${started} ${finished} WHERE trial_id = $1`,
          [
            trial,
            change.state.toUpperCase(),
          ],
        ).then(() => {}),
      );
    }
    const ends = change.state !== undefined && change.state !== "running";
    statements.push(this.#setLease(connection, trial, ends ? null : change.lease));
    await Promise.all(statements);
  }

  /** Sets when a trial may be taken from its worker; null: it needs no lease any more. */
  async #setLease(connection: Connection, trial: number, seconds?: number | null): Promise<void> {
    if (seconds === undefined) return;
    if (seconds === null) {
      await connection.query(
        `DELETE FROM trial_system_attributes WHERE trial_id = $1 AND "key" = '${LEASE}'`,
        [trial],
      );
      return;
    }
    const end = `CAST(${this.#database.dialect.now} + CAST($2 AS double precision) AS text)`;
    await connection.query(
      `INSERT INTO trial_system_attributes (trial_id, "key", value_json)
        VALUES ($1, '${LEASE}', ${end})
        ON CONFLICT (trial_id, "key") DO UPDATE SET value_json = excluded.value_json`,
      [trial, seconds],
    );
  }

  async #readTrial(connection: Connection, trial: number): Promise<TrialRecord> {
    return trialsOf(await connection.query(this.#one, [trial]))[0];
  }
}

/** Studies with directions and attributes, in the order they were created. */
async function readStudies(
  connection: Connection,
  where: string,
  parameters: readonly (string | number)[],
): Promise<StudyRecord[]> {
  const from = (table: string) =>
    `FROM studies s JOIN ${table} p ON p.study_id = s.study_id ${where}`;
  const [studies, directions, user, system] = await Promise.all([
    connection.query(
      `SELECT s.study_id, s.study_name FROM studies s ${where} ORDER BY s.study_id`,
      parameters,
    ),
    connection.query(
      `SELECT s.study_id, CAST(p.direction AS text) AS direction ${from("study_directions")}
        ORDER BY p.objective`,
      parameters,
    ),
    connection.query(
      `SELECT s.study_id, p."key" AS name, p.value_json ${from("study_user_attributes")}`,
      parameters,
    ),
    connection.query(
      `SELECT s.study_id, p."key" AS name, p.value_json ${from("study_system_attributes")}`,
      parameters,
    ),
  ]);
  return studies.map(({ study_id, study_name }) => {
    const own = (rows: Row[]) => rows.filter((row) => row.study_id === study_id);
    const attributes = (rows: Row[]) =>
      Object.fromEntries(
        own(rows).map(({ name, value_json }) => [name, attributeOf(value_json)]),
      );
    return {
      id: study_id as number,
      name: study_name as string,
      directions: own(directions).map(({ direction }) =>
        (direction as string).toLowerCase() as Direction
      ),
      userAttributes: attributes(user),
      systemAttributes: attributes(system),
    };
  });
}
