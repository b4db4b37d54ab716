/**
 * A relational database as the storage sees it: transactions, statements, and the few words in which
 * SQLite and PostgreSQL differ.
 *
 * @module
 */

/** What a statement takes and gives. */
export type SqlValue = string | number | null | readonly number[];

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, SqlValue>>;

/** Runs statements within one transaction. */
export interface Connection {
  /**
   * The rows of a statement with parameters `$1`, `$2`, ...; statements run in the order in which
   * they were given, so that one need not be awaited before the next is sent.
   */
  query(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
}

/** Expressions that every database spells in its own way. */
export interface Dialect {
  /** Seconds since 1970 by the database's clock. */
  readonly now: string;
  /** Seconds since 1970 of a stored time, in UTC. */
  readonly secondsOf: (column: string) => string;
  /** The stored time, in UTC, of seconds since 1970. */
  readonly timeOf: (seconds: string) => string;
  /** Whether a column is one of a list that is given as a parameter. */
  readonly isIn: (column: string, parameter: string) => string;
  /** The value of such a parameter. */
  readonly list: (values: readonly number[]) => SqlValue;
  /** Behind a SELECT: nobody else changes its rows until the transaction ends. */
  readonly forUpdate: string;
  /** Behind that: rows that somebody else is changing are left out. */
  readonly skipLocked: string;
}

/** A database that is open; its own statements are a transaction each, and only read. */
export interface Database extends Connection {
  /** How it spells what differs. */
  readonly dialect: Dialect;
  /** Runs a transaction that only reads: all its statements see one state. */
  read<T>(run: (connection: Connection) => Promise<T>): Promise<T>;
  /**
   * Runs a transaction that writes: all of it is kept or, when it throws, nothing. It is run again
   * when the database had to give it up.
   *
   * @param options.durable Whether what is kept must survive a power failure, too. @default {true}
   */
  write<T>(
    run: (connection: Connection) => Promise<T>,
    options?: { readonly durable?: boolean },
  ): Promise<T>;
  /** Lets go of files and connections. */
  close(): Promise<void>;
}
