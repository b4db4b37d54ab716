/**
 * Reading a benchmark out of a cache, verified.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { parseJson } from "../../core/search/json.ts";
import { cached } from "./cached.ts";
import { sha256OfBytes } from "./checksum.ts";
import { at, type BenchmarkFiles, FolderFiles, keysAt } from "./files.ts";
import { isMissing } from "../files/atomic.ts";
import { type CacheManifest, readManifest, tablePath } from "./cache_manifest.ts";

/** The files of a benchmark in a folder, be it a cache or in HPO-B's own layout. */
export async function openFolder(folder: string): Promise<BenchmarkFiles> {
  const manifest = await readManifest(folder);
  return manifest ? new CacheFiles(folder, manifest) : new FolderFiles(folder);
}

/**
 * The files of a cache. Whatever is read is compared with its checksum first. Names and dimensions
 * come from the manifest, so that opening reads no table.
 */
class CacheFiles implements BenchmarkFiles {
  readonly #folder: string;
  readonly #manifest: CacheManifest;
  /** Small files that are asked for again and again. */
  readonly #parsed = new Map<string, Promise<unknown>>();

  constructor(folder: string, manifest: CacheManifest) {
    this.#folder = folder;
    this.#manifest = manifest;
  }

  locate(file: string): string {
    return `${this.#folder.replace(/\/+$/, "")}/${file}`;
  }

  has(file: string): Promise<boolean> {
    const { files, tables } = this.#manifest;
    return Promise.resolve(Object.hasOwn(files, file) || Object.hasOwn(tables, file));
  }

  async keys(file: string, ...path: string[]): Promise<string[]> {
    const table = this.#table(file);
    if (table && path.length === 0) {
      return Object.keys(table).filter((space) => table[space] !== null);
    }
    if (table && path.length === 1) return Object.keys(at(table, path) ?? {});
    return keysAt(await this.value(file, ...path), [this.locate(file), ...path]);
  }

  async value(file: string, ...path: string[]): Promise<unknown> {
    const table = this.#table(file);
    if (table) {
      const [space, dataset, ...rest] = path;
      if (dataset === undefined) {
        throw new TypeError("Cannot read a table as a search space and a data set must be given");
      }
      if (at(table, [space, dataset]) === undefined) return undefined;
      return at(await this.#read(tablePath(file, space, dataset)), rest);
    }
    if (file.startsWith("saved-surrogates/surrogate-")) return at(await this.#read(file), path);
    return at(await cached(this.#parsed, file, () => this.#read(file)), path);
  }

  dimension(file: string, space: string, dataset: string): Promise<number> {
    return Promise.resolve(this.#table(file)?.[space]?.[dataset] ?? 0);
  }

  remedy(mode: string, space?: string): string {
    const tables = Object.values(this.#manifest.tables);
    if (space !== undefined && !tables.some((table) => at(table, [space]) === null)) return "";
    const flags = [
      ...(mode === "v3-test" ? [] : [`--mode ${mode}`]),
      ...(space === undefined ? [] : [`--space ${space}`]),
    ];
    return `: it has not been fetched yet, which ${["genhpo fetch", ...flags].join(" ")} does`;
  }

  #table(file: string): CacheManifest["tables"][string] | undefined {
    const { tables } = this.#manifest;
    return Object.hasOwn(tables, file) ? tables[file] : undefined;
  }

  async #read(path: string): Promise<unknown> {
    const place = this.locate(path);
    const record = at(this.#manifest.files, [path]) as { sha256: string } | undefined;
    let bytes: Uint8Array | undefined;
    try {
      bytes = record && await Deno.readFile(place);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    if (!record || !bytes || sha256OfBytes(bytes) !== record.sha256) {
      const problem = bytes ? "is damaged: its checksum differs" : "is missing";
      throw new InputError(
        `Cannot read ${place} as it ${problem}. The same genhpo fetch as before repairs it`,
      );
    }
    try {
      return parseJson(new TextDecoder().decode(bytes));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new InputError(`Cannot read ${place} as it must be JSON: ${error.message}`);
    }
  }
}
