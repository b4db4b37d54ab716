/**
 * Trials as rows of Optuna's tables: one statement reads them whole, one a table writes their parts.
 *
 * @module
 */
import { parseJson } from "../search/json.ts";
import type {
  AttributeValue,
  IntermediateValue,
  NewTrial,
  ParameterRecord,
  TrialRecord,
  TrialState,
} from "../study/records.ts";
import type { Connection, Dialect, Row, SqlValue } from "./_database.ts";
import { stringifyPython } from "./_python_json.ts";

/**
 * The system attribute that holds a running trial's lease: the second since 1970, by the database's
 * clock, at which it ends. Optuna's own heartbeats are left alone: a worker of Optuna would judge them
 * by a patience that only it knows, and fail trials of ours that beat more slowly.
 */
export const LEASE = "genhpo:lease";

/** Rows of one statement are at most this many, far below what databases allow as parameters. */
const ROWS_AT_ONCE = 500;

/** A part of a trial, which tells apart the rows of {@linkcode selectTrials}. */
const PART = { trial: 0, parameter: 1, value: 2, intermediate: 3, user: 4, system: 5 } as const;

/** The columns of `trials` that are read. */
export const TRIAL_COLUMNS = "trial_id, number, state, datetime_start, datetime_complete";

/**
 * A statement that gives trials with all their parts, a row a part, in any order. Numbers stay numbers
 * (JSON would do for the rest, but not every database writes a double in full).
 *
 * @param selection A SELECT of {@linkcode TRIAL_COLUMNS}.
 */
export function selectTrials(dialect: Dialect, selection: string): string {
  const real = (expression: string) => `CAST(${expression} AS double precision)`;
  const text = (expression: string) => `CAST(${expression} AS text)`;
  // SQLite takes a CROSS JOIN in its order: it looks up the parts of what was chosen.
  const part = (number: number, table: string, columns: string) =>
    `SELECT ${number}, p.trial_id, ${columns}
      FROM chosen c CROSS JOIN ${table} p WHERE p.trial_id = c.trial_id`;
  const nothing = { real: real("NULL"), text: text("NULL") };
  return `
    WITH chosen AS MATERIALIZED (${selection})
    SELECT ${PART.trial} AS part, trial_id, number AS position, ${text("state")} AS name,
      ${real(dialect.secondsOf("datetime_start"))} AS value,
      ${real(dialect.secondsOf("datetime_complete"))} AS finished, ${nothing.text} AS content
      FROM chosen
    UNION ALL ${
    [
      part(
        PART.parameter,
        "trial_params",
        `p.param_id, p.param_name, p.param_value, ${nothing.real}, p.distribution_json`,
      ),
      part(
        PART.value,
        "trial_values",
        `p.objective, ${text("p.value_type")}, p.value, ${nothing.real}, ${nothing.text}`,
      ),
      part(
        PART.intermediate,
        "trial_intermediate_values",
        `p.step, ${text("p.intermediate_value_type")}, p.intermediate_value, ${nothing.real}, ` +
          nothing.text,
      ),
      part(
        PART.user,
        "trial_user_attributes",
        `0, p."key", ${nothing.real}, ${nothing.real}, p.value_json`,
      ),
      part(
        PART.system,
        "trial_system_attributes",
        `0, p."key", ${nothing.real}, ${nothing.real}, p.value_json`,
      ),
    ].join(" UNION ALL ")
  }`;
}

/** A trial of which not all rows have been seen. */
interface Draft {
  trial?: Row;
  readonly parameters: Row[];
  readonly values: Row[];
  readonly intermediateValues: Row[];
  readonly userAttributes: Record<string, AttributeValue>;
  readonly systemAttributes: Record<string, AttributeValue>;
  leasedUntil?: Date;
}

/** The trials of the rows that {@linkcode selectTrials} gives, by number. */
export function trialsOf(rows: readonly Row[]): TrialRecord[] {
  const drafts = new Map<SqlValue, Draft>();
  for (const row of rows) {
    let draft = drafts.get(row.trial_id);
    if (draft === undefined) {
      draft = {
        parameters: [],
        values: [],
        intermediateValues: [],
        userAttributes: {},
        systemAttributes: {},
      };
      drafts.set(row.trial_id, draft);
    }
    addRow(draft, row);
  }
  return [...drafts.values()].map(recordOf).sort((a, b) => a.number - b.number);
}

function addRow(draft: Draft, row: Row): void {
  switch (row.part) {
    case PART.trial:
      draft.trial = row;
      break;
    case PART.parameter:
      draft.parameters.push(row);
      break;
    case PART.value:
      draft.values.push(row);
      break;
    case PART.intermediate:
      draft.intermediateValues.push(row);
      break;
    case PART.user:
      draft.userAttributes[row.name as string] = attributeOf(row.content);
      break;
    case PART.system:
      if (row.name === LEASE) draft.leasedUntil = dateOf(row.content);
      else draft.systemAttributes[row.name as string] = attributeOf(row.content);
      break;
  }
}

