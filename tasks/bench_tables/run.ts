/**
 * One run of one method on a table: a study in memory, as a person's own.
 *
 * @module
 */
import { recommend } from "../../baselines/recommend.ts";
import type { Algorithm } from "../../core/search/algorithm.ts";
import type { Confirm } from "../../core/search/confirmation.ts";
import { Study } from "../../core/study/study.ts";
import type { Cell, NoisyTable } from "./table.ts";

/** What a run is given. */
export interface TableRunOptions {
  /** Its name, which with the key decides which measurements it sees. */
  readonly run: string;
  /** The key of all randomness. */
  readonly key: number;
  /** The cells that it begins with, all different. */
  readonly initial: readonly Cell[];
  /** Trials after them. */
  readonly trials: number;
  /** When leaders are measured again. */
  readonly confirm: Confirm;
  /** Whether the algorithm may try a cell twice: other packages' optimizers do as they like. @default {false} */
  readonly repeats?: boolean;
  /** Is called after each trial. */
  readonly onTrial?: () => void;
}

/** What it did; evaluations are counted from 0, the initial cells first. */
export interface TableRun {
  readonly run: string;
  readonly key: number;
  /** Regret of each evaluated cell by its mean, null for one that was not measured, [initial + trials]. */
  readonly regrets: readonly (number | null)[];
  /** The first evaluation of the cell to deploy, after 0, 1, ..., trials trials. */
  readonly recommended: readonly number[];
  /** The evaluation with the best measurement, after 0, 1, ..., trials trials. */
  readonly measured: readonly number[];
  /** The evaluations that measured a leader again. */
  readonly confirms: readonly number[];
  /** Trials on cells that were evaluated before, those on purpose left out. */
  readonly repeats: number;
}

/**
 * Makes a run. What to deploy is said by the algorithm's own estimates, where it has some, otherwise by the Gaussian
 * process of `recommend`.
 */
export async function runOnTable(
  table: NoisyTable,
  algorithm: Algorithm,
  options: TableRunOptions,
): Promise<TableRun> {
  const { run, key, initial, trials, confirm, repeats = false, onTrial } = options;
  await using study = await Study.open({
    space: table.space,
    algorithm,
    seed: key,
    confirm,
    repeats,
    ...(algorithm.estimate === undefined && { estimator: recommend }),
  });
  const cells: Cell[] = [], recommended: number[] = [], measured: number[] = [];
  const measure = (cell: Cell): number => {
    cells.push(cell);
    return table.measure(cell, { run, key, trial: cells.length - 1 });
  };
  const look = async (): Promise<void> => {
    recommended.push((await study.recommend())?.trials[0] ?? 0);
    measured.push((await study.best())?.number ?? 0);
  };
  await study.addTrials(
    initial.map((cell) => ({ configuration: table.configurationOf(cell), value: measure(cell) })),
  );
  await look();
  await study.optimize(({ configuration }) => measure(table.cellOf(configuration)), {
    trials: initial.length + trials,
    callbacks: [look, () => onTrial?.()],
  });
  const confirms = (await study.trials())
    .filter(({ confirms }) => confirms !== undefined).map(({ number }) => number);
  return {
    run,
    key,
    regrets: cells.map((cell) => {
      const regret = table.regret(cell);
      return regret < Infinity ? Number(regret.toPrecision(5)) : null;
    }),
    recommended,
    measured,
    confirms,
    repeats: cells.length - new Set(cells).size - confirms.length,
  };
}
