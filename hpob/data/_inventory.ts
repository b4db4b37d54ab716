/**
 * What a cache has, what is damaged, and what has yet to be fetched.
 *
 * @module
 */
import { sha256OfFile } from "./checksum.ts";
import { initializationsFile } from "./contents.ts";
import type { Spaces } from "./_extraction.ts";
import { isMissing } from "../files/atomic.ts";
import { type CacheManifest, type FileRecord, tablePath } from "./cache_manifest.ts";

/** Checks every file of a cache, and strikes out of its manifest what is not there unchanged. */
export async function forgetDamaged(cache: string, manifest: CacheManifest): Promise<void> {
  for (const [path, record] of Object.entries(manifest.files)) {
    if (await isIntact(`${cache}/${path}`, record)) continue;
    delete manifest.files[path];
    // Surrogates are cheap to unpack: one damaged file and all that are wanted are unpacked again.
    if (path.startsWith("saved-surrogates/")) manifest.surrogates = [];
  }
  for (const [table, spaces] of Object.entries(manifest.tables)) {
    for (const [space, datasets] of Object.entries(spaces)) {
      const paths = Object.keys(datasets ?? {}).map((dataset) => tablePath(table, space, dataset));
      if (paths.some((path) => !manifest.files[path])) spaces[space] = null;
    }
  }
}

async function isIntact(path: string, record: FileRecord): Promise<boolean> {
  try {
    return await sha256OfFile(path) === record.sha256;
  } catch (error) {
    if (isMissing(error) || error instanceof Deno.errors.IsADirectory) return false;
    throw error;
  }
}

/** The wanted search spaces that have yet to be taken out of some of the tables. */
export function missingSpaces(
  manifest: CacheManifest,
  tables: readonly string[],
  wanted: Spaces,
): Spaces {
  const files = [initializationsFile, ...tables];
  const complete = files.every((file) => manifest.files[file] ?? manifest.tables[file]);
  if (!complete) return wanted;
  return spacesOf(manifest, tables, wanted).filter((space) => {
    const states = tables.map((table) => manifest.tables[table][space]);
    // Null: in the source, but not taken. In no table: unknown, which taking it will tell.
    return states.includes(null) || states.every((state) => state === undefined);
  });
}

/** The wanted search spaces by name, as far as the tables are known. */
export function spacesOf(
  manifest: CacheManifest,
  tables: readonly string[],
  wanted: Spaces,
): string[] {
  if (wanted !== "all") return [...wanted];
  return [...new Set(tables.flatMap((table) => Object.keys(manifest.tables[table])))];
}
