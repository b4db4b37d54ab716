/**
 * `deno task bench`: runs the HPO-B protocol and compares methods.
 *
 * @module
 */
import { type BackendName, backendNames } from "../core/diffusion/backend.ts";
import { readManifest } from "../hpob/data/cache_manifest.ts";
import { alignResults } from "../hpob/comparison/aligned_results.ts";
import { modes } from "../hpob/handler.ts";
import { type Protocol, type RunResult, writeResults } from "../hpob/comparison/results.ts";
import { type RunIdentity, runKey } from "../hpob/comparison/run.ts";
import { writeAtomically } from "../hpob/files/atomic.ts";
import { planMethods, planRuns, ResultFile } from "./bench/plan.ts";
import { methodSettings } from "./bench/settings.ts";
import type { BenchJob } from "./bench/worker.ts";
import { type BenchmarkSource, openBenchmark } from "./shared/benchmark.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { writeFigures } from "./shared/figures.ts";
import { defaultMethods, type MethodName, methodNames } from "./shared/methods.ts";
import { WorkerPool } from "./shared/pool.ts";
import { Progress } from "./shared/progress.ts";
import { summaryTable } from "./shared/summary.ts";

/** The command line. */
export const command: Command = {
  name: "bench",
  summary:
    "Runs the HPO-B protocol, by default the whole of it on the embedded benchmark hpob-mini.",
  flags: {
    data: {
      value: "DIR",
      description: "Folder in HPO-B's format (default: the embedded hpob-mini)",
    },
    mode: { value: "MODE", description: `HPO-B's mode: ${modes.join(", ")}`, default: "v3-test" },
    space: { value: "ID", description: "Search space, or all (default: the only one)" },
    datasets: { value: "a,b", description: "Data sets (default: all)" },
    seeds: { value: "a,b", description: "Initializations, test0 to test4 (default: all)" },
    methods: {
      value: "a,b",
      description: `Methods among ${methodNames.join(", ")}`,
      default: defaultMethods.join(","),
    },
    trials: { value: "N", description: "Suggestions of every run", default: "50" },
    seed: { value: "N", description: "Key of all randomness", default: "0" },
    workers: { value: "N", description: "Worker threads (default: the number of cores)" },
    protocol: { value: "NAME", description: "continuous or discrete", default: "continuous" },
    backend: {
      value: "NAME",
      description: "Where diffusion computes: wasm, webgpu or cpu",
      default: "wasm",
    },
    aggregation: {
      value: "NAME",
      description: "Over several search spaces: macro (mean of their means) or micro (mean of all)",
      default: "macro",
    },
    out: { value: "DIR", description: "Folder of the results", default: "results" },
  },
  examples: [
    "genhpo bench",
    "genhpo bench --datasets glass --seeds test0,test1 --trials 10 --methods random,diffusion",
    "genhpo bench --data DIR --space 5971 --out results/5971",
  ],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const protocol = flags.choice<Protocol>("protocol", ["continuous", "discrete"]);
  const source: BenchmarkSource = {
    folder: flags.text("data"),
    mode: flags.choice("mode", modes),
  };
  const methods = planMethods(flags);
  const trials = flags.integer("trials", 1, 10_000);
  const experimentSeed = flags.integer("seed", 0);
  const backend = flags.choice("backend", backendNames);
  const workers = flags.text("workers")
    ? flags.integer("workers", 1, 256)
    : navigator.hardwareConcurrency;
  const runs = planRuns(flags, await openBenchmark(source));
  const aggregation = flags.choice("aggregation", ["macro", "micro"]);
  const out = flags.required("out");

  await Deno.mkdir(out, { recursive: true });
  const benchmark = await benchmarkName(source.folder);
  const given = { benchmark, seed: experimentSeed, backend };
  const files = await Promise.all(methods.map(async (method) => {
    const settings = await methodSettings(method, given);
    return await ResultFile.open(out, { method, protocol, trials, settings });
  }));
  const common = { source, trials, protocol, experimentSeed, backend };
  await makeRuns({ methods, files, runs, workers, common });

  const planned = new Set(runs.map(runKey));
  const results = files.map((file) => ({
    ...file.results,
    runs: file.results.runs.filter((run) => planned.has(runKey(run))),
  }));
  const comparison = alignResults(results);
  const table = summaryTable(comparison, results, { aggregation });
  const count = `${comparison.runs.length} runs a method, ${trials} trials, ${protocol} protocol`;
  const text =
    `Benchmark ${benchmark}: ${count}. Normalized regret, lower is better.\n\n${table}\n`;
  await writeAtomically(`${out}/table.md`, text);
  const figures = await writeFigures(`${out}/figures`, comparison, { benchmark, aggregation });
  console.log(`${text}\n${figures.join("\n")}`);
}

