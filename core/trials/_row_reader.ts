/**
 * From rows of cells to trials.
 *
 * @module
 */
import { shown } from "../search/json.ts";
import type { SearchSpace, ValueProblem } from "../search/search_space.ts";
import { isMissing } from "../search/spelling.ts";
import type { TrialState } from "../study/records.ts";
import { hasDecimalComma, responseOf, stateOf, withDecimalPoint } from "./_cells.ts";
import type { Columns } from "./_columns.ts";
import type { RawRow } from "./_raw_table.ts";
import type { ReadTrialsOptions, TableTrial } from "./table_trial.ts";

/** Reads rows, and remembers what is wrong with them and what was passed over. */
export class RowReader {
  /** What is wrong, with its place. */
  readonly problems: string[] = [];
  /** Rows that were left out as they are outside of the space, with the reason. */
  readonly outside: string[] = [];
  readonly #space: SearchSpace;
  readonly #columns: Columns;
  readonly #options: ReadTrialsOptions;
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
      (isClipped ? this.#clipped : this.outside).push(`${place}: ${kept[0].message}`);
      if (!isClipped) return undefined;
    } else {
      for (const problem of kept) {
        this.problems.push(`${place}: ${problem.message}${this.#hint(problem, values)}`);
      }
    }
    if (this.problems.length > before) return undefined;
    const value = state === "complete" || state === "pruned" ? response! : NaN;
    return { place, configuration: configuration!, state, response: value };
  }

  /** What was passed over, left out or moved. */
  notes(rows: number): string[] {
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
    if (this.outside.length > 0) {
      notes.push(
        `Left out ${this.outside.length} of ${rows} rows outside of the space (--outside clip moves values to the nearest in it): ${
          few(this.outside)
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
