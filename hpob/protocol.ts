/**
 * HPO-B's two evaluation protocols as loops over trials, given the data of one run.
 *
 * @module
 */
import type { Algorithm } from "../core/search/algorithm.ts";
import { describe } from "../core/search/errors.ts";
import { searchTask } from "../core/search/search_loop.ts";
import type { Observed, Task } from "../core/search/task.ts";
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

/** The surrogate of a data set as a black box: its response is `clip((y - min) / (max - min), 0, 1)`. */
export class SurrogateTask implements Task {
  /** d, the number of hyperparameters. */
  readonly dimension: number;
  /** Whether a raw response reached `max`; the clipped one does not tell it apart from rounding. */
  optimumFound = false;
  readonly #surrogate: XgboostSurrogate;
  readonly #range: ResponseRange;

  /** Wraps a surrogate. @param range The range of responses, from `summary-stats.json`. */
  constructor(surrogate: XgboostSurrogate, range: ResponseRange) {
    this.dimension = surrogate.features;
    this.#surrogate = surrogate;
    this.#range = range;
  }

  /** The normalized response at a point. */
  evaluate(point: Float64Array): number {
    return this.#normalize(this.#surrogate.predict([point])[0]);
  }

  /** What an algorithm is shown first: rows of the table with their own responses, normalized alike. */
  start(table: Table, rows: readonly number[]): Observed {
    return {
      points: rows.map((row) => table.x[row].slice()),
      responses: rows.map((row) => this.#normalize(table.y[row])),
    };
  }

  #normalize(response: number): number {
    const { min, max } = this.#range;
    this.optimumFound ||= response >= max;
    return Math.min(Math.max((response - min) / (max - min), 0), 1);
  }
}

/**
 * Continuous protocol: the responses of the initial rows come from the table, all others from the
 * surrogate. The run ends early once a response reaches `max`.
 *
 * @returns the incumbents after 0, 1, ..., `trials` trials, and the number of suggestions evaluated.
 */
export async function runContinuous(
  algorithm: Algorithm,
  { task, start, trials, onTrial }: RunOptions & { task: SurrogateTask; start: Observed },
): Promise<{ incumbents: number[]; evaluated: number }> {
  const incumbents = [Math.max(...Array.from(start.responses))];
  const steps = searchTask(algorithm, task, start);
  while (incumbents.length <= trials && !task.optimumFound) {
    const { response, seconds } = (await steps.next()).value!;
    const trial = incumbents.length;
    incumbents.push(Math.max(incumbents[trial - 1], response));
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
    const choice = await algorithm.observeAndChoose(
      {
        points: observed.map((row) => x[row]),
        responses: Float64Array.from(observed, (row) => normalized[row]),
      },
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

function checkChoice(choice: unknown, pending: number, name: string, trial: number): void {
  const problem = `Cannot evaluate '${name}' as its suggestion of trial ${trial} must`;
  if (!Number.isInteger(choice)) {
    throw new TypeError(`${problem} be an integer index: got ${describe(choice)}`);
  }
  if ((choice as number) < 0 || (choice as number) >= pending) {
    throw new RangeError(`${problem} be an index in 0..${pending - 1}: got ${choice}`);
  }
}
