/**
 * `deno task bench:tables`: compares methods on tables of noisy measurements, in their own mixed spaces.
 *
 * @module
 */
import { type BackendName, backendNames } from "../core/diffusion/backend.ts";
import { InputError } from "../core/search/errors.ts";
import { isMissing, readIfExists, writeAtomically } from "../hpob/files/atomic.ts";
import type { TableRun } from "./bench_tables/run.ts";
import { type MethodRuns, tablesSummary } from "./bench_tables/summary.ts";
import {
  type Cell,
  type InitialCells,
  NoisyTable,
  parseInitialCells,
} from "./bench_tables/table.ts";
import type { TableJob } from "./bench_tables/worker.ts";
import { type Command, type Flags, oneOf, runCommand, UsageError } from "./shared/cli.ts";
import { confirmFlag, readConfirm } from "./shared/confirm_flag.ts";
import { type MethodName, methodNames } from "./shared/methods.ts";
import { WorkerPool } from "./shared/pool.ts";
import { Progress } from "./shared/progress.ts";

/** Its flags and help. */
export const command: Command = {
  name: "bench:tables",
  summary: "Compares methods on tables of noisy measurements, in their own mixed search spaces.",
  flags: {
    tables: {
      value: "DIR",
      description: "Folder of the tables and inits.json (benches/export_tables.py writes one)",
      default: "tables",
    },
    only: { value: "a,b", description: "Names of tables (default: all of inits.json)" },
    runs: { value: "a,b", description: "Names of runs (default: all of inits.json)" },
    methods: {
      value: "a,b",
      description: `Methods among ${methodNames.join(", ")}; others are compared with the first`,
      default: "gp,random,diffusion",
    },
    trials: { value: "N", description: "Suggestions of every run", default: "50" },
    confirm: confirmFlag,
    seed: { value: "N", description: "Key of all randomness", default: "0" },
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
    "deno task bench:tables --tables tables --confirm auto --out results/confirmed",
  ],
};

/** A run of a method that is to be made or was made. */
interface Planned {
  /** Where its result stands. */
  file: string;
  job: TableJob;
}

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const folder = flags.required("tables"), out = flags.required("out");
  const methods = flags.list("methods")!.map((name) => oneOf("--methods", name, methodNames));
  const settings = {
    trials: flags.integer("trials", 1, 10_000),
    confirm: readConfirm(flags),
    experimentSeed: flags.integer("seed", 0),
    backend: flags.choice<BackendName>("backend", backendNames),
  };
  const workers = flags.text("workers")
    ? flags.integer("workers", 1, 256)
    : navigator.hardwareConcurrency;
  const initial = parseInitialCells(
    await readText(`${folder}/inits.json`),
    `${folder}/inits.json`,
  );
  const names = flags.list("only")?.map((name) => oneOf("--only", name, [...initial.keys()])) ??
    [...initial.keys()];
  const tables = new Map<string, NoisyTable>();
  for (const name of names) tables.set(name, await readTable(folder, name, initial));

  await checkSettings(out, settings);
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const chosen = flags.list("runs");
  const planned = methods.map((method) => ({
    method,
    runs: names.flatMap((table) =>
      [...initial.get(table)!].filter(([run]) => chosen?.includes(run) ?? true).map((
        [run, cells],
      ): Planned => ({
        file: `${out}/${method}/${table}-${run}.json`,
        job: {
          ...settings,
          path: `${folder}/${table}.json`,
          method,
          table,
          run,
          initial: cells,
          counter,
        },
      }))
    ),
  }));
  if (planned[0].runs.length === 0) {
    throw new UsageError(`Unknown value for --runs: got "${flags.text("runs")}"`);
  }
  await makeMissing(planned.flatMap(({ runs }) => runs), settings.trials, workers);
  const made: MethodRuns[] = [];
  for (const { method, runs } of planned) made.push(await readRuns(method, runs, tables));
  const count = `${planned[0].runs.length} runs a method, ${settings.trials} trials`;
  const text = `Tables of ${folder}: ${count}. Regret by true means, lower is better.\n\n` +
    `${tablesSummary(made)}\n`;
  await writeAtomically(`${out}/table.md`, text);
  console.log(text);
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InputError(`Cannot read ${path} as the file must exist`);
  }
}

/** @throws {InputError} when the table is not valid, or a run begins with a cell that it does not have. */
async function readTable(
  folder: string,
  name: string,
  initial: InitialCells,
): Promise<NoisyTable> {
  const path = `${folder}/${name}.json`;
  const table = NoisyTable.parse(await readText(path), path);
  for (const [run, cells] of initial.get(name)!) {
    const missing = cells.find((cell: Cell) => !table.has(cell));
    if (missing === undefined) continue;
    throw new InputError(
      `Cannot run ${name} as the first cells of ${run} must be in the table: got ${missing}`,
    );
  }
  return table;
}

/** Refuses to go on with results of other settings. */
async function checkSettings(out: string, settings: Record<string, unknown>): Promise<void> {
  const path = `${out}/settings.json`, text = JSON.stringify(settings);
  const bytes = await readIfExists(path);
  if (bytes === undefined) {
    await Deno.mkdir(out, { recursive: true });
    return await writeAtomically(path, text);
  }
  const earlier = new TextDecoder().decode(bytes);
  if (earlier === text) return;
  throw new InputError(
    `Cannot continue ${out} as the settings must be ${earlier} as before: got ${text}; choose another --out`,
  );
}

/** Makes the runs that have no file yet, and writes a file for each as soon as it is made. */
async function makeMissing(
  planned: readonly Planned[],
  trials: number,
  workers: number,
): Promise<void> {
  const missing: Planned[] = [];
  for (const one of planned) if (await readIfExists(one.file) === undefined) missing.push(one);
  if (missing.length === 0) return;
  for (const folder of new Set(missing.map(({ file }) => file.slice(0, file.lastIndexOf("/"))))) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const pool = new WorkerPool<TableJob, TableRun>(
    new URL("./bench_tables/worker.ts", import.meta.url),
    Math.min(workers, missing.length),
  );
  let finished = 0;
  const { counter } = missing[0].job;
  const progress = new Progress(
    missing.length * trials,
    (done) => `${finished} of ${missing.length} runs, ${done} trials`,
  );
  const timer = setInterval(() => progress.update(counter[0]), 500);
  try {
    await Promise.all(missing.map(async ({ file, job }) => {
      await writeAtomically(file, JSON.stringify(await pool.run(job)));
      finished++;
    }));
    progress.update(counter[0]);
  } finally {
    clearInterval(timer);
    progress.finish();
    pool.close();
  }
}

async function readRuns(
  method: MethodName,
  runs: readonly Planned[],
  tables: ReadonlyMap<string, NoisyTable>,
): Promise<MethodRuns> {
  const read = runs.map(async ({ file, job }) => ({
    table: tables.get(job.table)!,
    run: job.run,
    made: JSON.parse(await Deno.readTextFile(file)) as TableRun,
  }));
  return { method, runs: await Promise.all(read) };
}

if (import.meta.main) await runCommand(command, run);
