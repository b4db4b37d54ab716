/**
 * Reads single tables out of a file of tables in HPO-B's own layout, `{space: {dataset: table}}`. Such
 * a file can have more than a gigabyte, past the longest string that V8 can hold: one pass over its
 * bytes finds where each table is, and only what is asked for is parsed.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { parseJson } from "../../core/search/json.ts";
import { JsonSlicer } from "./_json_slicer.ts";

/** Where a table is in its file, in bytes. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are read at once when tables are looked for. */
const chunkSize = 2 ** 20;

/** A file of tables. */
export class TableFile {
  readonly #path: string;
  readonly #ranges: ReadonlyMap<string, ReadonlyMap<string, Range>>;

  private constructor(path: string, ranges: ReadonlyMap<string, ReadonlyMap<string, Range>>) {
    this.#path = path;
    this.#ranges = ranges;
  }

  /**
   * Finds the tables of a file.
   *
   * @throws {InputError} when it is not an object of objects of objects.
   */
  static async open(path: string): Promise<TableFile> {
    const ranges = new Map<string, Map<string, Range>>();
    let [space, dataset, length] = ["", "", 0];
    const slicer = new JsonSlicer(path, 2, {
      wants: (keys) => {
        [space, dataset] = keys;
        if (dataset === undefined) ranges.set(space, new Map());
        length = 0;
        return true;
      },
      bytes: (chunk) => length += chunk.length,
      end: (end) => ranges.get(space)!.set(dataset, { start: end - length, end }),
    });
    using file = await Deno.open(path);
    const chunk = new Uint8Array(chunkSize);
    for (let size = await file.read(chunk); size !== null; size = await file.read(chunk)) {
      slicer.push(chunk.subarray(0, size));
    }
    slicer.finish();
    return new TableFile(path, ranges);
  }

  /** The search spaces, or the data sets of a search space, in the order of parsed JSON. */
  keys(space?: string): string[] {
    const entries = space === undefined ? this.#ranges : this.#ranges.get(space) ?? new Map();
    // An object has its whole numbers first: names have one order, wherever they are read from.
    return Object.keys(Object.fromEntries(entries));
  }

  /**
   * The parsed table of a data set, or undefined when there is none.
   *
   * @throws {InputError} when it is not JSON.
   */
  async read(space: string, dataset: string): Promise<unknown> {
    const range = this.#ranges.get(space)?.get(dataset);
    if (range === undefined) return undefined;
    using file = await Deno.open(this.#path);
    await file.seek(range.start, Deno.SeekMode.Start);
    const bytes = new Uint8Array(range.end - range.start);
    for (let done = 0; done < bytes.length;) {
      const size = await file.read(bytes.subarray(done));
      if (size === null) throw new InputError(`Cannot read ${this.#path} as it became shorter`);
      done += size;
    }
    try {
      return parseJson(new TextDecoder().decode(bytes));
    } catch (error) {
      throw new InputError(
        `Cannot read ${this.#path} > ${space} > ${dataset} as it must be JSON: ` +
          (error as Error).message,
      );
    }
  }
}
