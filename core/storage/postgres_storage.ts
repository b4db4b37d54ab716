/**
 * Studies in a PostgreSQL database, by `pg`.
 *
 * Why `pg` and not `postgres` (postgres.js): both work in Deno, Node and Bun. `pg` is released often, by
 * several people; it is connected again 40 ms after a restart of the server, where `postgres` by default
 * lets queries hang for up to 20 s; and it can send statements without awaiting the one before. A query
 * builder would be larger than the 25 statements here.
 *
 * @module
 */
import pg from "pg";
import { InputError } from "../search/errors.ts";
import type { Storage } from "../study/storage.ts";
import type { Connection, Database, Dialect, Row, SqlValue } from "./_database.ts";
import {
  isConnectionLoss,
  isCreationRace,
  isRestarting,
  isWorthAnotherTry,
  postgresError,
} from "./_postgres_errors.ts";
import { RelationalStorage } from "./_relational_storage.ts";
import { type ColumnTypes, ENUMERATIONS, prepareSchema, tableStatements } from "./optuna_schema.ts";

/** Options of {@linkcode openPostgres}. */
export interface PostgresOptions {
  /** Seconds to wait for a server that is away, e.g. while it restarts. @default {60} */
  readonly patience?: number;
  /** Most connections of this object at one time. @default {4} */
  readonly connections?: number;
}

/**
 * Opens the studies of a PostgreSQL database, whose tables are created when it is empty.
 *
 * A lost connection is opened again and what was under way is run again, exactly once: when the answer
 * to a commit was lost, the server is asked for the fate of that transaction. Works through PgBouncer
 * in transaction mode. Under Deno, the server must be permitted and the variables that `pg` reads:
 * `--allow-net=HOST:PORT
 * --allow-env=PGPASSWORD,PGBINARY,PGOPTIONS,PGSSLMODE,PGSSLNEGOTIATION,PGCLIENT_ENCODING,PGREPLICATION,PGAPPNAME`.
 *
 * @param url `postgres://user:password@host:port/database`.
 * @throws {InputError} when the database cannot be used: it is not there, refuses the user, is another
 *   program's, has another schema, or is read-only.
 */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Storage> {
  const database = new PostgresDatabase(url, options);
  try {
    await database.prepare();
  } catch (error) {
    await database.close();
    throw error;
  }
  return new RelationalStorage(database);
}

const DIALECT: Dialect = {
  now: "CAST(extract(epoch FROM clock_timestamp()) AS double precision)",
  secondsOf: (column) => `extract(epoch FROM ${column})`,
  timeOf: (seconds) => `(to_timestamp(${seconds}) AT TIME ZONE 'utc')`,
  isIn: (column, parameter) => `${column} = ANY(CAST(${parameter} AS integer[]))`,
  list: (values) => values,
  forUpdate: "FOR UPDATE",
  skipLocked: "SKIP LOCKED",
};

const TYPES: ColumnTypes = {
  key: "SERIAL",
  real: "double precision",
  time: "timestamp",
  enumeration: (name) => name,
};

/** Milliseconds to wait for a server that has never answered: it may be about to start. */
const OPENING_PATIENCE = 5000;

/** The key of the lock under which tables are created, among all users of the database. */
const CREATION_LOCK = 0x67656e68;

class PostgresDatabase implements Database {
  readonly dialect = DIALECT;
  readonly #name: string;
  readonly #pool: pg.Pool;
  readonly #patience: number;
  /** Whether the database has answered once; before, one that is not there is likely a mistake. */
  #isKnown = false;

