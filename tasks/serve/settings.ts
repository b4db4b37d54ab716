/**
 * What `serve` is told, checked: plain data that is handed from one process to another.
 *
 * @module
 */
import { type Flags, oneOf, UsageError } from "../shared/cli.ts";
import { readText } from "../shared/input_files.ts";
import { type MethodName, methodNames } from "../shared/methods.ts";

/** What a service allows its clients. */
export interface Limits {
  /** Bytes of a request's body. */
  readonly body: number;
  /** Requests a second that one address may make over time; twice as many at once. */
  readonly rate: number;
  /** Studies of the storage beyond which none is created. */
  readonly studies: number;
  /** Streams of events that are open at once. */
  readonly streams: number;
}

/** The whole command line. */
export interface ServeSettings {
  readonly storage: string;
  readonly host: string;
  readonly port: number;
  /** What clients have to show; undefined: everybody on this machine may do everything. */
  readonly token: string | undefined;
  /** The method of studies for which none is asked. */
  readonly method: MethodName;
  readonly limits: Limits;
}

const loopback: readonly string[] = ["127.0.0.1", "localhost", "::1"];

/** Fewer characters can be guessed. */
const shortestToken = 16;

/** Reads the flags, and the token from its file or from GENHPO_TOKEN. */
export async function readSettings(flags: Flags): Promise<ServeSettings> {
  const host = flags.required("host");
  const token = await readToken(flags.text("token-file"));
  if (token === undefined && !loopback.includes(host)) {
    throw new UsageError(
      `Flag --host must be ${loopback.join(", ")} unless there is a token (--token-file or ` +
        `GENHPO_TOKEN): got "${host}"`,
    );
  }
  return {
    storage: flags.required("storage"),
    host,
    port: flags.integer("port", 0, 65535),
    token,
    method: oneOf("--method", flags.required("method"), methodNames),
    limits: {
      body: flags.integer("max-body", 1024),
      rate: flags.integer("max-rate", 1),
      studies: flags.integer("max-studies", 1),
      streams: flags.integer("max-streams", 1),
    },
  };
}

async function readToken(path: string | undefined): Promise<string | undefined> {
  const given = path === undefined ? Deno.env.get("GENHPO_TOKEN") : await readText(path);
  if (given === undefined || (path === undefined && given === "")) return undefined;
  const token = given.trim();
  if (token.length >= shortestToken && /^[\w.~+/=-]+$/.test(token)) return token;
  throw new UsageError(
    `The token must be ${shortestToken} or more letters, digits and ._~+/=-: ` +
      `got ${token.length} characters`,
  );
}
