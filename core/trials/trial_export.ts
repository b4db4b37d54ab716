/**
 * Trials for files, in the layouts of Optuna: that of `trials_dataframe` as CSV, that of `optuna trials -f json`.
 *
 * @module
 */
import { csvFormatRows } from "d3-dsv";
import { fromOptunaParameters } from "../search/formats/optuna.ts";
import type { Hyperparameter, Value } from "../search/hyperparameter.ts";
import type { AttributeValue, TrialRecord } from "../study/records.ts";
import { CONFIRMS } from "../study/trial_summary.ts";

/** A trial by the names of its fields. */
interface Row {
  readonly number: number;
  readonly values: readonly number[];
  readonly datetime_start: string | null;
  readonly datetime_complete: string | null;
  readonly params: Readonly<Record<string, Value>>;
  readonly user_attrs: Readonly<Record<string, AttributeValue>>;
  readonly state: string;
  /** Of a trial that measured a leader again, the number of the first trial of its configuration. */
  readonly confirms?: number;
}

/** The trials as CSV with a header; {@linkcode readTrials} reads it. */
export function trialsToCsv(trials: readonly TrialRecord[]): string {
  const rows = rowsOf(trials);
  const names = namesOf(rows.map(({ params }) => params));
  const notes = namesOf(rows.map(({ user_attrs }) => user_attrs));
  const confirms = rows.some((row) => row.confirms !== undefined) ? ["confirms"] : [];
  const objectives = Math.max(1, ...rows.map(({ values }) => values.length));
  const header = [
    "number",
    ...(objectives === 1 ? ["value"] : Array.from({ length: objectives }, (_, i) => `values_${i}`)),
    ...["datetime_start", "datetime_complete"],
    ...names.map((name) => `params_${name}`),
    ...notes.map((name) => `user_attrs_${name}`),
    "state",
    ...confirms,
  ];
  const body = rows.map((row) => [
    row.number,
    ...Array.from({ length: objectives }, (_, i) => row.values[i]),
    ...[row.datetime_start, row.datetime_complete],
    ...names.map((name) => ownOf(row.params, name)),
    ...notes.map((name) => ownOf(row.user_attrs, name)),
    row.state,
    ...confirms.map(() => row.confirms),
  ]);
  return csvFormatRows([header, ...body.map((cells) => cells.map(cellOf))]) + "\n";
}

/** The trials as a JSON list of objects; {@linkcode readTrials} reads it. */
export function trialsToJson(trials: readonly TrialRecord[]): string {
  const rows = rowsOf(trials).map(({ number, values, ...rest }) => ({
    number,
    ...(values.length > 1 ? { values } : { value: values[0] ?? null }),
    ...rest,
  }));
  return JSON.stringify(rows, (_, value) => isInfinite(value) ? String(value) : value, 2) + "\n";
}

function rowsOf(trials: readonly TrialRecord[]): Row[] {
  const known = new Map<string, Hyperparameter>();
  const confirmsOf = ({ systemAttributes: { [CONFIRMS]: confirms } }: TrialRecord) =>
    typeof confirms === "number" ? { confirms } : {};
  return trials.map((trial) => ({
    number: trial.number,
    values: trial.values,
    datetime_start: trial.startedAt?.toISOString() ?? null,
    datetime_complete: trial.finishedAt?.toISOString() ?? null,
    params: fromOptunaParameters(trial.parameters, known),
    user_attrs: trial.userAttributes,
    state: trial.state.toUpperCase(),
    ...confirmsOf(trial),
  }));
}

function namesOf(records: readonly object[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

function ownOf(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isInfinite(value: unknown): boolean {
  return value === Infinity || value === -Infinity;
}
