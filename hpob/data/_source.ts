/**
 * Getting one of HPO-B's files onto the disk, checked: from its official source, a mirror, or a copy.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { sha256OfFile } from "./checksum.ts";
import { downloadsFolder } from "./cache.ts";
import { isMissing } from "../files/atomic.ts";
import type { FileRecord } from "./cache_manifest.ts";
import { download, type Patience } from "./download.ts";
import type { OfficialFile } from "./official_data.ts";

/** What is told while files are fetched. */
export interface FetchReporter {
  /** A step has begun: `what` is e.g. `Downloading hpob-data.zip`. Returns what takes its progress. */
  step(what: string): (done: number, total: number | undefined) => void;
  /** Something the user may want to know. */
  notice(message: string): void;
}

/** How files are had. */
export interface SourceOptions {
  /**
   * Where to take the files from: the URL or the path of one of them (it ends with its name), or of a
   * folder that has them under their names.
   * @default {their official sources}
   */
  from?: string | undefined;
  /**
   * Checksums by file name, in place of the official ones.
   * @default {{}}
   */
  sha256?: Readonly<Record<string, string>>;
  /**
   * How patient downloads are.
   * @default {{}}
   */
  patience?: Patience;
}

/** Tells nobody. */
export const silentReporter: FetchReporter = { step: () => () => {}, notice: () => {} };

/** Tells that another process has the cache's lock. */
export function waitNotice(cache: string, reporter: FetchReporter): (owner: string) => void {
  return (owner) =>
    reporter.notice(`Process ${owner} is writing to ${cache}; waiting for it to end`);
}

/** A checked file on the disk. */
export interface LocalFile extends FileRecord {
  path: string;
}

/** The SHA-256 that a file must have. */
export function expectedChecksum(file: OfficialFile, options: SourceOptions): string {
  return options.sha256?.[file.name]?.toLowerCase() ?? file.sha256;
}

/**
 * Refuses a source that is none of the files, and checksums of other files.
 *
 * @throws {InputError}
 */
export function checkSource(options: SourceOptions, files: readonly OfficialFile[]): void {
  const names = files.map((file) => file.name);
  const { from, sha256 = {} } = options;
  if (from !== undefined && isUrl(from) && !URL.canParse(from)) {
    throw new InputError(`Cannot fetch from ${from} as it must be a valid URL`);
  }
  if (from !== undefined && namesOneFile(from) && !names.includes(nameOf(from))) {
    throw new InputError(
      `Cannot fetch from ${from} as its name must be one of ${names.join(", ")}`,
    );
  }
  for (const [file, checksum] of Object.entries(sha256)) {
    if (!names.includes(file)) {
      throw new InputError(
        `Cannot use a checksum as its file must be one of ${names.join(", ")}: got "${file}"`,
      );
    }
    if (!/^[0-9a-f]{64}$/i.test(checksum)) {
      throw new InputError(
        `Cannot use a checksum as a SHA-256 must be 64 hexadecimal digits: got "${checksum}"`,
      );
    }
  }
}

/**
 * Refuses files of another version than the cache was made from.
 *
 * @param sources What the cache was made from.
 * @param sha256 By the names of files.
 * @throws {InputError}
 */
export function checkVersions(
  cache: string,
  sources: Readonly<Record<string, FileRecord>>,
  sha256: Readonly<Record<string, string>> = {},
): void {
  for (const [name, checksum] of Object.entries(sha256)) {
    const known = Object.hasOwn(sources, name) ? sources[name].sha256 : undefined;
    if (known === undefined || known === checksum.toLowerCase()) continue;
    throw new InputError(
      `Cannot use cache ${cache} as ${name} must be the one that it was made from ` +
        `(SHA-256 ${known}): got ${checksum}. Use another cache, or remove this one`,
    );
  }
}

/** Whether `from` is the URL or path of one file instead of a folder with all of them. */
function namesOneFile(from: string): boolean {
  return /\.(zip|json)$/i.test(nameOf(from));
}

/** The last part of a URL's path or of a path. */
function nameOf(from: string): string {
  return (isUrl(from) ? new URL(from).pathname : from).split(/[/\\]/).pop()!;
}

/**
 * The file, in place if it is on this machine, else downloaded into the cache.
 *
 * @throws {InputError} when it cannot be had, or is another one.
 */
export async function obtain(
  file: OfficialFile,
  cache: string,
  options: SourceOptions,
  reporter: FetchReporter,
): Promise<LocalFile> {
  const from = sourceOf(file, options.from);
  const sha256 = expectedChecksum(file, options);
  const size = sha256 === file.sha256 ? file.size : undefined;
  if (from !== undefined && !isUrl(from)) return await checkLocal(from, file, sha256);

  const path = `${cache}/${downloadsFolder}/${file.name}`;
  const kept = await keptDownload(path, sha256);
  if (kept) return kept;
  await Deno.mkdir(`${cache}/${downloadsFolder}`, { recursive: true });
  const onProgress = reporter.step(`Downloading ${file.name}`);
  const found = await download({
    urls: from === undefined ? file.urls : [from],
    destination: path,
    signature: file.signature,
    size,
    sha256,
    ...options.patience,
    onProgress,
    onNotice: (message) => reporter.notice(message),
  });
  return { path, bytes: (await Deno.stat(path)).size, sha256: found };
}

/** Where a file comes from if not from its official sources. */
function sourceOf(file: OfficialFile, from: string | undefined): string | undefined {
  if (from === undefined) return undefined;
  if (!namesOneFile(from)) return `${from.replace(/[/\\]+$/, "")}/${file.name}`;
  return nameOf(from) === file.name ? from : undefined;
}

function isUrl(from: string): boolean {
  return /^https?:\/\//i.test(from);
}

/** A copy that the user has. */
async function checkLocal(
  path: string,
  file: OfficialFile,
  sha256: string,
): Promise<LocalFile> {
  let found: string;
  try {
    found = await sha256OfFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InputError(`Cannot read ${path} as the file must exist`);
  }
  const bytes = (await Deno.stat(path)).size;
  if (found !== sha256) {
    throw new InputError(
      `Cannot use ${path} as the SHA-256 of ${file.name} must be ${sha256}: got ${found} ` +
        `(${bytes} bytes). Give --sha256 if you trust this one`,
    );
  }
  return { path, bytes, sha256: found };
}

/** What an earlier call downloaded, if it is undamaged. */
async function keptDownload(
  path: string,
  sha256: string,
): Promise<LocalFile | undefined> {
  try {
    if (await sha256OfFile(path) !== sha256) return undefined;
    return { path, bytes: (await Deno.stat(path)).size, sha256 };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
