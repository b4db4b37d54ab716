/**
 * Filling a cache from HPO-B's archives.
 *
 * @module
 */
import { didYouMean, InputError } from "../../core/search/errors.ts";
import { parseJson } from "../../core/search/json.ts";
import type { Archive } from "./archive.ts";
import { descriptorsFile, initializationsFile, statisticsFile } from "./contents.ts";
import { firstRowLength } from "./files.ts";
import { JsonSlicer } from "./_json_slicer.ts";
import { NewFile } from "./_new_file.ts";
import { removeIfThere, unpackingFolder } from "./cache.ts";
import { type CacheManifest, type FileRecord, tablePath } from "./cache_manifest.ts";

/** The search spaces that are wanted. */
export type Spaces = readonly string[] | "all";

/** Called with the bytes unpacked so far, of a table or of all surrogates, and their sum. */
export type OnUnpacked = (what: string, done: number, total: number) => void;

/** Names become file names: nothing but these characters, and no dot in front. */
const harmlessName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;

/**
 * Unpacks parts of archives into a cache, and enters them into its manifest. The files appear under
 * their names when {@linkcode Extraction.commit} is called; before, they are in a folder of their own.
 */
export class Extraction implements AsyncDisposable {
  readonly #directory: string;
  readonly #manifest: CacheManifest;
  readonly #onUnpacked: OnUnpacked;
  readonly #files = new Map<string, FileRecord>();

  constructor(directory: string, manifest: CacheManifest, onUnpacked: OnUnpacked) {
    this.#directory = directory;
    this.#manifest = manifest;
    this.#onUnpacked = onUnpacked;
  }

  /**
   * Takes the wanted search spaces out of tables, with the small files that belong to them.
   *
   * @throws {InputError} when a wanted search space is in none of the tables.
   */
  async takeTables(archive: Archive, tables: readonly string[], wanted: Spaces): Promise<void> {
    for (const table of tables) await this.#takeTable(archive, table, wanted);
    if (wanted !== "all") {
      const known = tables.flatMap((table) => Object.keys(this.#manifest.tables[table]));
      for (const space of wanted) checkSpace(space, known);
    }
    await this.#copy(archive, initializationsFile);
    if (archive.has(baseName(descriptorsFile))) await this.#copy(archive, descriptorsFile);
  }

  /** Takes the surrogates of search spaces, and the ranges of their responses. */
  async takeSurrogates(archive: Archive, spaces: readonly string[]): Promise<void> {
    const known = new Set(Object.values(this.#manifest.tables).flatMap(Object.keys));
    const wanted = archive.entries.filter(({ name }) => {
      const owner = ownerOfSurrogate(name, known);
      return owner !== undefined && spaces.includes(owner);
    });
    const total = wanted.reduce((sum, entry) => sum + entry.size, 0);
    let done = 0;
    for (const { name, size } of wanted) {
      checkHarmless([name], archive);
      await this.#copy(archive, `saved-surrogates/${name}`);
      this.#onUnpacked("surrogates", done += size, total);
    }
    await this.#copy(archive, statisticsFile);
    this.#manifest.surrogates = [...new Set([...this.#manifest.surrogates, ...spaces])];
  }

  /** Moves everything to its place, and forgets the folder of its own. */
  async commit(): Promise<void> {
    for (const [path, record] of this.#files) {
      const target = `${this.#directory}/${path}`;
      await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      await Deno.rename(this.#unpacking(path), target);
      this.#manifest.files[path] = record;
    }
    this.#files.clear();
    await this.#clear();
  }

  /** Removes what was unpacked and not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#clear();
  }

  async #clear(): Promise<void> {
    await removeIfThere(`${this.#directory}/${unpackingFolder}`);
  }

  /** Slices a table by search space and data set, while it is unpacked. */
  async #takeTable(archive: Archive, table: string, wanted: Spaces): Promise<void> {
    const spaces = this.#manifest.tables[table] ??= {};
    let slice: { space: string; dataset: string; path: string; file: NewFile } | undefined;
    const slicer = new JsonSlicer(`${baseName(table)} in ${archive.path}`, 2, {
      wants: ([space, dataset]) => {
        if (dataset === undefined) {
          const taken = wanted === "all" || wanted.includes(space);
          if (taken) spaces[space] = {};
          else spaces[space] ??= null;
          return taken;
        }
        checkHarmless([space, dataset], archive);
        const path = tablePath(table, space, dataset);
        slice = { space, dataset, path, file: new NewFile(this.#unpacking(path)) };
        return true;
      },
      bytes: (chunk) => slice!.file.write(chunk),
      end: () => {
        const { space, dataset, path, file } = slice!;
        this.#files.set(path, file.end());
        spaces[space]![dataset] = dimensionOf(
          file,
          `${baseName(table)} in ${archive.path} > ${space} > ${dataset}`,
        );
      },
    });
    const name = baseName(table);
    const total = archive.entries.find((entry) => entry.name === name)?.size ?? 0;
    let done = 0;
    try {
      await archive.read(name, (chunk) => {
        slicer.push(chunk);
        this.#onUnpacked(name, done += chunk.length, total);
      });
      slicer.finish();
    } finally {
      slice?.file[Symbol.dispose]();
    }
  }

  /** Unpacks a file as a whole. */
  async #copy(archive: Archive, path: string): Promise<void> {
    using file = new NewFile(this.#unpacking(path));
    await archive.read(baseName(path), (chunk) => file.write(chunk));
    this.#files.set(path, file.end());
  }

  #unpacking(path: string): string {
    return `${this.#directory}/${unpackingFolder}/${path}`;
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function checkHarmless(names: readonly string[], archive: Archive): void {
  for (const name of names) {
    if (harmlessName.test(name)) continue;
    throw new InputError(
      `Cannot use archive ${archive.path} as names of search spaces and data sets must be letters, ` +
        `digits, ".", "_" and "-": got ${JSON.stringify(name)}`,
    );
  }
}

/** The number of hyperparameters of a table that has just been written; `place` is where it is from. */
function dimensionOf(file: NewFile, place: string): number {
  const firstRow = /^\{\s*"X"\s*:\s*\[\s*(\[[^\]]*\])/.exec(file.head);
  // HPO-B's tables begin with X; one that does not has to be read.
  const text = firstRow ? `{"X":[${firstRow[1]}]}` : Deno.readTextFileSync(file.path);
  try {
    return firstRowLength(parseJson(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(`Cannot read ${place} as it must be JSON: ${error.message}`);
  }
}

/** The search space of `surrogate-<search space>-<data set>.json`; both names may have hyphens. */
function ownerOfSurrogate(name: string, spaces: ReadonlySet<string>): string | undefined {
  const [, rest] = /^surrogate-(.+)\.json$/.exec(name) ?? [];
  if (rest === undefined) return undefined;
  const owners = [...spaces].filter((space) => rest.startsWith(`${space}-`));
  return owners.sort((a, b) => b.length - a.length)[0];
}

function checkSpace(space: string, known: readonly string[]): void {
  if (known.includes(space)) return;
  throw new InputError(
    `Cannot fetch search space "${space}" as it must be one of ${[...new Set(known)].join(", ")}` +
      didYouMean(space, known),
  );
}
