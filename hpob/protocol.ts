/**
 * HPO-B's two evaluation protocols as loops over trials, given the data of one run.
 *
 * @module
 */
import type { Algorithm } from "../core/search/algorithm.ts";
import type { XgboostSurrogate } from "./surrogate.ts";
import type { ResponseRange, Table } from "./_table.ts";

/** What an evaluation tells about each of its trials. */
export interface TrialReport {
  /** Number of the trial, from 1. */
  readonly trial: number;
  /** Best normalized response after it. */
  readonly incumbent: number;
  /** How long the algorithm took for its suggestion, in seconds. */
  readonly seconds: number;
}

/** How a run is carried out. */
export interface RunOptions {
  /** Number of suggestions to evaluate after the initial rows. */
  trials: number;
  /** Called after each trial; what it throws ends the run. */
  onTrial?: ((report: TrialReport) => void) | undefined;
}

/**
 * Continuous protocol: the responses of the initial rows come from the table, all others from the
 * surrogate. The algorithm sees `clip((y - min) / (max - min), 0, 1)`. The run ends early once a
 * response reaches `max`.
 *
 * @returns the incumbents after 0, 1, ..., `trials` trials, and the number of suggestions evaluated.
 */
export async function runContinuous(
  algorithm: Algorithm,
  { table, rows, surrogate, range, trials, onTrial }: RunOptions & {
    table: Table;
    rows: readonly number[];
    surrogate: XgboostSurrogate;
    range: ResponseRange;
  },
): Promise<{ incumbents: number[]; evaluated: number }> {
  const normalize = (y: number) =>
    Math.min(Math.max((y - range.min) / (range.max - range.min), 0), 1);
  const x = rows.map((row) => table.x[row].slice());
  const raw = rows.map((row) => table.y[row]);
  const y = raw.map(normalize);
  const incumbents = [Math.max(...y)];
  let optimumFound = Math.max(...raw) >= range.max;
  for (let trial = 1; trial <= trials && !optimumFound; trial++) {
    const started = performance.now();
    const suggestion = await algorithm.observeAndSuggest([...x], Float64Array.from(y));
    const seconds = (performance.now() - started) / 1000;
    checkPoint(suggestion, surrogate.features, algorithm.name, trial);
    const point = suggestion.slice(); // the algorithm may use its array again
    const response = surrogate.predict([point])[0];
    x.push(point);
    y.push(normalize(response));
    optimumFound = response >= range.max;
    incumbents.push(Math.max(incumbents[trial - 1], y[y.length - 1]));
    onTrial?.({ trial, incumbent: incumbents[trial], seconds });
  }
  const evaluated = incumbents.length - 1;
  return { incumbents: fillWithOptimum(incumbents, trials), evaluated };
}

/**
 * Discrete protocol: the algorithm chooses among the rows of the table that are still pending. It
 * sees `(y - min) / (max - min)`, by the range of the table. The run ends early once the best row is
 * found.
 *
 * @returns the incumbents after 0, 1, ..., `trials` trials.
 */
export async function runDiscrete(
  algorithm: Algorithm,
  { table, rows, range, trials, onTrial }: RunOptions & {
    table: Table;
    rows: readonly number[];
    range: ResponseRange;
  },
): Promise<number[]> {
  const normalized = table.y.map((y) => (y - range.min) / (range.max - range.min));
  const observed = [...rows];
  const x = table.x.map((row) => row.slice()); // the table is shared by runs
  const pending = x.map((_, row) => row).filter((row) => !rows.includes(row));
  const incumbents = [Math.max(...observed.map((row) => normalized[row]))];
  for (let trial = 1; trial <= trials && incumbents[trial - 1] < 1; trial++) {
    const started = performance.now();
    const choice = await algorithm.observeAndSuggest(
      observed.map((row) => x[row]),
      Float64Array.from(observed, (row) => normalized[row]),
      pending.map((row) => x[row]),
    );
    const seconds = (performance.now() - started) / 1000;
    checkChoice(choice, pending.length, algorithm.name, trial);
    const [row] = pending.splice(choice, 1);
    observed.push(row);
    incumbents.push(Math.max(incumbents[trial - 1], normalized[row]));
    onTrial?.({ trial, incumbent: incumbents[trial], seconds });
  }
  return fillWithOptimum(incumbents, trials);
}

function fillWithOptimum(incumbents: number[], trials: number): number[] {
  while (incumbents.length <= trials) incumbents.push(1);
  return incumbents;
}

function checkPoint(point: unknown, dimension: number, name: string, trial: number): void {
  const problem = `Cannot evaluate '${name}' as its suggestion of trial ${trial} must`;
  if (!(point instanceof Float64Array)) {
    throw new TypeError(`${problem} be a Float64Array: got ${describe(point)}`);
  }
  if (point.length !== dimension) {
    throw new TypeError(`${problem} have ${dimension} coordinates: got ${point.length}`);
  }
  const wrong = point.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) {
    throw new RangeError(`${problem} be in [0, 1]: coordinate ${wrong} is ${point[wrong]}`);
  }
}

function checkChoice(choice: unknown, pending: number, name: string, trial: number): void {
  const problem = `Cannot evaluate '${name}' as its suggestion of trial ${trial} must`;
  if (!Number.isInteger(choice)) {
    throw new TypeError(`${problem} be an integer index: got ${describe(choice)}`);
  }
  if ((choice as number) < 0 || (choice as number) >= pending) {
    throw new RangeError(`${problem} be an index in 0..${pending - 1}: got ${choice}`);
  }
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) return value.constructor?.name ?? "an object";
  return String(value);
}
