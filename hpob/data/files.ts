/**
 * Where the files of a benchmark come from: a folder, or the modules of this package.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { parseJson } from "../../core/search/json.ts";
import { cached } from "./cached.ts";
import { TableFile } from "./_table_file.ts";
import { isUbjson, parseUbjson } from "./ubjson.ts";

/** Read access to the JSON files of a benchmark in HPO-B's layout. */
export interface BenchmarkFiles {
  /** What error messages call a file, e.g. its path. */
  locate(file: string): string;
  /** Whether a file exists. */
  has(file: string): Promise<boolean>;
  /** The keys of the object at a path of keys in a JSON file. */
  keys(file: string, ...path: string[]): Promise<string[]>;
  /**
   * The value at a path of keys in a JSON file, or undefined where the path ends early.
   *
   * @throws {InputError} when the file is missing or is not JSON.
   */
  value(file: string, ...path: string[]): Promise<unknown>;
  /** Number of hyperparameters in a data set's table, 0 where there is none. */
  dimension(file: string, space: string, dataset: string): Promise<number>;
  /**
   * What can be done when a file that a mode opens is not there, or a search space in it: the end of an
   * error message, empty when nothing is known to help.
   */
  remedy(mode: string, space?: string): string;
}

/** The files below a folder. */
export class FolderFiles implements BenchmarkFiles {
  readonly #tables = new Map<string, Promise<TableFile>>();
  /** Small files that are asked for again and again. */
  readonly #parsed = new Map<string, Promise<unknown>>();

  constructor(readonly folder: string) {}

  locate(file: string): string {
    return `${this.folder.replace(/\/+$/, "")}/${file}`;
  }

  async has(file: string): Promise<boolean> {
    try {
      return (await Deno.stat(this.locate(file))).isFile;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async value(file: string, ...path: string[]): Promise<unknown> {
    if (isTable(file)) {
      const [space, dataset, ...rest] = path;
      return at(await (await this.#table(file)).read(space, dataset), rest);
    }
    if (file.startsWith("saved-surrogates/surrogate-")) return at(await this.#parse(file), path);
    const parsed = cached(this.#parsed, await this.#version(file), () => this.#parse(file));
    return at(await parsed, path);
  }

  async keys(file: string, ...path: string[]): Promise<string[]> {
    if (isTable(file)) return (await this.#table(file)).keys(...path);
    return keysAt(await this.value(file, ...path), [this.locate(file), ...path]);
  }

  async dimension(file: string, space: string, dataset: string): Promise<number> {
    return firstRowLength(await this.value(file, space, dataset));
  }

  remedy(mode: string, space?: string): string {
    if (space !== undefined) return "";
    const flags = mode === "v3-test" ? "" : ` --mode ${mode}`;
    return `: the official data is had by genhpo fetch${flags}`;
  }

  async #table(file: string): Promise<TableFile> {
    const path = this.locate(file);
    return await cached(this.#tables, await this.#version(file), () => TableFile.open(path));
  }

  /** Names a file as it is now: what was found damaged is read again when it has been mended. */
  async #version(file: string): Promise<string> {
    try {
      const { size, mtime } = await Deno.stat(this.locate(file));
      return `${file} ${size} ${mtime?.getTime()}`;
    } catch (error) {
      if (isMissing(error)) return file;
      throw error;
    }
  }

  async #parse(file: string): Promise<unknown> {
    const path = this.locate(file);
    let bytes: Uint8Array;
    try {
      bytes = await Deno.readFile(path);
    } catch (error) {
      if (isMissing(error)) throw new InputError(`Cannot read ${path} as the file must exist`);
      throw error;
    }
    const format = isUbjson(bytes) ? "UBJSON" : "JSON";
    try {
      return format === "JSON" ? parseJson(new TextDecoder().decode(bytes)) : parseUbjson(bytes);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new InputError(`Cannot read ${path} as it must be ${format}: ${error.message}`);
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Whether a file has tables, which can make it too large to be parsed as a whole. */
function isTable(file: string): boolean {
  return /^hpob-data\/meta-.*-dataset(-augmented)?\.json$/.test(file);
}

/** Follows own keys only, so that a data set may be called `constructor`. */
export function at(value: unknown, path: readonly string[]): unknown {
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Number of columns of a table's `X`, 0 where it has none. */
export function firstRowLength(table: unknown): number {
  const row = at(table, ["X", "0"]);
  return Array.isArray(row) ? row.length : 0;
}

/** The keys of a JSON object; `place` is what error messages call it. */
export function keysAt(value: unknown, place: readonly string[]): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError(`Cannot read ${place.join(" > ")} as it must be an object`);
  }
  return Object.keys(value);
}
