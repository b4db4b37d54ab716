/**
 * What the working process of `tune` may do.
 *
 * @module
 */
import type { TuneSettings } from "./settings.ts";

/** Environment variables that the client of PostgreSQL looks at. */
const postgresVariables =
  "PGPASSWORD,PGBINARY,PGOPTIONS,PGSSLMODE,PGSSLNEGOTIATION,PGCLIENT_ENCODING," +
  "PGREPLICATION,PGAPPNAME";

/** The flags for `deno run`: read files, write the output and the database, run the permitted programs. */
export function permissionsOf({ storage, permit, out }: TuneSettings): string[] {
  const writable = [out];
  const flags = ["--allow-read", `--allow-run=${[...permit, "kill"].join(",")}`];
  const [, scheme = "", rest = ""] = /^([a-z]+)(?:\+\w+)?:(.*)$/is.exec(storage) ?? [];
  if (scheme === "sqlite") {
    const file = rest.replace(/^\/\/\//, "");
    writable.push(file, ...["-wal", "-shm", "-journal"].map((end) => file + end));
  } else if (scheme.startsWith("postgres")) {
    const url = URL.parse(`postgres:${rest}`);
    flags.push(
      `--allow-net=${url?.hostname || "localhost"}:${url?.port || 5432}`,
      `--allow-env=${postgresVariables}`,
    );
  }
  // A comma in a path would split it in two; doubled, it is one.
  return [
    ...flags,
    `--allow-write=${writable.map((path) => path.replaceAll(",", ",,")).join(",")}`,
  ];
}
