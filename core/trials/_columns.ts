/**
 * Which column of a table is what.
 *
 * @module
 */
import { didYouMean } from "../search/errors.ts";
import type { SearchSpace } from "../search/search_space.ts";
import { stateOf } from "./_cells.ts";
import { problemsError, type RawTable, tableError } from "./_raw_table.ts";

/** Columns by their meaning. */
export interface Columns {
  /** The column of each hyperparameter that has one. */
  readonly hyperparameters: ReadonlyMap<string, string>;
  /** The column of the response. */
  readonly response: string;
  /** The column that says whether a trial finished, failed or still runs. */
  readonly state: string | undefined;
  /** Whether results are SMAC3's, which are costs. */
  readonly isCost: boolean;
  /** All further columns. */
  readonly others: readonly string[];
}

/** What programs put before the names of hyperparameters: Optuna, MLflow, W&B and Ray, scikit-learn. */
const prefixes = ["params_", "params.", "config.", "param_"];
/** What programs put before the names of results. */
const resultPrefixes = ["metrics.", "summary."];

/**
 * Finds the columns of a table.
 *
 * @throws {InputError} when the response has none, or a hyperparameter has two.
 */
export function findColumns(
  table: RawTable,
  { space, response: wanted }: { space?: SearchSpace | undefined; response?: string | undefined },
): Columns {
  const { columns } = table;
  const isCost = columns.includes("config_id") && columns.includes("cost");
  const response = findResponse(columns, wanted, isCost);
  const names = space?.names ?? [];
  const state = columns.find((column) =>
    column !== response && !names.includes(column) && holdsStates(table, column)
  );
  const hyperparameters = space === undefined
    ? coordinateColumns(columns.filter((column) => column !== response && column !== state))
    : namedColumns(columns.filter((column) => column !== response), space);
  const used = new Set([response, state, ...hyperparameters.values()]);
  const others = columns.filter((column) => !used.has(column));
  return { hyperparameters, response, state, isCost, others };
}

function findResponse(
  columns: readonly string[],
  wanted: string | undefined,
  isCost: boolean,
): string {
  const isOptuna = ["number", "value", "state"].every((column) => columns.includes(column));
  const known = isOptuna ? ["y", "value"] : isCost ? ["y", "cost"] : ["y"];
  const candidates = wanted === undefined
    ? known
    : [wanted, ...resultPrefixes.map((prefix) => prefix + wanted)];
  const found = candidates.find((name) => columns.some((column) => plain(column) === plain(name)));
  const column = columns.find((column) => found !== undefined && plain(column) === plain(found));
  if (column !== undefined) return column;
  throw tableError(
    `the response '${wanted ?? "y"}' must be a column`,
    columns.join(", ") +
      ((wanted && didYouMean(wanted, columns)) || "; name another column with --response"),
  );
}

/** Whether a column says of each row whether it finished, failed or runs. */
function holdsStates({ rows }: RawTable, column: string): boolean {
  if (!/^(state|status|status\.__enum__)$/i.test(column)) return false;
  return rows.some(({ cells }) => stateOf(cells.get(column)) !== undefined);
}

/** Without a space all columns are coordinates, or those with a prefix if there are such. */
function coordinateColumns(columns: readonly string[]): Map<string, string> {
  const marked = columns.flatMap((column) => {
    const prefix = prefixes.find((one) => plain(column).startsWith(one));
    return prefix === undefined ? [] : [[column.slice(prefix.length), column] as const];
  });
  return new Map(marked.length > 0 ? marked : columns.map((column) => [column, column]));
}

function namedColumns(columns: readonly string[], space: SearchSpace): Map<string, string> {
  const byPlainName = Map.groupBy(columns, plain);
  const problems: string[] = [];
  const found = new Map<string, string>();
  for (const name of space.names) {
    const all = ["", ...prefixes].flatMap((prefix) => byPlainName.get(plain(prefix + name)) ?? []);
    const exact = all.filter((column) => column === name);
    // A name with its prefix in the space itself (`params_lr`) is that column alone.
    const candidates = exact.length === 1 && prefixes.some((one) => name.startsWith(one))
      ? exact
      : all;
    if (candidates.length > 1) {
      problems.push(`Hyperparameter '${name}' must have one column: got ${candidates.join(", ")}`);
    } else if (candidates.length === 1) found.set(name, candidates[0]);
    else if (!space.isOptional(name)) {
      problems.push(
        `Hyperparameter '${name}' must have a column: got ${columns.join(", ")}` +
          didYouMean(name, columns),
      );
    }
  }
  if (problems.length > 0) throw problemsError(problems);
  return found;
}

/** Ray writes `config/lr` in one file and nests it in another: all the same. */
function plain(column: string): string {
  return column.replaceAll("/", ".");
}