function recordOf({ trial, leasedUntil, userAttributes, systemAttributes, ...rows }: Draft) {
  const row = trial!;
  const record: TrialRecord = {
    id: row.trial_id as number,
    number: row.position as number,
    state: (row.name as string).toLowerCase() as TrialState,
    parameters: byPosition(rows.parameters).map(({ name, value, content }) => ({
      name: name as string,
      value: value as number,
      distribution: content as string,
    })),
    values: byPosition(rows.values).map(numberOf),
    intermediateValues: byPosition(rows.intermediateValues).map((row) => ({
      step: row.position as number,
      value: numberOf(row),
    })),
    userAttributes,
    systemAttributes,
    ...(row.value !== null && { startedAt: dateOf(row.value) }),
    ...(row.finished !== null && { finishedAt: dateOf(row.finished) }),
    ...(leasedUntil && row.name === "RUNNING" && { leasedUntil }),
  };
  return record;
}

function byPosition(rows: Row[]): Row[] {
  return rows.sort((a, b) => (a.position as number) - (b.position as number));
}

/** The value of an attribute, of its `value_json`. */
export function attributeOf(text: SqlValue): AttributeValue {
  return parseJson(text as string) as AttributeValue;
}

/** The moment of a number of seconds since 1970. */
function dateOf(seconds: SqlValue): Date {
  return new Date(Math.round(Number(seconds) * 1000));
}

/** Optuna keeps what is not finite as NULL and its kind. */
const KINDS: Readonly<Record<string, number>> = { INF_POS: Infinity, INF_NEG: -Infinity, NAN: NaN };

function numberOf({ name, value }: Row): number {
  return KINDS[name as string] ?? (value as number);
}

function kindOf(value: number): string {
  return Object.keys(KINDS).find((kind) => Object.is(KINDS[kind], value)) ?? "FINITE";
}

/** What stands in tables of its own. */
type TrialParts = Pick<
  NewTrial,
  "parameters" | "values" | "intermediateValues" | "userAttributes" | "systemAttributes"
>;

/** Writes parts of a trial; those that are there already get the new values. */
export async function writeParts(
  connection: Connection,
  trial: number,
  parts: TrialParts,
): Promise<void> {
  await Promise.all([
    upsert(
      connection,
      ["trial_params", "trial_id", "param_name", "param_value", "distribution_json"],
      (parts.parameters ?? []).map((one: ParameterRecord) => [
        trial,
        one.name,
        one.value,
        one.distribution,
      ]),
    ),
    upsert(
      connection,
      ["trial_values", "trial_id", "objective", "value", "value_type"],
      (parts.values ?? []).map((value, objective) => [
        trial,
        objective,
        Number.isFinite(value) ? value : null,
        kindOf(value),
      ]),
    ),
    upsert(
      connection,
      [
        "trial_intermediate_values",
        "trial_id",
        "step",
        "intermediate_value",
        "intermediate_value_type",
      ],
      (parts.intermediateValues ?? []).map(({ step, value }: IntermediateValue) => [
        trial,
        step,
        Number.isFinite(value) ? value : null,
        kindOf(value),
      ]),
    ),
    writeAttributes(connection, "trial", trial, parts),
  ]);
}

/** Writes attributes of a study or a trial; those that are there already get the new values. */
export async function writeAttributes(
  connection: Connection,
  of: "study" | "trial",
  id: number,
  { userAttributes, systemAttributes }: TrialParts,
): Promise<void> {
  const rows = (attributes: TrialParts["userAttributes"] = {}) =>
    Object.entries(attributes).map(([key, value]) => [id, key, stringifyPython(value)]);
  await Promise.all([
    upsert(
      connection,
      [`${of}_user_attributes`, `${of}_id`, `"key"`, "value_json"],
      rows(userAttributes),
    ),
    upsert(
      connection,
      [`${of}_system_attributes`, `${of}_id`, `"key"`, "value_json"],
      rows(systemAttributes),
    ),
  ]);
}

/**
 * Inserts rows, or gives the rows that have their first two columns the others; of equal ones the last
 * counts.
 *
 * @param target The table and its columns.
 */
async function upsert(
  connection: Connection,
  [table, ...columns]: readonly string[],
  given: readonly SqlValue[][],
): Promise<void> {
  const rows = [...new Map(given.map((row) => [row[1], row])).values()];
  const replacements = columns.slice(2).map((column) => `${column} = excluded.${column}`);
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const some = rows.slice(start, start + ROWS_AT_ONCE);
    const places = some.map((row, i) => `(${row.map((_, j) => `$${i * row.length + j + 1}`)})`);
    await connection.query(
      `INSERT INTO ${table} (${columns}) VALUES ${places} ` +
        `ON CONFLICT (${columns.slice(0, 2)}) DO UPDATE SET ${replacements}`,
      some.flat(),
    );
  }
}
