/**
 * Tables in JSON: a list of objects, one object a line, columns, pandas' `split` and `table`, and SMAC3's run history.
 *
 * @module
 */
import type { InputError } from "../search/errors.ts";
import { parseJson, shown } from "../search/json.ts";
import { checkColumns, type RawRow, type RawTable, tableError } from "./_raw_table.ts";

type JsonObject = Record<string, unknown>;

/**
 * Reads a table in JSON. Objects within a row become columns `outer.inner`.
 *
 * @throws {InputError} for what is no JSON, or no table.
 */
export function readJsonTable(text: string): RawTable {
  const value = parseWholeOrLines(text);
  const rows = rowsOf(value).map((row, i): RawRow => {
    if (!isObject(row)) {
      throw tableError(`row ${i + 1} must be an object with named values`, shown(row));
    }
    return { place: `Row ${i + 1}`, cells: flat(row, i) };
  });
  const columns = [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))];
  checkColumns(columns);
  return { format: "json", columns, rows };
}

function parseWholeOrLines(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const lines = text.split(/\r?\n/).map((line, i) => ({ line, number: i + 1 }))
      .filter(({ line }) => line.trim() !== "");
    // One object a line is only what begins with a whole object.
    if (lines.length < 2 || !isJson(lines[0].line)) throw jsonError("the file", error);
    return lines.map(({ line, number }) => {
      try {
        return parseJson(line);
      } catch (error) {
        throw jsonError(`line ${number}`, error);
      }
    });
  }
}

function isJson(text: string): boolean {
  try {
    return isObject(parseJson(text));
  } catch {
    return false;
  }
}

function jsonError(place: string, error: unknown): InputError {
  return tableError(`${place} must be valid JSON`, (error as Error).message);
}

function rowsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) {
    throw tableError("the file must hold a table of trials", shown(value));
  }
  const { data, configs, columns, schema } = value;
  if (Array.isArray(data) && isObject(configs)) return runHistory(data, configs);
  if (Array.isArray(data) && Array.isArray(columns)) return data.map((row) => zipped(columns, row));
  if (Array.isArray(data) && isObject(schema)) return data;
  const all = Object.values(value);
  const isByColumn = all.length > 0 && (all.every(Array.isArray) || all.every(isObject));
  return isByColumn ? transposed(value) : [value];
}

/** SMAC3's `runhistory.json`: results that refer to configurations by their number. */
function runHistory(data: readonly unknown[], configs: JsonObject): unknown[] {
  const run = ["config_id", "instance", "seed", "budget", "cost", "time"];
  const rest = ["status", "starttime", "endtime", "additional_info"];
  return data.map((entry, i) => {
    // Objects since version 2.2; lists before; until version 1 lists of two, what was run and what came out.
    const list = Array.isArray(entry) && entry.length === 2 ? entry.flat() : entry;
    const row = Array.isArray(list)
      ? zipped(list.length > 10 ? [...run, "cpu_time", ...rest] : [...run, ...rest], list)
      : entry;
    const config = isObject(row) && isName(row.config_id) ? configs[row.config_id] : undefined;
    if (!isObject(row) || !isObject(config)) {
      throw tableError(`row ${i + 1} must name a configuration of the run history`, shown(entry));
    }
    return { ...row, config };
  });
}

function zipped(columns: readonly unknown[], row: unknown): JsonObject {
  if (!Array.isArray(row) || row.length !== columns.length) {
    throw tableError(`a row must have the ${columns.length} values of the columns`, shown(row));
  }
  return Object.fromEntries(columns.map((name, j) => {
    if (!isName(name)) throw tableError("a column must have a name", shown(name));
    return [`${name}`, row[j]];
  }));
}

function isName(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

/** Rows of columns, which are lists or objects by the name of the row. */
function transposed(columns: JsonObject): unknown[] {
  const [first, ...rest] = Object.entries(columns).map(([name, cells]) => ({
    name,
    cells: new Map(Object.entries(cells as JsonObject)),
  }));
  for (const { name, cells } of rest) {
    const missing = [...first.cells.keys()].find((row) => !cells.has(row)) ??
      [...cells.keys()].find((row) => !first.cells.has(row));
    if (missing !== undefined) {
      throw tableError(
        `columns '${first.name}' and '${name}' must have the same rows`,
        `row ${missing} in one alone`,
      );
    }
  }
  return [...first.cells.keys()].map((row) =>
    Object.fromEntries([first, ...rest].map(({ name, cells }) => [name, cells.get(row)]))
  );
}

function flat(row: JsonObject, i: number): Map<string, unknown> {
  const cells = new Map<string, unknown>();
  const pending: [string, JsonObject][] = [["", row]];
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const [prefix, object] = entry;
    for (const [key, value] of Object.entries(object)) {
      const name = prefix + key;
      if (isObject(value)) pending.push([`${name}.`, value]);
      else if (!cells.has(name)) cells.set(name, value);
      else throw tableError(`row ${i + 1} must have '${name}' once`, "it twice");
    }
  }
  return cells;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
