/**
 * Trials of files: tables that people keep, and what Optuna, W&B, Ray, SMAC3 and MLflow export.
 *
 * @module
 */
import { SearchSpace } from "../search/search_space.ts";
import { type Columns, findColumns } from "./_columns.ts";
import { readDelimited } from "./_delimited.ts";
import { readJsonTable } from "./_json_table.ts";
import { RowReader } from "./_row_reader.ts";
import type { ReadTrialsOptions, TableTrial } from "./table_trial.ts";
import { problemsError, type RawRow, type RawTable, tableError } from "./_raw_table.ts";

/** A table that was read. */
export interface TrialTable {
  /** Text with separators, or JSON. */
  readonly format: "csv" | "json";
  /** The space; of coordinates in [0, 1] if none was given. */
  readonly space: SearchSpace;
  /** The trials, in the order of the file; none if it has a header alone. */
  readonly trials: readonly TableTrial[];
  /** What was passed over, left out or moved, a sentence each, for the person. */
  readonly notes: readonly string[];
}

/**
 * Reads a table of trials: CSV with comma, semicolon or tab; JSON as a list of objects, one object a line or by
 * column; exports of Optuna (`trials_dataframe`, `optuna trials -f json`), W&B, Ray (`result.json`), SMAC3
 * (`runhistory.json`) and MLflow (`search_runs`). An empty, missing or infinite response is a trial that failed.
 *
 * @throws {InputError} that lists the problems of the file, with row and column.
 */
export function readTrials(text: string, options: ReadTrialsOptions = {}): TrialTable {
  const table = readTable(text);
  const { space: given } = options;
  // A list of JSON has no header: an empty one says nothing, and needs no columns.
  if (given && table.format === "json" && table.rows.length === 0) {
    return { format: "json", space: given, trials: [], notes: [] };
  }
  const columns = findColumns(table, options);
  const notes: string[] = [];
  const { rows, note } = lastOfEach(table);
  if (note !== undefined) notes.push(note);
  const space = options.space ?? unitSpace(columns);
  const reader = new RowReader(space, columns, {
    ...options,
    outside: options.space === undefined ? "refuse" : options.outside ?? "omit",
  });
  const trials = rows.flatMap((row) => reader.read(row) ?? []);
  if (reader.problems.length > 0) throw problemsError(reader.problems);
  if (trials.length === 0 && reader.outside.length > 0) throw problemsError(reader.outside);
  notes.push(...reader.notes(rows.length));
  return { format: table.format, space, trials, notes };
}

function readTable(text: string): RawTable {
  if (text.includes("\0")) {
    const kind = text.startsWith("PK")
      ? "a zip archive, as Excel's workbooks are"
      : "UTF-16 or binary";
    throw tableError("the file must be text in UTF-8", `${kind}; save it as UTF-8`);
  }
  const plain = text.replace(/^\uFEFF/, "");
  if (plain.trim() === "") {
    throw tableError("the file must hold trials, or a header at least", "nothing");
  }
  return /^\s*[[{]/.test(plain) ? readJsonTable(plain) : readDelimited(plain);
}

function unitSpace({ hyperparameters, response }: Columns): SearchSpace {
  const names = [...hyperparameters.keys()];
  if (names.length === 0) {
    throw tableError("the file must have a column beside the response", `${response} alone`);
  }
  return new SearchSpace(
    Object.fromEntries(names.map((name) => [name, { type: "real", min: 0, max: 1 } as const])),
  );
}

/** Ray writes a row an iteration: the last one of each trial stands for it. */
function lastOfEach({ columns, rows }: RawTable): { rows: readonly RawRow[]; note?: string } {
  if (!columns.includes("trial_id") || !columns.includes("training_iteration")) return { rows };
  const last = new Map(rows.map((row) => [row.cells.get("trial_id"), row]));
  if (last.size === rows.length) return { rows };
  const note =
    `Took the last of the iterations of each of ${last.size} trials (${rows.length} rows)`;
  return { rows: [...last.values()], note };
}
