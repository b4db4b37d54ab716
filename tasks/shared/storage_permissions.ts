/**
 * What a process needs to be allowed for a storage, as flags of `deno run`.
 *
 * @module
 */

/** Environment variables that the client of PostgreSQL looks at. */
const postgresVariables =
  "PGPASSWORD,PGBINARY,PGOPTIONS,PGSSLMODE,PGSSLNEGOTIATION,PGCLIENT_ENCODING," +
  "PGREPLICATION,PGAPPNAME";

/** What a storage is kept in. */
export interface StoragePermissions {
  /** Paths that are read and written. */
  readonly files: readonly string[];
  /** `HOST:PORT` of servers. */
  readonly servers: readonly string[];
  /** Environment variables. */
  readonly variables: readonly string[];
}

/** What the storage of this URL needs. */
export function permissionsOfStorage(url: string): StoragePermissions {
  const [, scheme = "", rest = ""] = /^([a-z]+)(?:\+\w+)?:(.*)$/is.exec(url) ?? [];
  if (scheme === "sqlite") {
    const file = rest.replace(/^\/\/\//, "");
    const files = ["", "-wal", "-shm", "-journal"].map((end) => file + end);
    return { files, servers: [], variables: [] };
  }
  if (scheme.startsWith("postgres")) {
    const { hostname, port } = URL.parse(`postgres:${rest}`) ?? { hostname: "", port: "" };
    const server = `${hostname || "localhost"}:${port || 5432}`;
    return { files: [], servers: [server], variables: postgresVariables.split(",") };
  }
  return { files: [], servers: [], variables: [] };
}

/** The flags for a process that uses these storages and nothing else. */
export function permissionsForStorages(urls: readonly string[]): string[] {
  const all = urls.map(permissionsOfStorage);
  const files = all.flatMap(({ files }) => files);
  return [
    ...permissionFlag("read", files),
    ...permissionFlag("write", files),
    ...permissionFlag("net", all.flatMap(({ servers }) => servers)),
    ...permissionFlag("env", all.flatMap(({ variables }) => variables)),
  ];
}

/** A flag with a list, such as `--allow-write=a,b`; none for an empty one. */
export function permissionFlag(name: string, list: readonly string[]): string[] {
  // A comma in a path would split it in two; doubled, it is one.
  const escaped = list.map((entry) => entry.replaceAll(",", ",,"));
  return list.length === 0 ? [] : [`--allow-${name}=${escaped.join(",")}`];
}
