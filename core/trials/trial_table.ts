/**
 * Trials of files: tables that people keep, and what Optuna, W&B, Ray, SMAC3 and MLflow export.
 *
 * @module
 */
import { shown } from "../search/json.ts";
import { type Configuration, SearchSpace, type ValueProblem } from "../search/search_space.ts";
import { isMissing } from "../search/spelling.ts";
import type { OutsideRule } from "../study/new_trials.ts";
import type { TrialState } from "../study/records.ts";
import { hasDecimalComma, responseOf, stateOf, withDecimalPoint } from "./_cells.ts";
import { type Columns, findColumns } from "./_columns.ts";
import { readDelimited } from "./_delimited.ts";
import { readJsonTable } from "./_json_table.ts";
import { problemsError, type RawRow, type RawTable, tableError } from "./_raw_table.ts";

/** How a table of trials is read. */
export interface ReadTrialsOptions {
  /** The search space; without one each column is a coordinate in [0, 1]. @default {none} */
  readonly space?: SearchSpace;
  /** The column of the response. @default {"y", Optuna's "value", SMAC3's "cost"} */
  readonly response?: string;
  /** The sign between a number and its fraction. @default {"."} */
  readonly decimal?: "." | ",";
  /**
   * Rows with values outside of the space are left out (`"omit"`), moved to the nearest values (`"clip"`; left out
   * where a choice is unknown), or an error. Without a space they are an error. @default {"omit"}
   */
  readonly outside?: OutsideRule;
}

/** One trial of a table. */
export interface TableTrial {
  /** Where it stands: `Row 3`. */
  readonly place: string;
  /** Its configuration, complete and of the space. */
  readonly configuration: Configuration;
  /** `"complete"` with a finite response alone. */
  readonly state: TrialState;
  /** The response; NaN where there is none. That of a pruned trial is what it had when it was stopped. */
  readonly response: number;
}

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
  notes.push(...reader.notes(rows.length, options.space === undefined));
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

/** Reads rows, and remembers what is wrong with them and what was passed over. */
class RowReader {
  readonly problems: string[] = [];
  readonly #space: SearchSpace;
  readonly #columns: Columns;
  readonly #options: ReadTrialsOptions;
  readonly #outside: string[] = [];
  readonly #clipped: string[] = [];
  readonly #incomplete: string[] = [];
  readonly #inactive = new Set<string>();

  constructor(space: SearchSpace, columns: Columns, options: ReadTrialsOptions) {
    this.#space = space;
    this.#columns = columns;
    this.#options = options;
  }

  /** The trial of a row; undefined if it is left out or has a problem. */
  read({ place, cells }: RawRow): TableTrial | undefined {
    const cellOf = (column: string): unknown =>
      this.#options.decimal === "," ? withDecimalPoint(cells.get(column)) : cells.get(column);
    const before = this.problems.length;
    const response = responseOf(cellOf(this.#columns.response));
    if (response === undefined) this.#refuse(place, this.#columns.response, "a number", cells);
    const state = this.#stateOf(place, cells, response ?? NaN);
    const values = Object.fromEntries(
      [...this.#columns.hyperparameters].map(([name, column]) => [name, cellOf(column)]),
    );
    const { configuration, problems } = this.#space.read(values);
    const kept = problems.filter((problem) => !this.#passOver(problem));
    if (
      state !== "complete" && state !== "pruned" && kept.some(({ name }) => isMissing(values[name]))
    ) {
      this.#incomplete.push(place);
      return undefined;
    }
    const isOutside = kept.length > 0 && kept.every((problem) => this.#isOutside(problem, values));
    if (isOutside && this.#options.outside !== "refuse") {
      const isClipped = this.#options.outside === "clip" && configuration !== undefined;
      (isClipped ? this.#clipped : this.#outside).push(`${place}: ${kept[0].message}`);
      if (!isClipped) return undefined;
    } else {for (const problem of kept) {
        this.problems.push(`${place}: ${problem.message}${this.#hint(problem, values)}`);
      }}
    if (this.problems.length > before) return undefined;
    const value = state === "complete" || state === "pruned" ? response! : NaN;
    return { place, configuration: configuration!, state, response: value };
  }

  /** What was passed over, left out or moved. */
  notes(rows: number, isCube: boolean): string[] {
    const notes: string[] = [];
    const { others, isCost } = this.#columns;
    if (others.length > 0) notes.push(`Passed over the columns ${others.join(", ")}`);
    if (this.#inactive.size > 0) {
      notes.push(
        `Passed over values of ${[...this.#inactive].join(", ")} where they are not active`,
      );
    }
    if (this.#incomplete.length > 0) {
      notes.push(
        `Left out ${this.#incomplete.length} unfinished or failed trials without all values: ${
          few(this.#incomplete)
        }`,
      );
    }
    const rest = isCube ? "" : "; --outside clip moves such values to the nearest in the space";
    if (this.#outside.length > 0) {
      notes.push(
        `Left out ${this.#outside.length} of ${rows} rows outside of the space${rest}: ${
          few(this.#outside)
        }`,
      );
    }
    if (this.#clipped.length > 0) {
      notes.push(
        `Moved ${this.#clipped.length} of ${rows} rows into the space: ${few(this.#clipped)}`,
      );
    }
    if (isCost) notes.push("Costs of SMAC3 are to be minimized (--minimize)");
    return notes;
  }

  #stateOf(place: string, cells: ReadonlyMap<string, unknown>, response: number): TrialState {
    const measured: TrialState = Number.isFinite(response) ? "complete" : "fail";
    const { state: column } = this.#columns;
    if (column === undefined) return cells.get("done") === false ? "running" : measured;
    const state = stateOf(cells.get(column));
    if (state === undefined) {
      this.#refuse(place, column, "a state as complete, failed or running", cells);
    }
    return state === undefined || state === "complete" ? measured : state;
  }

  #refuse(
    place: string,
    column: string,
    requirement: string,
    cells: ReadonlyMap<string, unknown>,
  ): void {
    const cell = cells.get(column);
    const hint = hasDecimalComma(cell) ? "; --decimal , reads decimal commas" : "";
    this.problems.push(`${place}: '${column}' must be ${requirement}: got ${shown(cell)}${hint}`);
  }

  #passOver({ kind, name }: ValueProblem): boolean {
    if (kind === "inactive") this.#inactive.add(name);
    return kind === "inactive";
  }

  /** Whether a value is one that another space may have, rather than none at all. */
  #isOutside({ kind, name }: ValueProblem, values: Readonly<Record<string, unknown>>): boolean {
    if (kind === "outside") return true;
    const { type } = this.#space.hyperparameters[name];
    return kind === "invalid" && (type === "choice" || type === "ordered") &&
      !isMissing(values[name]);
  }

  #hint({ kind, name }: ValueProblem, values: Readonly<Record<string, unknown>>): string {
    if (hasDecimalComma(values[name])) return "; --decimal , reads decimal commas";
    if (this.#options.space === undefined) return "; describe other ranges with --space";
    if (kind === "missing" && !this.#columns.hyperparameters.has(name)) {
      return "; no column is called so";
    }
    return isMissing(values[name])
      ? "; if it is inactive there, the space must say so with 'when'"
      : "";
  }
}

/** The first three, and how many more. */
function few(texts: readonly string[]): string {
  const more = texts.length > 3 ? ` and ${texts.length - 3} more` : "";
  return texts.slice(0, 3).join("; ") + more;
}
