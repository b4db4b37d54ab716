/**
 * A table as it stands in a file: named columns, and rows of cells that nobody has made sense of yet.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";

/** One row of a file. */
export interface RawRow {
  /** Where it stands: `Row 3`. */
  readonly place: string;
  /** Cells by the name of their column; a cell may be missing in JSON. */
  readonly cells: ReadonlyMap<string, unknown>;
}

/** A table of a file. */
export interface RawTable {
  /** What the file is: text with separators, or JSON. */
  readonly format: "csv" | "json";
  /** Names of the columns, all different, in the order of the file. */
  readonly columns: readonly string[];
  /** Its rows, without blank lines. */
  readonly rows: readonly RawRow[];
}

/** At most so many problems of a file are listed. */
const mostShown = 10;

/** An error about a file as a whole. */
export function tableError(requirement: string, given: string): InputError {
  return new InputError(`Cannot read the trials as ${requirement}: got ${given}`);
}

/** One error of all problems of a file, of which the first ten are listed. */
export function problemsError(problems: readonly string[]): InputError {
  const rest = problems.length - mostShown;
  const shownOnes = [
    ...problems.slice(0, mostShown),
    ...(rest > 0 ? [`and ${rest} further problems`] : []),
  ];
  return problems.length === 1
    ? new InputError(`Cannot read the trials: ${problems[0]}`)
    : new InputError(`Cannot read the trials:\n  ${shownOnes.join("\n  ")}`);
}

/**
 * Checks the names of columns.
 *
 * @throws {InputError} for names that are missing or repeated, and for the index of a data frame.
 */
export function checkColumns(columns: readonly string[]): void {
  const problems: string[] = [];
  columns.forEach((name, i) => {
    if (name === "" || /^Unnamed: \d+$/.test(name)) {
      const remedy = name === "" && i > 0 && i === columns.length - 1
        ? "no separator must end the lines"
        : "an index that pandas wrote is left out by to_csv(..., index=False)";
      problems.push(`Column ${i + 1} must have a name: got "${name}"; ${remedy}`);
    } else if (columns.indexOf(name) < i) {
      const first = columns.indexOf(name) + 1;
      problems.push(
        `Column ${i + 1} must have a name of its own: got "${name}" as in column ${first}`,
      );
    }
  });
  if (problems.length > 0) throw problemsError(problems);
}
