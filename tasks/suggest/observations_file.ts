/**
 * Observations that a person hands in, as CSV or JSON.
 *
 * @module
 */
import { csvParse } from "d3-dsv";
import { InputError } from "../../core/search/errors.ts";
import type { Configuration, SearchSpace } from "../../core/search/search_space.ts";

/** Observed points of [0,1]^d with their responses, and what their columns are called. */
export interface Observations {
  x: Float64Array[];
  y: Float64Array;
  /** Names of the coordinates or hyperparameters. */
  columns: readonly string[];
}

/** How observations are read. */
export interface ReadOptions {
  /** Name of the response's column. */
  response: string;
  /** Named hyperparameters; without it, every other column is a coordinate in [0, 1]. */
  space?: SearchSpace | undefined;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads a table of observations: CSV with a header, or a JSON list of objects. An empty response, `NaN` or
 * `null` is a trial that failed.
 *
 * @throws {InputError} naming row and column where something is missing or wrong.
 */
export function readObservations(text: string, options: ReadOptions): Observations {
  const rows = /^\s*[[{]/.test(text) ? parseJson(text) : csvParse(text.trim()) as Row[];
  if (rows.length === 0) throw new InputError("Cannot suggest as there must be an observation");
  const { response, space } = options;
  const columns = space?.names ?? Object.keys(rows[0]).filter((name) => name !== response);
  if (columns.length === 0) throw new InputError("Cannot suggest as a row must have coordinates");
  const y = Float64Array.from(rows, (row, i) => readResponse(row, i, response));
  return {
    columns,
    y,
    x: rows.map((row, i) => space ? encode(row, i, { response, space }) : point(row, i, columns)),
  };
}

function parseJson(text: string): Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`Cannot read the observations as they must be valid JSON: ${error}`);
  }
  if (!Array.isArray(value) || !value.every((row) => typeof row === "object" && row !== null)) {
    throw new InputError("Cannot read the observations as JSON must be a list of objects");
  }
  return value;
}

function encode(row: Row, i: number, { response, space }: Required<ReadOptions>): Float64Array {
  const { [response]: _, ...configuration } = row;
  try {
    return space!.encode(configuration as Configuration);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`Row ${i + 1}: ${error.message}`) : error;
  }
}

function point(row: Row, i: number, columns: readonly string[]): Float64Array {
  return Float64Array.from(columns, (name) => {
    const value = toNumber(row[name]);
    if (value >= 0 && value <= 1) return value;
    throw new InputError(
      `Row ${i + 1}: '${name}' must be a number in [0, 1]: got ${
        JSON.stringify(row[name] ?? null)
      }; ` +
        `describe other ranges with --space`,
    );
  });
}

function readResponse(row: Row, i: number, name: string): number {
  if (!(name in row)) {
    throw new InputError(
      `Row ${i + 1}: the response '${name}' must be there: got ${Object.keys(row).join(", ")}; ` +
        `name another column with --response`,
    );
  }
  const value = row[name];
  if (value === null || value === "" || value === "NaN" || value === "nan") return NaN;
  const number = toNumber(value);
  if (!Number.isNaN(number)) return number;
  throw new InputError(`Row ${i + 1}: '${name}' must be a number: got ${JSON.stringify(value)}`);
}

function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
}
