/**
 * Studies in one SQLite file, by the SQLite that is built into Deno and into Node 22 and later.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { InputError } from "../search/errors.ts";
import type { Storage } from "../study/storage.ts";
import type { Connection, Database, Dialect, Row, SqlValue } from "./_database.ts";
import { RelationalStorage } from "./_relational_storage.ts";
import { isBusy, sqliteError } from "./_sqlite_errors.ts";
import { type ColumnTypes, ENUMERATIONS, prepareSchema, tableStatements } from "./optuna_schema.ts";

/** Options of {@linkcode openSqlite}. */
export interface SqliteOptions {
  /** Seconds to wait for other programs that are writing. @default {60} */
  readonly patience?: number;
  /**
   * Whether the file itself refuses that a waiting trial is claimed twice, as Optuna's workers do when several ask at
   * once, and that a finished one gets another state: by a trigger, which stays in the file.
   * @default {false}
   */
  readonly claimGuard?: boolean;
  /** Whether a file that is not there is created. @default {true} */
  readonly create?: boolean;
}

/**
 * Opens the studies of a SQLite file, which is created when it is not there, unless the options say otherwise.
 *
 * Any number of processes of one machine may share the file (never over a network file system: its
 * locks do not hold there). It is written in WAL mode; what was told survives the end of any process
 * and, as far as the disk keeps its promises, a power failure. Under Deno, reading and writing the
 * file's folder must be permitted: `--allow-read=FOLDER --allow-write=FOLDER`.
 *
 * @throws {InputError} when the file cannot be used: it is not there, no SQLite file, another program's, of
 *   another schema, read-only, or locked.
 */
export async function openSqlite(file: string, options: SqliteOptions = {}): Promise<Storage> {
  if (options.create === false && !existsSync(file)) {
    throw new InputError(`Cannot use "${file}" as the file must exist: got nothing there`);
  }
  const database = new SqliteDatabase(file, (options.patience ?? 60) * 1000);
  try {
    await database.prepare();
    if (options.claimGuard) await database.write((connection) => connection.query(CLAIM_GUARD));
  } catch (error) {
    await database.close();
    throw error;
  }
  return new RelationalStorage(database);
}

/** Milliseconds that SQLite itself waits for a lock, during which nothing else of this process runs. */
const BLOCKING_WAIT = 20;

/** Statements that are kept prepared. */
const MOST_STATEMENTS = 200;

/**
 * Optuna reads that a trial waits and then sets it running, with no lock between. Whoever is second gets an
 * IntegrityError from this trigger, which Optuna takes as "claimed by another", and goes on with the next one.
 */
const CLAIM_GUARD =
  `CREATE TRIGGER IF NOT EXISTS genhpo_claim_guard BEFORE UPDATE OF state ON trials
  WHEN (old.state = 'RUNNING' AND new.state = 'RUNNING') OR old.state IN ('COMPLETE', 'FAIL', 'PRUNED')
  BEGIN SELECT RAISE(ABORT, 'the trial is claimed or finished already'); END`;

const DIALECT: Dialect = {
  now: "unixepoch('now', 'subsec')",
  secondsOf: (column) => `unixepoch(${column}, 'subsec')`,
  // Optuna reads microseconds; SQLite has milliseconds.
  timeOf: (seconds) => `strftime('%Y-%m-%d %H:%M:%f000', ${seconds}, 'unixepoch')`,
  isIn: (column, parameter) => `${column} IN (SELECT value FROM json_each(${parameter}))`,
  list: (values) => JSON.stringify(values),
  forUpdate: "",
  skipLocked: "",
};

const TYPES: ColumnTypes = {
  key: "INTEGER NOT NULL",
  real: "FLOAT",
  time: "DATETIME",
  enumeration: (name) => `VARCHAR(${Math.max(...ENUMERATIONS[name].map((one) => one.length))})`,
};

class SqliteDatabase implements Database {
  readonly dialect = DIALECT;
  readonly #file: string;
  readonly #patience: number;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Settles when the transactions that came before have ended: there is one connection. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: string, patience: number) {
    this.#file = file;
    this.#patience = patience;
    try {
      this.#database = new DatabaseSync(file, { timeout: BLOCKING_WAIT });
    } catch (error) {
      throw sqliteError(error, file);
    }
  }

  /** Makes sure that the file has the tables, and is in WAL mode. */
  async prepare(): Promise<void> {
    await prepareSchema(this, {
      name: `"${this.#file}"`,
      listTables:
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
      create: async (connection) => {
        for (const sql of tableStatements(TYPES)) await connection.query(sql);
      },
    });
    await this.#useWriteAheadLog();
  }

  /** The mode stays in the file. While others are reading it cannot be set; then it stays as it is. */
  async #useWriteAheadLog(): Promise<void> {
    try {
      await this.#patiently(() => this.#run("PRAGMA journal_mode = WAL"), 1000);
    } catch (error) {
      if (!isBusy(error)) throw sqliteError(error, this.#file);
    }
  }

  /** Runs a statement within the transaction that is under way. */
  #run(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    try {
      return Promise.resolve(
        this.#statement(sql).all(...parameters as readonly SQLInputValue[]) as unknown as Row[],
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
      statement = this.#database.prepare(sql.replaceAll("$", "?"));
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  query(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return this.read((connection) => connection.query(sql, parameters));
  }

  read<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#inTurn("BEGIN", run);
  }

  write<T>(
    run: (connection: Connection) => Promise<T>,
    options: { readonly durable?: boolean } = {},
  ): Promise<T> {
    // A transaction that reads first and then writes would fail at once when another wrote between.
    return this.#inTurn("BEGIN IMMEDIATE", run, options.durable ?? true ? "FULL" : "NORMAL");
  }

  #inTurn<T>(
    begin: string,
    run: (connection: Connection) => Promise<T>,
    synchronous?: "FULL" | "NORMAL",
  ): Promise<T> {
    const attempt = async () => {
      if (synchronous !== undefined) await this.#run(`PRAGMA synchronous = ${synchronous}`);
      await this.#run(begin);
      try {
        const result = await run({ query: (sql, parameters) => this.#run(sql, parameters) });
        // Outside of WAL mode a reader can keep the commit waiting; what comes before it stays done.
        await this.#patiently(() => this.#run("COMMIT"), this.#patience);
        return result;
      } catch (error) {
        if (this.#database.isTransaction) await this.#run("ROLLBACK");
        throw error;
      }
    };
    const turn = this.#turn.then(() => this.#patiently(attempt, this.#patience)).catch((error) => {
      throw sqliteError(error, this.#file);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Tries again while other programs hold a lock, for some milliseconds in all. */
  async #patiently<T>(attempt: () => Promise<T>, patience: number): Promise<T> {
    const end = performance.now() + patience;
    for (let pause = 1;; pause = Math.min(2 * pause, 50)) {
      try {
        return await attempt();
      } catch (error) {
        if (!isBusy(error) || performance.now() > end) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#statements.clear();
    this.#database.close();
  }
}