/** Makes the runs that the files do not have yet, and writes a method's file after each of its runs. */
async function makeRuns(plan: {
  methods: readonly MethodName[];
  files: readonly ResultFile[];
  runs: readonly RunIdentity[];
  workers: number;
  common: {
    source: BenchmarkSource;
    trials: number;
    protocol: Protocol;
    experimentSeed: number;
    backend: BackendName;
  };
}): Promise<void> {
  const { methods, files, runs, common } = plan;
  const missing = methods.flatMap((method, m) => {
    const counters = new Int32Array(new SharedArrayBuffer(8));
    return runs.filter((run) => !files[m].has(run)).map((run) => ({
      file: files[m],
      job: { ...common, ...run, method, counters } satisfies BenchJob,
    }));
  });
  if (missing.length === 0) return;
  const workers = Math.min(plan.workers, missing.length);
  const pool = new WorkerPool<BenchJob, RunResult>(
    new URL("./bench/worker.ts", import.meta.url),
    workers,
  );
  const counters = new Map(missing.map(({ job }) => [job.method, job.counters]));
  const totals = Map.groupBy(missing, ({ job }) => job.method);
  let finished = 0;
  const trialsDone = (): number => [...counters.values()].reduce((sum, [done]) => sum + done, 0);
  const progress = new Progress(
    missing.length * common.trials,
    () => `${finished} of ${missing.length} runs, ${trialsDone()} trials`,
  );
  /** Methods differ a thousandfold in cost: what is left is estimated for each by its own pace. */
  const secondsLeft = (): number | undefined => {
    let left = 0;
    for (const [method, [done, milliseconds]] of counters) {
      const remaining = totals.get(method)!.length * common.trials - done;
      if (done === 0) return undefined;
      left += (remaining * milliseconds) / done / 1000 / workers;
    }
    return left;
  };
  const timer = setInterval(() => progress.update(trialsDone(), secondsLeft()), 500);
  // Writes of one file must not overlap: each waits for the one before.
  let writing: Promise<void> = Promise.resolve();
  try {
    // Methods in turn rather than one after another, so that the estimate soon knows all of them.
    const inTurn = missing.toSorted((a, b) =>
      totals.get(a.job.method)!.indexOf(a) - totals.get(b.job.method)!.indexOf(b)
    );
    await Promise.all(inTurn.map(async ({ file, job }) => {
      file.add(await pool.run(job));
      finished++;
      writing = writing.then(() => writeResults(file.path, file.results));
      await writing;
    }));
    progress.update(trialsDone());
  } finally {
    clearInterval(timer);
    progress.finish();
    pool.close();
  }
}

/** What results and figures call the benchmark: a cache of the official data is HPO-B. */
async function benchmarkName(folder: string | undefined): Promise<string> {
  if (folder === undefined) return "hpob-mini";
  if (await readManifest(folder) !== undefined) return "HPO-B";
  return folder.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) || folder;
}

if (import.meta.main) await runCommand(command, run);
