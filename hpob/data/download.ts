/**
 * Downloading a large file whose checksum is known, over a network that fails.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { sha256OfFile } from "./checksum.ts";
import { PassingError, SourceError } from "./_response.ts";
import { etagPath, transfer } from "./_transfer.ts";

/** How patient a download is. */
export interface Patience {
  /**
   * A connection that delivers less than `minimumRate` over this time is given up, in seconds.
   * @default {30}
   */
  stallTimeout?: number;
  /**
   * In bytes a second.
   * @default {1024}
   */
  minimumRate?: number;
  /**
   * Attempts in a row that may bring nothing, for each source.
   * @default {5}
   */
  attempts?: number;
  /**
   * Wait before the second such attempt, in seconds; doubled for each further one, up to a minute.
   * @default {1}
   */
  retryDelay?: number;
}

/** What to download. */
export interface DownloadOptions extends Patience {
  /** Where the file can be had; tried in this order. */
  urls: readonly string[];
  /** Where it goes. It appears there complete and checked; `<destination>.partial` grows before. */
  destination: string;
  /** How the file begins, e.g. `PK`. */
  signature: string;
  /** Its size in bytes, where it is known. */
  size?: number | undefined;
  /** Its SHA-256, where it is known. Without one, a download is never continued. */
  sha256?: string | undefined;
  /** Called for every piece that arrives. */
  onProgress?: (done: number, total: number | undefined) => void;
  /** Called with what the user may want to know: a retry, a change of source. */
  onNotice?: (message: string) => void;
}

const longestDelay = 60;

/**
 * Downloads a file: continues what an earlier call left, tries again, changes to the next source.
 *
 * @returns the file's SHA-256.
 * @throws {InputError} when no source has the file; the message says what is wrong with each.
 */
export async function download(options: DownloadOptions): Promise<string> {
  const { urls, destination, sha256, onNotice = () => {} } = options;
  const failures: string[] = [];
  for (const [i, url] of urls.entries()) {
    try {
      return await downloadFrom(url, options);
    } catch (error) {
      if (!(error instanceof SourceError || error instanceof PassingError)) throw error;
      failures.push(`${url} ${error.message}`);
      if (i + 1 < urls.length) onNotice(`${failures.at(-1)}; going on with the next source`);
    }
  }
  const name = destination.split(/[/\\]/).pop();
  const partial = `${destination}.partial`;
  const arrived = await fileSize(partial);
  if (arrived === 0 || sha256 === undefined) await discard(partial);
  throw new InputError(
    `Cannot download ${name}:\n${failures.map((line) => `- ${line}`).join("\n")}` +
      (arrived > 0 && sha256 !== undefined
        ? `\n${arrived} bytes have arrived and are kept: the same command continues from there`
        : ""),
  );
}

async function downloadFrom(url: string, options: DownloadOptions): Promise<string> {
  const { destination, sha256, onNotice = () => {} } = options;
  const partial = `${destination}.partial`;
  const isComplete = async () => await sha256OfFile(partial) === sha256;

  if (sha256 !== undefined && await fileSize(partial) > 0) {
    if (!await isComplete()) await getAll(url, partial, options);
    if (await isComplete()) return await finish(partial, destination, sha256);
    onNotice(`${url}: the parts do not fit together; starting again`);
  }
  await discard(partial);
  await getAll(url, partial, options);
  const found = await sha256OfFile(partial);
  if (sha256 !== undefined && found !== sha256) {
    await discard(partial);
    throw new SourceError(
      `has another version of the file, or a damaged one: its SHA-256 is ${found} instead of ${sha256}`,
    );
  }
  return await finish(partial, destination, found);
}

async function finish(partial: string, destination: string, sha256: string): Promise<string> {
  await Deno.rename(partial, destination);
  await discard(partial);
  return sha256;
}

/** Attempts until the partial file is complete. */
async function getAll(url: string, partial: string, options: DownloadOptions): Promise<void> {
  const { size, sha256, attempts = 5, retryDelay = 1, onNotice = () => {} } = options;
  let farthest = await fileSize(partial);
  if (size !== undefined && farthest >= size) return; // more will not make it right
  for (let failed = 0;;) {
    try {
      return await transfer({
        url,
        partial,
        signature: options.signature,
        size,
        resume: sha256 !== undefined,
        stallTimeout: options.stallTimeout ?? 30,
        minimumRate: options.minimumRate ?? 1024,
        onProgress: options.onProgress ?? (() => {}),
      });
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      const reached = await fileSize(partial);
      failed = reached > farthest ? 0 : failed + 1;
      farthest = Math.max(farthest, reached);
      if (failed >= attempts) throw error;
      const delay = Math.min(
        Math.max(error.retryAfter ?? 0, retryDelay * 2 ** Math.max(0, failed - 1)),
        longestDelay,
      );
      onNotice(`${url} ${error.message}; trying again in ${delay} s`);
      await new Promise((resolve) => setTimeout(resolve, delay * 1000));
    }
  }
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Removes a partial file and what belongs to it. */
async function discard(partial: string): Promise<void> {
  for (const path of [partial, etagPath(partial)]) {
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
