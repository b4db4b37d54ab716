/**
 * The cache: the part of HPO-B that was fetched, in small files that describe themselves.
 *
 * It has HPO-B's layout with one difference: `hpob-data/meta-test-dataset.json` and its like are
 * folders here, with a file for every search space and data set, so that a search space is loaded
 * without the others. `genhpo-cache.json` says what there is, where it came from, and the checksum of
 * every file.
 *
 * @module
 */
import { InputError } from "../core/errors.ts";
import version from "../deno.json" with { type: "json" };

/** Size and SHA-256 of a file. */
export interface FileRecord {
  /** In bytes. */
  bytes: number;
  /** In lower-case hexadecimal. */
  sha256: string;
}

/** What `genhpo-cache.json` says. */
export interface CacheManifest {
  /** Tells it from other JSON files. */
  format: "genhpo-cache";
  /** Of this description; a reader refuses others. */
  formatVersion: 1;
  /** Name and version of the program that wrote it. */
  createdBy: string;
  /** The files that the content was taken from, by name. */
  sources: Record<string, FileRecord>;
  /**
   * Table -> search space -> data set -> number of hyperparameters. All search spaces of the source
   * are listed; those that were not taken are null. A table is named as in HPO-B's layout, e.g.
   * `hpob-data/meta-test-dataset.json`.
   */
  tables: Record<string, Record<string, Record<string, number> | null>>;
  /** The search spaces whose surrogates were taken. */
  surrogates: string[];
  /** Every file of the cache by its path in it. */
  files: Record<string, FileRecord>;
}

/** File name of the manifest: a folder that has it is a cache. */
export const manifestName = "genhpo-cache.json";
/** Folder of downloaded archives in a cache. */
export const downloadsFolder = "downloads";
/** Folder of published results in a cache. */
export const publishedFolder = "published";
/** Folder of what is being unpacked. */
export const unpackingFolder = "unpacking";
const lockName = "genhpo-cache.lock";

/** The manifest of a cache without content. */
export function emptyManifest(): CacheManifest {
  return {
    format: "genhpo-cache",
    formatVersion: 1,
    createdBy: `genhpo ${version.version}`,
    sources: {},
    tables: {},
    surrogates: [],
    files: {},
  };
}

/** The file of a data set's table in the cache. */
export function tablePath(table: string, space: string, dataset: string): string {
  return `${table.replace(/\.json$/, "")}/${space}/${dataset}.json`;
}

/**
 * Reads a cache's manifest.
 *
 * @returns undefined when the folder is no cache.
 * @throws {InputError} when the manifest is damaged or of another version.
 */
export async function readManifest(directory: string): Promise<CacheManifest | undefined> {
  const path = `${directory}/${manifestName}`;
  let manifest: Partial<CacheManifest> | null;
  try {
    manifest = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`Cannot use cache ${directory} as ${path} is damaged: ${error.message}`);
  }
  if (manifest?.format !== "genhpo-cache" || manifest.formatVersion !== 1) {
    throw new InputError(
      `Cannot use cache ${directory} as its format must be genhpo-cache 1: got ` +
        `${manifest?.format} ${manifest?.formatVersion}. Remove it and fetch again`,
    );
  }
  return manifest as CacheManifest;
}

/** Writes a cache's manifest as a whole. Equal caches have equal manifests, byte for byte. */
export async function writeManifest(directory: string, manifest: CacheManifest): Promise<void> {
  const path = `${directory}/${manifestName}`;
  const sorted: CacheManifest = {
    format: manifest.format,
    formatVersion: manifest.formatVersion,
    createdBy: manifest.createdBy,
    sources: sortKeys(manifest.sources),
    tables: sortKeys(manifest.tables), // and within them the source's order
    surrogates: manifest.surrogates.toSorted(),
    files: sortKeys(manifest.files),
  };
  const text = JSON.stringify(sorted, null, 1) + "\n";
  await Deno.writeTextFile(`${path}.new`, text);
  await Deno.rename(`${path}.new`, path);
}

function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}

/**
 * Makes a folder a cache, if it is not yet one, and keeps other processes from changing it. The
 * system gives the lock free when the process ends, however it ends.
 *
 * @param onWait Called when another process has the lock; it is then waited for.
 * @throws {InputError} when the folder has other content.
 */
export async function lockCache(
  directory: string,
  onWait: (owner: string) => void,
): Promise<Disposable> {
  await Deno.mkdir(directory, { recursive: true });
  if (!await isCacheOrEmpty(directory)) {
    throw new InputError(
      `Cannot use ${directory} as a cache as it must be empty or a cache: it has other files`,
    );
  }
  const path = `${directory}/${lockName}`;
  const file = await Deno.open(path, { create: true, read: true, write: true });
  try {
    if (!await file.tryLock(true)) {
      onWait((await Deno.readTextFile(path)).trim() || "unknown");
      await file.lock(true);
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Removes a cache with everything in it.
 *
 * @returns whether there was one.
 * @throws {InputError} when the folder is no cache, or is being written to.
 */
export async function removeCache(directory: string): Promise<boolean> {
  try {
    if ((await Array.fromAsync(Deno.readDir(directory))).length === 0) return false;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  if (!await isCacheOrEmpty(directory)) {
    throw new InputError(`Cannot remove ${directory} as it must be a cache: it has other files`);
  }
  {
    using _lock = await lockCache(directory, (owner) => {
      throw new InputError(`Cannot remove ${directory} as process ${owner} is writing to it`);
    });
    // The manifest goes first: what is left if this is interrupted is no valid cache.
    const names = [manifestName, ...cacheFolders, `${manifestName}.new`];
    for (const name of names) await removeIfThere(`${directory}/${name}`);
  }
  await removeIfThere(`${directory}/${lockName}`);
  await Deno.remove(directory).catch(() => {}); // not empty, or not ours to remove
  return true;
}

/** Everything of ours in a cache, besides the manifest and the lock. */
const cacheFolders = [
  "hpob-data",
  "saved-surrogates",
  publishedFolder,
  downloadsFolder,
  unpackingFolder,
];

/** Whether the folder can be made a cache without getting mixed up with what is not ours. */
async function isCacheOrEmpty(directory: string): Promise<boolean> {
  const ours = [...cacheFolders, manifestName, `${manifestName}.new`, lockName];
  const names = (await Array.fromAsync(Deno.readDir(directory)))
    .map((entry) => entry.name)
    .filter((name) => !name.startsWith(".")); // what file managers leave
  if (names.length === 0) return true;
  const marked = names.includes(lockName) || names.includes(manifestName);
  return marked && names.every((name) => ours.includes(name));
}

/** Whether an error says that a file does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Removes a file or a folder with its content, if there is one. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
