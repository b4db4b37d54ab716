/**
 * Makes runs in worker threads, in one process among any number of processes that share a folder.
 *
 * @module
 */
import type { BackendName } from "../../core/diffusion/backend.ts";
import type { Protocol, RunResult } from "../../hpob/comparison/results.ts";
import type { RunIdentity } from "../../hpob/comparison/run.ts";
import type { BenchmarkSource } from "../shared/benchmark.ts";
import { WorkerPool } from "../shared/pool.ts";
import { BenchProgress } from "./bench_progress.ts";
import type { Claims } from "./claims.ts";
import type { PlannedMethod } from "./plan.ts";
import { type MissingRun, RunQueue } from "./run_queue.ts";
import type { SharedRuns } from "./shared_runs.ts";
import type { BenchJob } from "./worker.ts";

/** What is to be done. */
export interface BenchPlan {
  /** The methods with their runs, those that are finished included. */
  methods: readonly (PlannedMethod & { shared: SharedRuns })[];
  /** The runs that every method should have. */
  runs: readonly RunIdentity[];
  /** Number of worker threads. */
  workers: number;
  /** The claims of this process. */
  claims: Claims;
  /** What all jobs have in common. */
  common: {
    source: BenchmarkSource;
    trials: number;
    protocol: Protocol;
    experimentSeed: number;
    backend: BackendName;
  };
}

/**
 * Makes the runs that are not there yet and that no other process makes, and waits for those of other
 * processes, or takes them over when these die. Ends when every run is in its method's result file.
 */
export async function makeRuns(plan: BenchPlan): Promise<void> {
  const missing = missingRuns(plan);
  const queue = new RunQueue(plan.methods.map(({ shared }) => shared), missing, plan.claims);
  if (missing.length > 0) {
    const workers = Math.min(plan.workers, missing.length);
    const pool = new WorkerPool<BenchJob, RunResult>(
      new URL("./worker.ts", import.meta.url),
      workers,
    );
    const progress = new BenchProgress(missing, plan.common.trials, workers);
    const work = async (): Promise<void> => {
      for (let run = await queue.next(); run !== undefined; run = await queue.next()) {
        await queue.record(run, await pool.run(run.job));
        progress.update();
      }
    };
    try {
      await Promise.all(Array.from({ length: workers }, work));
    } finally {
      progress.finish();
      pool.close();
    }
  }
  await queue.finish();
}

/** Methods in turn rather than one after another, so that the time that is left is soon known. */
function missingRuns({ methods, runs, common }: BenchPlan): MissingRun<BenchJob>[] {
  const byMethod = methods.map(({ method, weights, shared }) => {
    const counters = new Int32Array(new SharedArrayBuffer(8));
    return runs.filter((run) => !shared.has(run))
      .map((run) => ({ shared, job: { ...common, ...run, method, weights, counters } }));
  });
  const most = Math.max(0, ...byMethod.map((ofMethod) => ofMethod.length));
  return Array.from({ length: most }, (_, i) => byMethod.flatMap((ofMethod) => ofMethod[i] ?? []))
    .flat();
}
