/**
 * Storages by their URLs.
 *
 * @module
 */
import { InputError, nearestName } from "../search/errors.ts";
import { MemoryStorage } from "../study/memory_storage.ts";
import type { Storage } from "../study/storage.ts";

/** Options of {@linkcode openStorage}. */
export interface StorageOptions {
  /** Seconds to wait for a lock of others, or for a server that restarts. @default {60} */
  readonly patience?: number;
  /**
   * Whether a SQLite file itself refuses that a waiting trial is claimed twice, for workers of Optuna.
   * PostgreSQL does without.
   * @default {false}
   */
  readonly claimGuard?: boolean;
  /** Whether a SQLite file that is not there is created. @default {true} */
  readonly create?: boolean;
}

/** The schemes that are known, with the form of their URLs. */
const FORMS: Readonly<Record<string, string>> = {
  memory: "memory:",
  sqlite: "sqlite:FILE",
  postgres: "postgres://user:password@host:port/database",
  postgresql: "postgresql://user:password@host:port/database",
};

/** What other programs use and this one does not. */
const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  mysql: "MySQL",
  mariadb: "MariaDB",
  oracle: "Oracle",
  mssql: "SQL Server",
  redis: "Redis",
};

/**
 * Opens a storage by its URL, also in the spelling of Optuna and SQLAlchemy.
 *
 * - `memory:` lives as long as the object;
 * - `sqlite:FILE` is a file, created when it is not there; `sqlite:///FILE` is the same,
 *   `sqlite:////FILE` begins at the root. Needs `--allow-read=FOLDER --allow-write=FOLDER`;
 * - `postgres://user:password@host:port/database` is a PostgreSQL database; `postgresql://` and a driver
 *   of Python (`postgresql+psycopg2://`) are the same. Needs `--allow-net=HOST:PORT
 *   --allow-env=PGPASSWORD,PGBINARY,PGOPTIONS,PGSSLMODE,PGSSLNEGOTIATION,PGCLIENT_ENCODING,PGREPLICATION,PGAPPNAME`.
 *
 * @param url Where the studies are.
 * @throws {InputError} when there is no such storage, or when it cannot be used.
 */
export async function openStorage(url: string, options: StorageOptions = {}): Promise<Storage> {
  const [, scheme = "", , rest = ""] = /^([a-z]+)(\+\w+)?:(.*)$/is.exec(url) ?? [];
  switch (scheme.toLowerCase()) {
    case "memory":
      if (rest === "") return new MemoryStorage();
      throw wrongForm("memory", url);
    case "sqlite": {
      const file = rest.replace(/^\/\/\//, "");
      if (file === "" || file.startsWith("//")) throw wrongForm("sqlite", url);
      // Loaded when it is needed: not every runtime has SQLite, and not everybody needs PostgreSQL.
      const { openSqlite } = await import("./sqlite_storage.ts");
      return await openSqlite(file, options);
    }
    case "postgres":
    case "postgresql": {
      if (!rest.startsWith("//")) throw wrongForm("postgres", url);
      const { openPostgres } = await import("./postgres_storage.ts");
      return await openPostgres(`postgres:${rest}`, options);
    }
  }
  throw unknownStorage(scheme, url);
}

function wrongForm(scheme: string, url: string): InputError {
  return new InputError(
    `Cannot open the storage as its URL must be like ${FORMS[scheme]}: got "${hidden(url)}"`,
  );
}

function unknownStorage(scheme: string, url: string): InputError {
  const foreign = OUT_OF_SCOPE[scheme.toLowerCase()];
  const forms = Object.values(FORMS).slice(0, 3).join(", ");
  const nearest = nearestName(scheme, Object.keys(FORMS));
  const remark = foreign !== undefined
    ? `; ${foreign} is not supported`
    : scheme === ""
    ? `; for a file, write "sqlite:${url}"`
    : nearest === undefined
    ? ""
    : `; did you mean "${nearest}:"?`;
  return new InputError(
    `Cannot open the storage as its URL must be one of ${forms}: got "${hidden(url)}"${remark}`,
  );
}

/** A URL without its password. */
function hidden(url: string): string {
  return url.replace(/:[^:@/]*@/, ":...@");
}
