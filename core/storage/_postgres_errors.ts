/**
 * PostgreSQL's errors: which of them pass, and sentences for the others.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";

/** The code of an error: an SQLSTATE of the server, or a name of the operating system. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The connection broke, or the server is not there at the moment. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  // 08: connection exceptions; 57P01 to 57P05: the server shuts down, starts up, or ended the session.
  return /^(08...|57P0.|ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOENT)$/.test(code) ||
    error instanceof Error &&
      /Connection terminated|connection error|Client was closed|timeout exceeded|BadResource/.test(
        error.message,
      );
}

/** The server says that it is shutting down, or starting up. */
export function isRestarting(error: unknown): boolean {
  return /^57P0[123]$/.test(codeOf(error));
}

/** The transaction was given up and may be run again: deadlocks, and no connection left. */
export function isWorthAnotherTry(error: unknown): boolean {
  return /^(40001|40P01|53300)$/.test(codeOf(error)) || isConnectionLoss(error);
}

/** Somebody else created the same thing at the same time. */
export function isCreationRace(error: unknown): boolean {
  return /^(23505|42P06|42P07|42710)$/.test(codeOf(error));
}

/** What a code means. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^(28...)$/, "be open to this user: the server refuses the user or the password"],
  [/^3D000$/, "be there: the server has no database of this name"],
  [/^(3F000|42501)$/, "let this user create and write tables: permission is denied"],
  [/^25006$/, "be writable: the server is read-only, e.g. a standby"],
  [/^53100$/, "lie on a disk with room: it is full; nothing that was told before is lost"],
  [/^53300$/, "have a connection left: too many clients are connected"],
  [/^(ENOTFOUND|EAI_AGAIN)$/, "be on a host that exists: its name is not known"],
  [/^ENOENT$/, "be served: there is no such socket"],
];

/** The error to throw for one that a database threw; others are left as they are. */
export function postgresError(error: unknown, name: string): unknown {
  const code = codeOf(error);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code))?.[1] ??
    (isConnectionLoss(error) ? "be reachable: the server does not answer" : lacking(error));
  if (meaning === undefined || !(error instanceof Error)) return error;
  return new InputError(`Cannot use ${name} as it must ${meaning} (${error.message})`, {
    cause: error,
  });
}

/** What the URL leaves to a variable that Deno does not permit to be read: `PGUSER` says the user. */
function lacking(error: unknown): string | undefined {
  const [, variable] = /Requires env access to "(PG\w+)"/.exec(String(error)) ?? [];
  return variable && `have its ${variable.slice(2).toLowerCase()} named in the URL`;
}
