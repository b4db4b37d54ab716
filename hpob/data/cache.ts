/**
 * The folder of a cache: who may write to it, and how it is removed. What is in it, its manifest says.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { isMissing } from "../files/atomic.ts";
import { manifestName } from "./cache_manifest.ts";

/** Folder of downloaded archives in a cache. */
export const downloadsFolder = "downloads";
/** Folder of published results in a cache. */
export const publishedFolder = "published";
/** Folder of what is being unpacked. */
export const unpackingFolder = "unpacking";

const lockName = "genhpo-cache.lock";

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
  const path = `${directory}/${lockName}`;
  for (;;) {
    await Deno.mkdir(directory, { recursive: true });
    if (!await isCacheOrEmpty(directory)) {
      throw new InputError(
        `Cannot use ${directory} as a cache as it must be empty or a cache: it has other files`,
      );
    }
    const file = await Deno.open(path, { create: true, read: true, write: true });
    try {
      if (!await file.tryLock(true)) {
        onWait((await Deno.readTextFile(path)).trim() || "unknown");
        await file.lock(true);
      }
      if (await isFileAt(path, file)) {
        await file.truncate();
        await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
        await removeUnfinished(directory);
        return file;
      }
    } catch (error) {
      file.close();
      throw error;
    }
    file.close(); // the cache was removed while we waited: this lock locks nothing
  }
}

async function isFileAt(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    return (await Deno.stat(path)).ino === (await file.stat()).ino;
  } catch (error) {
    if (isMissing(error)) return false;
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
    for (const name of [manifestName, ...cacheFolders]) {
      await removeIfThere(`${directory}/${name}`);
    }
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
  const ours = [...cacheFolders, manifestName, lockName];
  const names = (await Array.fromAsync(Deno.readDir(directory)))
    .map((entry) => entry.name)
    .filter((name) => !name.startsWith(".")); // what file managers leave
  if (names.length === 0) return true;
  const marked = names.includes(lockName) || names.includes(manifestName);
  return marked && names.every((name) => ours.includes(name) || isUnfinishedManifest(name));
}

/** Whether a file is what an interrupted writing of the manifest has left. */
function isUnfinishedManifest(name: string): boolean {
  return name.startsWith(`${manifestName}.`);
}

/** Removes what processes have left that were killed while they wrote the manifest. */
async function removeUnfinished(directory: string): Promise<void> {
  for await (const { name } of Deno.readDir(directory)) {
    if (isUnfinishedManifest(name)) await removeIfThere(`${directory}/${name}`);
  }
}

/** Removes a file or a folder with its content, if there is one. */
export async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