  constructor(url: string, { patience = 60, connections = 4 }: PostgresOptions) {
    this.#name = nameOf(url);
    this.#patience = patience * 1000;
    this.#pool = new pg.Pool({
      connectionString: url,
      max: connections,
      pipeline: true,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    });
    // A connection that breaks between two statements is opened again when it is needed.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => client.on("error", () => {}));
  }

  /** Makes sure that the database has the tables. */
  async prepare(): Promise<void> {
    for (let attempt = 0;; attempt++) {
      try {
        await prepareSchema(this, {
          name: this.#name,
          listTables: "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
          create: createTables,
        });
        this.#isKnown = true;
        return;
      } catch (error) {
        if (!isCreationRace(error) || attempt === 5) throw error;
      }
    }
  }

  query(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#patiently(async () =>
      (await this.#pool.query(sql, parameters as SqlValue[])).rows
    );
  }

  read<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
    return this.#patiently(async () => {
      const client = await this.#pool.connect();
      try {
        const [, result] = await Promise.all([
          client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
          run(connectionOf(client)),
        ]);
        await client.query("COMMIT");
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });
  }

  write<T>(
    run: (connection: Connection) => Promise<T>,
    options: { readonly durable?: boolean } = {},
  ): Promise<T> {
    // What need not survive a power failure need not be waited for.
    const haste = options.durable ?? true ? "" : "SET LOCAL synchronous_commit = off;";
    const begin = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${haste}
      SELECT CAST(txid_current() AS text) AS id`;
    return this.#patiently(async () => {
      const client = await this.#pool.connect();
      let committing: { readonly id: string; readonly result: T } | undefined;
      try {
        const [begun, result] = await Promise.all([
          client.query(begin) as unknown as Promise<pg.QueryResult[]>,
          run(connectionOf(client)),
        ]);
        committing = { id: begun.at(-1)!.rows[0].id, result };
        await client.query("COMMIT");
        client.release();
        return result;
      } catch (error) {
        client.release(true);
        if (committing === undefined || !isConnectionLoss(error)) throw error;
        if (await this.#wasCommitted(committing.id)) return committing.result;
        throw error;
      }
    });
  }

  /** Whether a transaction was kept whose answer got lost with the connection. */
  #wasCommitted(id: string): Promise<boolean> {
    return this.#patiently(async () => {
      const { rows } = await this.#pool.query(
        "SELECT txid_status(CAST($1 AS bigint)) AS status",
        [id],
      );
      if (rows[0].status === "in progress") {
        throw new Error("Connection terminated, and its transaction has not ended yet");
      }
      return rows[0].status === "committed";
    });
  }

  /** Tries again while the server is away or had to give the transaction up. */
  async #patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const start = performance.now();
    for (let pause = 10;; pause = Math.min(2 * pause, 500)) {
      try {
        return await attempt();
      } catch (error) {
        const isMistake = isConnectionLoss(error) && !isRestarting(error) && !this.#isKnown;
        const patience = isMistake ? Math.min(OPENING_PATIENCE, this.#patience) : this.#patience;
        if (!isWorthAnotherTry(error) || performance.now() - start > patience) {
          throw postgresError(error, this.#name);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function connectionOf(client: pg.PoolClient): Connection {
  return {
    query: async (sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> =>
      (await client.query(sql, parameters as SqlValue[])).rows,
  };
}

/** The database's name in messages: without user and password. */
function nameOf(url: string): string {
  if (!URL.canParse(url)) {
    throw new InputError(
      "Cannot open the database as its URL must be like postgres://user:password@host:port/database",
    );
  }
  const { host, pathname } = new URL(url);
  return `PostgreSQL database "${host}${pathname}"`;
}

async function createTables(connection: Connection): Promise<void> {
  await connection.query(`SELECT pg_advisory_xact_lock(${CREATION_LOCK})`);
  const rows = await connection.query(
    "SELECT typname AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace " +
      "WHERE n.nspname = current_schema()",
  );
  for (const [name, values] of Object.entries(ENUMERATIONS)) {
    if (rows.some((row) => row.name === name)) continue;
    const list = values.map((value) => `'${value}'`);
    await connection.query(`CREATE TYPE ${name} AS ENUM (${list})`);
  }
  for (const sql of tableStatements(TYPES)) await connection.query(sql);
}
