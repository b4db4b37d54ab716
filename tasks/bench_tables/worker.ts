/**
 * Worker of `deno task bench:tables`: the runs of one method on one table, side by side.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import { LockstepHost } from "../../core/diffusion/lockstep.ts";
import { deriveSeed } from "../../core/search/random.ts";
import { type MethodName, methods } from "../shared/methods.ts";
import { serveJobs } from "../shared/pool.ts";
import type { TableJob } from "./plan.ts";
import { runOnTable, type TableRun } from "./run.ts";
import { NoisyTable } from "./table.ts";

/** What the worker is handed. */
export interface WorkerJob extends TableJob {
  readonly backend: BackendName;
}

/** One host for all jobs: the searches of a job ask their network at the same moment. */
const hosts = new Map<BackendName, LockstepHost>();

async function run(job: WorkerJob): Promise<TableRun[]> {
  const { path, settings: { method, trials, confirm }, backend } = job;
  const table = NoisyTable.parse(await Deno.readTextFile(path), path);
  const host = hosts.get(backend) ?? new LockstepHost(backend);
  hosts.set(backend, host);
  const make = methods[method as MethodName];
  return await Promise.all(job.runs.map(({ run, key, initial }) => {
    const algorithm = make({ seed: deriveSeed(key, table.name, run), backend, host });
    return runOnTable(table, algorithm, { run, key, initial, trials, confirm });
  }));
}

serveJobs(run);
