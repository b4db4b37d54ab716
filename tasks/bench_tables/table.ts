/**
 * Tables of real measurements: every cell of a grid of hyperparameters was measured several times.
 *
 * @module
 */
import { isRecord } from "../../core/search/space_checks.ts";
import { InputError } from "../../core/search/errors.ts";
import type { ConfigurationOf, Hyperparameters } from "../../core/search/hyperparameter.ts";
import { Random } from "../../core/search/random.ts";
import { SearchSpace } from "../../core/search/search_space.ts";
import { readValues, writeValues } from "../../core/search/coordinates.ts";

/** A cell: the indices of the hyperparameters' values, one digit each, in the order of the space. */
export type Cell = string;

/** One table. */
export class NoisyTable {
  /** Its name, and that of its file. */
  readonly name: string;
  /** Tables of one family share a space. */
  readonly family: string;
  /** The hyperparameters. */
  readonly space: SearchSpace;
  readonly #cells: ReadonlyMap<Cell, readonly number[]>;
  readonly #means: ReadonlyMap<Cell, number>;
  readonly #best: number;
  readonly #median: number;

  private constructor(
    name: string,
    family: string,
    space: SearchSpace,
    cells: ReadonlyMap<Cell, readonly number[]>,
  ) {
    this.name = name;
    this.family = family;
    this.space = space;
    this.#cells = cells;
    this.#means = new Map([...cells].map(([cell, measured]) => [
      cell,
      measured.reduce((sum, response) => sum + response, 0) / measured.length,
    ]));
    const sorted = Float64Array.from(this.#means.values()).sort(), middle = sorted.length >> 1;
    this.#best = sorted[sorted.length - 1];
    this.#median = sorted.length % 2 === 1
      ? sorted[middle]
      : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * Reads a table: `space` is a list of `{ name, type: "ordinal" | "choice", values }`, `cells` are the measurements by
   * cell, larger is better. A cell that is missing is a configuration that cannot be evaluated.
   *
   * @param source Named in errors.
   * @throws {InputError} naming what is wrong.
   */
  static parse(text: string, source: string): NoisyTable {
    const fail = (requirement: string): never => {
      throw new InputError(`Cannot read table ${source} as ${requirement}`);
    };
    const given = parseJson(text, source);
    const { name, family = name, space, cells } = given;
    if (typeof name !== "string" || typeof family !== "string") {
      fail(`'name' must be a text: got ${JSON.stringify(name)}`);
    }
    if (!Array.isArray(space)) fail(`'space' must be a list: got ${JSON.stringify(space)}`);
    if (!isRecord(cells)) fail(`'cells' must be an object: got ${JSON.stringify(cells)}`);
    const hyperparameters: Record<string, unknown> = {};
    for (const { name, type, values } of space as Record<string, unknown>[]) {
      if (type !== "ordinal" && type !== "choice") {
        fail(`'type' of ${name} must be "ordinal" or "choice": got ${JSON.stringify(type)}`);
      }
      hyperparameters[String(name)] = { type: type === "ordinal" ? "ordered" : "choice", values };
    }
    const parsed = new SearchSpace(hyperparameters as Hyperparameters);
    const width = parsed.coordinates.length, known = new Map<Cell, readonly number[]>();
    for (const [cell, measured] of Object.entries(cells as Record<string, unknown>)) {
      if (cell.length !== width) {
        fail(`the key of a cell must have ${width} digits: got "${cell}"`);
      }
      const isMeasured = Array.isArray(measured) && measured.length > 0 &&
        measured.every((response) => Number.isFinite(response));
      if (!isMeasured) {
        fail(`the measurements of cell ${cell} must be numbers: got ${JSON.stringify(measured)}`);
      }
      known.set(cell, measured as readonly number[]);
    }
    if (known.size === 0) fail("it must have a cell: got none");
    return new NoisyTable(name as string, family as string, parsed, known);
  }

  /** Whether a cell was measured. */
  has(cell: Cell): boolean {
    return this.#cells.has(cell);
  }

  /** One of the cell's measurements, the same for the same run, key and trial; NaN for a cell that was not measured. */
  measure(
    cell: Cell,
    { run, key, trial }: { run: string; key: number; trial: number },
  ): number {
    const measured = this.#cells.get(cell);
    if (measured === undefined) return NaN;
    return measured[Random.of("measurement", key, this.name, run, trial).integer(measured.length)];
  }

  /** (best mean - the cell's mean) / (best - median of all cells' means); Infinity for a cell that was not measured. */
  regret(cell: Cell): number {
    const mean = this.#means.get(cell);
    if (mean === undefined) return Infinity;
    const range = this.#best - this.#median;
    return range > 0 ? (this.#best - mean) / range : 0;
  }

  /** The configuration of a cell. */
  configurationOf(cell: Cell): ConfigurationOf<Hyperparameters> {
    const { coordinates } = this.space;
    return this.space.decode(writeValues(Float64Array.from(cell, Number), coordinates));
  }

  /** The cell of a configuration. */
  cellOf(configuration: ConfigurationOf<Hyperparameters>): Cell {
    return readValues(this.space.encode(configuration), this.space.coordinates).join("");
  }
}

function parseJson(text: string, source: string): Record<string, unknown> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new InputError(`Cannot read ${source} as it must be JSON: ${(error as Error).message}`);
  }
  if (isRecord(given)) return given;
  throw new InputError(`Cannot read ${source} as it must be an object: got ${text.slice(0, 40)}`);
}

/** The first cells of each run of each table. */
export type InitialCells = ReadonlyMap<string, ReadonlyMap<string, readonly Cell[]>>;

/**
 * Reads `inits.json`: first cells by table and run, a cell as a list of indices.
 *
 * @throws {InputError} naming what is wrong.
 */
export function parseInitialCells(text: string, source: string): InitialCells {
  const tables = parseJson(text, source);
  return new Map(
    Object.entries(tables).map(([table, runs]) => {
      if (!isRecord(runs)) {
        throw new InputError(
          `Cannot read ${source} as the runs of ${table} must be an object: got ${
            JSON.stringify(runs)
          }`,
        );
      }
      return [table, new Map(Object.entries(runs).map(([run, cells]) => [run, cellsOf(cells)]))];
    }),
  );

  function cellsOf(cells: unknown): Cell[] {
    const isValid = Array.isArray(cells) && cells.length > 0 &&
      cells.every((cell) =>
        Array.isArray(cell) && cell.every((index) => Number.isInteger(index) && index >= 0)
      );
    if (isValid) return cells.map((cell) => cell.join(""));
    throw new InputError(
      `Cannot read ${source} as first cells must be lists of indices: got ${JSON.stringify(cells)}`,
    );
  }
}
