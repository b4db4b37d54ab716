/**
 * The manifest of a cache: the part of HPO-B that was fetched, in small files that describe themselves.
 *
 * A cache has HPO-B's layout with one difference: `hpob-data/meta-test-dataset.json` and its like are
 * folders here, with a file for every search space and data set, so that a search space is loaded
 * without the others. `genhpo-cache.json` says what there is, where it came from, and the checksum of
 * every file.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { isMissing, writeAtomically } from "../files/atomic.ts";

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

/** Name and version of this program, as in deno.json. */
export const program = "genhpo 0.1.0";

/** The manifest of a cache without content. */
export function emptyManifest(): CacheManifest {
  return {
    format: "genhpo-cache",
    formatVersion: 1,
    createdBy: program,
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
  await writeAtomically(path, text);
}

function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}
