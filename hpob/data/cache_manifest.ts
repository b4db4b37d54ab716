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
import { shown } from "../../core/search/json.ts";
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
  let manifest: unknown;
  try {
    manifest = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`Cannot use cache ${directory} as ${path} is damaged: ${error.message}`);
  }
  const { format, formatVersion } = isRecord(manifest) ? manifest : {};
  if (format !== "genhpo-cache" || formatVersion !== 1) {
    throw new InputError(
      `Cannot use cache ${directory} as its format must be genhpo-cache 1: got ` +
        `${isText(format) ? format : shown(format)} ${
          shown(formatVersion)
        }. Remove it and fetch again`,
    );
  }
  const wrong = Object.entries(shapes).find(([key, is]) => !is((manifest as JsonRecord)[key]));
  if (wrong === undefined) return manifest as CacheManifest;
  throw new InputError(
    `Cannot use cache ${directory} as ${path} is damaged: '${
      wrong[0]
    }' is not as it was written. ` +
      "Remove the cache and fetch again",
  );
}

type JsonRecord = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const recordOf = (is: Check): Check => (value) => isRecord(value) && Object.values(value).every(is);
const orNull = (is: Check): Check => (value) => value === null || is(value);
/** Whether a path leads nowhere out of the cache. */
const isInside = (path: string): boolean =>
  path.split(/[/\\]/).every((part) => part !== "" && part !== "." && part !== "..");
const isFileRecord: Check = (value) =>
  isRecord(value) && isCount(value.bytes) && isText(value.sha256) &&
  /^[0-9a-f]{64}$/.test(value.sha256);

/** What a manifest's values look like. */
const shapes: Readonly<Record<string, Check>> = {
  createdBy: isText,
  sources: recordOf(isFileRecord),
  tables: recordOf(recordOf(orNull(recordOf(isCount)))),
  surrogates: (value) => Array.isArray(value) && value.every(isText),
  files: (value) => recordOf(isFileRecord)(value) && Object.keys(value as object).every(isInside),
};

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
