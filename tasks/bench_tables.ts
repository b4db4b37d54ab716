/**
 * `deno task bench:tables`: compares methods on tables of noisy measurements, in their own mixed spaces.
 *
 * @module
 */
import { type BackendName, backendNames } from "../core/diffusion/backend.ts";
import { methodSettings } from "./bench/settings.ts";
import { finish } from "./bench_tables/finish.ts";
import { makeMissing } from "./bench_tables/make.ts";
import { readPlan, tableFlags, type TableJob } from "./bench_tables/plan.ts";
import type { TableRun } from "./bench_tables/run.ts";
import type { SeriesSettings } from "./bench_tables/series.ts";
import type { WorkerJob } from "./bench_tables/worker.ts";
import { type Command, type Flags, oneOf, runCommand } from "./shared/cli.ts";
import { methodNames } from "./shared/methods.ts";
import { WorkerPool } from "./shared/pool.ts";

/** Its flags and help. */
export const command: Command = {
  name: "bench:tables",
  summary: "Compares methods on tables of noisy measurements, in their own mixed search spaces.",
  flags: {
    ...tableFlags,
    methods: {
      value: "a,b",
      description: `Methods among ${methodNames.join(", ")}`,
      default: "diffusion,gp,tpe,random",
    },
    workers: { value: "N", description: "Worker threads (default: the number of cores)" },
    backend: {
      value: "NAME",
      description: "Where diffusion computes: wasm, webgpu or cpu",
      default: "wasm",
    },
    out: { value: "DIR", description: "Folder of the results", default: "results/tables" },
  },
  examples: [
    "deno task bench:tables --tables tables --methods gp,diffusion",
    "deno task bench:tables --tables tables --confirm never,auto --keys 0,1,2,3,4",
  ],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const methods = flags.list("methods")!.map((name) => oneOf("--methods", name, methodNames));
  const out = flags.required("out"), backend = flags.choice<BackendName>("backend", backendNames);
  const workers = flags.text("workers")
    ? flags.integer("workers", 1, 256)
    : navigator.hardwareConcurrency;
  const { trials, confirms, jobsOf } = await readPlan(flags);
  const jobs: TableJob[] = [];
  for (const method of methods) {
    for (const confirm of confirms) {
      const settings = await methodSettings(method, { method, confirm, trials, backend });
      jobs.push(...jobsOf(settings as SeriesSettings, out));
    }
  }
  const pool = new WorkerPool<WorkerJob, TableRun[]>(
    new URL("./bench_tables/worker.ts", import.meta.url),
    Math.min(workers, jobs.length),
  );
  try {
    await makeMissing(jobs, (job) => pool.run({ ...job, backend }), pool.size);
  } finally {
    pool.close();
  }
  await finish(out);
}

if (import.meta.main) await runCommand(command, run);
