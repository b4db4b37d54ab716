/**
 * One attempt to get the rest of a file.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import {
  type AcceptedPart,
  judgeHead,
  judgeResponse,
  PassingError,
  SourceError,
} from "./_response.ts";

/** A file that is being downloaded. */
export interface Transfer {
  url: string;
  /** Where the bytes go; what is there already is continued. */
  partial: string;
  /** How the file begins, e.g. `PK`. */
  signature: string;
  /** Its size in bytes, where it is known. */
  size: number | undefined;
  /** Continue what is there; else start again. */
  resume: boolean;
  /** A connection that delivers less than `minimumRate` over this time is given up, in seconds. */
  stallTimeout: number;
  /** In bytes a second. */
  minimumRate: number;
  onProgress: (done: number, total: number | undefined) => void;
}

/**
 * Requests what is missing and appends it to the partial file.
 * @throws {PassingError} when another attempt may go further.
 * @throws {SourceError} when this source is of no use.
 * @throws {InputError} when the file cannot be written.
 */
export async function transfer(job: Transfer): Promise<void> {
  using file = await Deno.open(job.partial, { create: true, read: true, write: true });
  let offset = job.resume ? (await file.stat()).size : 0;
  const guard = new StallGuard(job.stallTimeout, job.minimumRate);
  try {
    let response = await request(job, offset, guard.signal);
    if (response.status === 416 && offset > 0) {
      // The file ends before what we have: the whole of it tells what it is.
      await response.body?.cancel();
      offset = 0;
      response = await request(job, offset, guard.signal);
    }
    let part;
    try {
      part = judgeResponse(response, offset);
    } catch (error) {
      await response.body?.cancel();
      throw error;
    }
    const done = await receive(job, file, response, part, guard);
    const total = job.size ?? part.total;
    if (total !== undefined && done < total) {
      throw new PassingError(`ended the connection after ${done} of ${total} bytes`);
    }
    await file.syncData();
  } finally {
    guard.stop();
  }
}

/** Where the ETag of a partial file is remembered. */
export function etagPath(partial: string): string {
  return `${partial}.etag`;
}

async function request(job: Transfer, offset: number, signal: AbortSignal): Promise<Response> {
  // Compressed on its way, a file could be neither measured nor continued.
  const headers = new Headers({ "accept-encoding": "identity" });
  if (offset > 0) {
    headers.set("range", `bytes=${offset}-`);
    const etag = await readEtag(job);
    if (etag !== undefined) headers.set("if-range", etag);
  }
  try {
    return await fetch(job.url, { headers, signal });
  } catch (error) {
    throw connectionError(error);
  }
}

/** Writes the body from `part.start` on; returns the position of the file's end. */
async function receive(
  job: Transfer,
  file: Deno.FsFile,
  response: Response,
  part: AcceptedPart,
  guard: StallGuard,
): Promise<number> {
  const total = job.size ?? part.total;
  const reader = response.body?.getReader();
  let done = part.start;
  let accepted = false;
  try {
    while (reader) {
      const { value, done: ended } = await reader.read().catch((error) => {
        throw connectionError(error);
      });
      if (ended) break;
      guard.received(value.length);
      if (!accepted) {
        // Only now is what was there before given up. The beginning is looked at first, as it tells
        // more about a wrong file than its size does.
        if (part.start === 0) judgeHead(value, job.signature);
        if (part.total !== undefined && part.total !== total) {
          throw new SourceError(`has ${part.total} bytes instead of ${total}`);
        }
        if ((await file.stat()).size > part.start) await file.truncate(part.start);
        await file.seek(part.start, Deno.SeekMode.Start);
        await writeEtag(job, response.headers.get("etag"));
        accepted = true;
      }
      if (total !== undefined && done + value.length > total) {
        throw new SourceError(`sends more than the ${total} bytes of the file`);
      }
      await write(file, value, job, done);
      done += value.length;
      job.onProgress(done, total);
    }
  } finally {
    await reader?.cancel().catch(() => {});
  }
  return done;
}

async function write(
  file: Deno.FsFile,
  bytes: Uint8Array,
  job: Transfer,
  done: number,
): Promise<void> {
  try {
    for (let written = 0; written < bytes.length;) {
      written += await file.write(bytes.subarray(written));
    }
  } catch (error) {
    throw writeError(error, job.partial, job.size === undefined ? undefined : job.size - done);
  }
}

/** Says a full disk in words; other errors are passed on. */
export function writeError(error: unknown, path: string, missing?: number): unknown {
  if ((error as { code?: string }).code !== "ENOSPC") return error;
  const need = missing === undefined ? "" : `: ${missing} more bytes are needed`;
  return new InputError(
    `Cannot write ${path} as the disk is full${need}. ` +
      "What is complete is kept: make room and run the same command again",
  );
}

/** Distinguishes what was forbidden to us from what failed on its way. */
function connectionError(error: unknown): Error {
  if (error instanceof Deno.errors.NotCapable) {
    const host = /access to "([^"]*)"/.exec(error.message)?.[1] ?? "this host";
    return new SourceError(
      `leads to ${host}, which this task may not reach: it would need --allow-net=${host}`,
    );
  }
  if (error instanceof PassingError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = (cause instanceof Error ? cause.message : String(cause))
    .replace(/^error sending request for url \([^)]*\): /, "");
  if (reason.includes("invalid peer certificate")) {
    return new SourceError(
      `shows a certificate that is not trusted (${
        reason.split(": ").pop()
      }): if a proxy of yours ` +
        `signs it, give its authority to Deno in DENO_CERT, as a PEM file`,
    );
  }
  return new PassingError(`cannot be reached, or lost the connection (${reason})`);
}

async function readEtag(job: Transfer): Promise<string | undefined> {
  try {
    const [url, etag] = (await Deno.readTextFile(etagPath(job.partial))).split("\n");
    return url === job.url ? etag : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Only a strong ETag tells that the bytes are the same (RFC 9110, 8.8.1). */
async function writeEtag(job: Transfer, etag: string | null): Promise<void> {
  const path = etagPath(job.partial);
  if (etag?.startsWith('"')) await Deno.writeTextFile(path, `${job.url}\n${etag}\n`);
  else await Deno.remove(path).catch(() => {});
}

/** Aborts a connection that is too slow. */
class StallGuard {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  #bytes = 0;

  constructor(seconds: number, minimumRate: number) {
    this.#timer = setInterval(() => {
      if (this.#bytes < seconds * minimumRate) {
        this.#controller.abort(
          new PassingError(`delivered ${this.#bytes} bytes in ${seconds} s`),
        );
      }
      this.#bytes = 0;
    }, seconds * 1000);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  received(bytes: number): void {
    this.#bytes += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
