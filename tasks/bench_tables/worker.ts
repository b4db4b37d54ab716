/**
 * Worker of `deno task bench:tables`: one run of one method on one table.
 *
 * @module
 */
import { recommend } from "../../baselines/recommend.ts";
import type { BackendName } from "../../core/diffusion/backend.ts";
import type { Confirm } from "../../core/search/confirmation.ts";
import { deriveSeed } from "../../core/search/random.ts";
import { type MethodName, methods } from "../shared/methods.ts";
import { serveJobs } from "../shared/pool.ts";
import { runOnTable, type TableRun } from "./run.ts";
import { type Cell, NoisyTable } from "./table.ts";

/** One run. */
export interface TableJob {
  /** Path of the table. */
  path: string;
  method: MethodName;
  /** Name of the table. */
  table: string;
  /** Name of the run. */
  run: string;
  /** The cells that it begins with. */
  initial: readonly Cell[];
  trials: number;
  confirm: Confirm;
  /** The experiment's seed, of which the run's own is derived. */
  experimentSeed: number;
  backend: BackendName;
  /** Shared counter of the trials that are done. */
  counter: Int32Array;
}

const tables = new Map<string, NoisyTable>();

async function run(job: TableJob): Promise<TableRun> {
  const { path, method, table: name, run, initial, trials, confirm, backend, counter } = job;
  const table = tables.get(path) ?? NoisyTable.parse(await Deno.readTextFile(path), path);
  tables.set(path, table);
  const algorithm = methods[method]({ seed: deriveSeed(job.experimentSeed, name, run), backend });
  return await runOnTable(table, algorithm, {
    run,
    initial,
    trials,
    confirm,
    estimator: recommend,
    onTrial: () => void Atomics.add(counter, 0, 1),
  });
}

serveJobs(run);
