/**
 * `deno task bench`: runs the HPO-B protocol and compares methods.
 *
 * @module
 */
import { backendNames } from "../core/diffusion/backend.ts";
import { readManifest } from "../hpob/data/cache_manifest.ts";
import { alignResults } from "../hpob/comparison/aligned_results.ts";
import { modes } from "../hpob/handler.ts";
import type { Protocol } from "../hpob/comparison/results.ts";
import { runKey } from "../hpob/comparison/run.ts";
import { writeAtomically } from "../hpob/files/atomic.ts";
import { Claims } from "./bench/claims.ts";
import { makeRuns } from "./bench/make_runs.ts";
import { planMethods, planRuns, runFlags } from "./bench/plan.ts";
import { methodSettings } from "./bench/settings.ts";
import { SharedRuns } from "./bench/shared_runs.ts";
import { type BenchmarkSource, openBenchmark } from "./shared/benchmark.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { writeFigures } from "./shared/figures.ts";
import { defaultMethods, methodNames } from "./shared/methods.ts";
import { readModel } from "./shared/read_model.ts";
import { whenStopped } from "./shared/when_stopped.ts";
import { summaryTable } from "./shared/summary.ts";

/** The command line. */
export const command: Command = {
  name: "bench",
  summary:
    "Runs the HPO-B protocol, by default the whole of it on the embedded benchmark hpob-mini.",
  flags: {
    ...runFlags,
    methods: {
      value: "a,b",
      description: `Methods among ${methodNames.join(", ")}`,
      default: defaultMethods.join(","),
    },
    transfer: {
      value: "FILE",
      description:
        "Weights of genhpo train --transfer: compared as diffusion-transfer, a method of its own",
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
    out: {
      value: "DIR",
      description: "Folder of the results, which any number of processes may share",
      default: "results",
    },
    lease: {
      value: "N",
      description: "Seconds without a sign of life after which another process's run is taken over",
      default: "60",
    },
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

  const lease = flags.integer("lease", 1, 86_400);

  await Deno.mkdir(out, { recursive: true });
  const benchmark = await benchmarkName(source.folder);
  const given = { benchmark, seed: experimentSeed, backend };
  using claims = new Claims(lease);
  whenStopped(() => claims[Symbol.dispose]()); // so that nobody waits for its runs
  const shared = await Promise.all(methods.map(async ({ name, method, weights }) => {
    const model = weights === undefined ? undefined : await readModel(weights);
    const settings = await methodSettings(method, given, model);
    return await SharedRuns.open(out, { method: name, protocol, trials, settings }, claims);
  }));
  await makeRuns({
    methods: methods.map((method, m) => ({ ...method, shared: shared[m] })),
    runs,
    workers,
    claims,
    common: { source, trials, protocol, experimentSeed, backend },
  });

  const planned = new Set(runs.map(runKey));
  const results = shared.map(({ results }) => ({
    ...results,
    runs: results.runs.filter((run) => planned.has(runKey(run))),
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

/** What results and figures call the benchmark: a cache of the official data is HPO-B. */
async function benchmarkName(folder: string | undefined): Promise<string> {
  if (folder === undefined) return "hpob-mini";
  if (await readManifest(folder) !== undefined) return "HPO-B";
  return folder.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) || folder;
}

if (import.meta.main) await runCommand(command, run);
