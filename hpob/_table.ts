/**
 * Validated parts of a benchmark in HPO-B's format: tables, initial rows, responses' ranges.
 *
 * @module
 */
import { InputError } from "../core/search/errors.ts";
import { shown } from "../core/search/json.ts";

/** The evaluated configurations of one data set. */
export interface Table {
  /** Configurations, n points in [0,1]^d. */
  readonly x: readonly Float64Array[];
  /** Responses, n finite numbers, larger is better. */
  readonly y: Float64Array;
}

/** The range of responses by which a protocol normalizes. */
export interface ResponseRange {
  /** What becomes 0. */
  readonly min: number;
  /** What becomes 1. */
  readonly max: number;
}

/** How far a coordinate may be outside [0,1] by rounding; it is then moved to the boundary. */
const roundingTolerance = 1e-9;

/** Reads `{X: [[d numbers], ...], y: [[number], ...]}`. `place` is the file and the keys. */
export function readTable(json: unknown, place: string): Table {
  const { X, y } = (json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(X) || X.length === 0 || !Array.isArray(y)) {
    refuse(place, "it must have non-empty arrays 'X' and 'y'");
  }
  if (X.length !== y.length) {
    refuse(place, `'X' and 'y' must have equal lengths: got ${X.length} and ${y.length}`);
  }
  const dimension = Array.isArray(X[0]) ? X[0].length : 0;
  return {
    x: X.map((row, i) => readPoint(row, dimension, `X[${i}]`, place)),
    y: Float64Array.from(y, (row, i) => {
      const response = Array.isArray(row) && row.length === 1 ? row[0] : row;
      if (!Number.isFinite(response)) {
        refuse(place, `'y[${i}]' must be one finite number: got ${shown(row)}`);
      }
      return response;
    }),
  };
}

function readPoint(row: unknown, dimension: number, name: string, place: string): Float64Array {
  if (!Array.isArray(row) || row.length !== dimension || dimension === 0) {
    const length = Array.isArray(row) ? `${row.length}` : shown(row);
    refuse(place, `'${name}' must have ${Math.max(dimension, 1)} numbers: got ${length}`);
  }
  // A loop: a callback for each of a table's millions of numbers takes several times as long.
  const point = new Float64Array(dimension);
  for (let j = 0; j < dimension; j++) {
    const value = row[j];
    const inside = typeof value === "number" && value >= -roundingTolerance &&
      value <= 1 + roundingTolerance;
    if (!inside) refuse(place, `'${name}[${j}]' must be in [0, 1]: got ${shown(value)}`);
    point[j] = Math.min(Math.max(value, 0), 1);
  }
  return point;
}

/** Reads one or more different row indices of a table. */
export function readInitialRows(json: unknown, rows: number, place: string): number[] {
  if (json === undefined) refuse(place, "the entry must exist");
  if (!Array.isArray(json) || json.length === 0 || new Set(json).size !== json.length) {
    refuse(place, `it must be one or more different row indices: got ${shown(json)}`);
  }
  for (const row of json) {
    if (!Number.isInteger(row) || row < 0 || row >= rows) {
      refuse(place, `a row index must be an integer in 0..${rows - 1}: got ${shown(row)}`);
    }
  }
  return json;
}

/** Reads `{y_min, y_max}`. */
export function readResponseRange(json: unknown, place: string): ResponseRange {
  if (json === undefined) refuse(place, "the entry must exist");
  const { y_min: min, y_max: max } = (json ?? {}) as Record<string, unknown>;
  if (!Number.isFinite(min) || !Number.isFinite(max) || (min as number) >= (max as number)) {
    refuse(place, `it must have numbers 'y_min' < 'y_max': got ${shown(json)}`);
  }
  return { min: min as number, max: max as number };
}

/** The range of a table's own responses. */
export function tableRange(table: Table, place: string): ResponseRange {
  const min = table.y.reduce((a, b) => Math.min(a, b));
  const max = table.y.reduce((a, b) => Math.max(a, b));
  if (min === max) refuse(place, `its responses must differ: all are ${min}`);
  return { min, max };
}

function refuse(place: string, problem: string): never {
  throw new InputError(`Cannot read ${place} as ${problem}`);
}
