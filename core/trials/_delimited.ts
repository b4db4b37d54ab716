/**
 * Text with separators: comma, semicolon or tab, with a header.
 *
 * @module
 */
import { dsvFormat } from "d3-dsv";
import { shown } from "../search/json.ts";
import { checkColumns, problemsError, type RawTable, tableError } from "./_raw_table.ts";

const commaHint =
  "; texts with a comma need quotes, and numbers with a decimal comma another separator";
const rowNamesHint = "; R leaves out row names by row.names = FALSE";

/**
 * Reads text with separators. The header tells which: a tab, else a semicolon, else a comma.
 *
 * @throws {InputError} naming row and column for what is not regular.
 */
export function readDelimited(text: string): RawTable {
  const { separator, body } = separatorOf(text);
  const lines = (dsvFormat(separator).parseRows(body) as string[][])
    .map((cells) => cells.map(cleaned))
    .filter((cells) => cells.some((cell) => cell !== ""));
  if (lines.length === 0) throw tableError("the file must have a header", "nothing");
  const [columns, ...rest] = lines;
  if (columns.length === 1 && /[\s|:]/.test(columns[0])) {
    throw tableError("columns must be separated by commas, semicolons or tabs", shown(columns[0]));
  }
  checkColumns(columns);
  const isLongerByOne = rest.every((cells) => cells.length === columns.length + 1);
  const problems = rest.flatMap((cells, i) =>
    cells.length === columns.length ? [] : [
      `Row ${i + 1} must have ${columns.length} cells as the header has: got ${cells.length}` +
      (cells.length > columns.length && separator === "," ? commaHint : "") +
      (isLongerByOne ? rowNamesHint : ""),
    ]
  );
  if (problems.length > 0) throw problemsError(problems);
  const rows = rest.map((cells, i) => ({
    place: `Row ${i + 1}`,
    cells: new Map(columns.map((name, j) => [name, cells[j]])),
  }));
  return { format: "csv", columns, rows };
}

function separatorOf(text: string): { separator: string; body: string } {
  // Excel's own way to name the separator.
  const named = /^sep=(.)\r?\n/.exec(text);
  if (named !== null) return { separator: named[1], body: text.slice(named[0].length) };
  const header = (/^.*\S.*$/m.exec(text)?.[0] ?? "").replace(/"[^"]*"/g, "");
  const separator = ["\t", ";"].find((one) => header.includes(one)) ?? ",";
  return { separator, body: text };
}

/** Without spaces around it, and without quotes that stood behind a space. */
function cleaned(cell: string): string {
  const text = cell.trim();
  return /^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
