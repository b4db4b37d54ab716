/**
 * One run of one method on a table.
 *
 * @module
 */
import type { Algorithm } from "../../core/search/algorithm.ts";
import { type Confirm, pointToConfirm } from "../../core/search/confirmation.ts";
import type { Estimator } from "../../core/search/estimator.ts";
import type { Cell, NoisyTable } from "./table.ts";

/** What a run is given. */
export interface TableRunOptions {
  /** Its name, which decides which measurements it sees. */
  run: string;
  /** The cells that it begins with. */
  initial: readonly Cell[];
  /** Suggestions after them. */
  trials: number;
  /** When leaders are measured again. */
  confirm: Confirm;
  /** Who says what to deploy. */
  estimator: Estimator;
  /** Is called after each trial with the seconds that its suggestion took. */
  onTrial?: (seconds: number) => void;
}

/** What it did, the initial cells first. */
export interface TableRun {
  /** The cells that were evaluated. */
  cell: Cell[];
  /** What was measured. */
  observed: number[];
  /** Indices of the evaluations that measured a leader again. */
  confirms: number[];
  /** The cell to deploy. */
  recommended: Cell;
  /** Mean seconds of a suggestion. */
  secondsPerSuggestion: number;
}

/** Makes a run: evaluates the initial cells, then what is suggested, then recommends. */
export async function runOnTable(
  table: NoisyTable,
  algorithm: Algorithm,
  options: TableRunOptions,
): Promise<TableRun> {
  const { run, initial, trials, confirm, estimator, onTrial } = options;
  const { coordinates } = table.space;
  const cells = [...initial], confirms: number[] = [];
  const responses = cells.map((cell, trial) => table.measure(cell, run, trial));
  const observed = () => ({ points: cells.map((cell) => table.pointOf(cell)), responses });
  const total = initial.length + trials;
  let seconds = 0;
  while (cells.length < total) {
    const started = performance.now();
    const again = await pointToConfirm(observed(), {
      confirm,
      estimator,
      coordinates,
      trials: total,
    });
    if (again !== undefined) confirms.push(cells.length);
    const point = again ?? await algorithm.observeAndSuggest(observed(), { coordinates });
    const took = (performance.now() - started) / 1000;
    const cell = table.cellOf(point);
    responses.push(table.measure(cell, run, cells.length));
    cells.push(cell);
    seconds += took;
    onTrial?.(took);
  }
  const estimates = await estimator(observed(), { coordinates });
  return {
    cell: cells,
    observed: responses,
    confirms,
    recommended: estimates === undefined ? cells[0] : table.cellOf(estimates.recommended.point),
    secondsPerSuggestion: Number((seconds / Math.max(1, trials)).toPrecision(3)),
  };
}
