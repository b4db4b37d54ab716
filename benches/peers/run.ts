/**
 * `deno task bench:peers`: runs the optimizers of other packages by the protocol of `bench`.
 *
 * @module
 */
import { deriveSeed } from "../../core/search/random.ts";
import { alignResults } from "../../hpob/comparison/aligned_results.ts";
import type { RunResult } from "../../hpob/comparison/results.ts";
import { type HpobHandler, modes } from "../../hpob/handler.ts";
import type { RunIdentity } from "../../hpob/comparison/run.ts";
import { Claims } from "../../tasks/bench/claims.ts";
import { planRuns, runFlags } from "../../tasks/bench/plan.ts";
import { RunQueue } from "../../tasks/bench/run_queue.ts";
import { SharedRuns } from "../../tasks/bench/shared_runs.ts";
import { writeAtomically } from "../../hpob/files/atomic.ts";
import { openBenchmark } from "../../tasks/shared/benchmark.ts";
import { type Command, oneOf, runCommand } from "../../tasks/shared/cli.ts";
import { Progress } from "../../tasks/shared/progress.ts";
import { summaryTable } from "../../tasks/shared/summary.ts";
import { whenStopped } from "../../tasks/shared/when_stopped.ts";
import { installedPackages, interpreter, setUp } from "./environment.ts";
import { packageOf, peerNames, PeerProcess } from "./_peer_process.ts";

const command: Command = {
  name: "bench:peers",
  summary: "Runs optimizers of Python packages by the continuous protocol of deno task bench.",
  flags: {
    setup: { description: "Make the environment with the packages first (several GB)" },
    ...runFlags,
    methods: { value: "a,b", description: "Peers", default: peerNames.join(",") },
    trials: { value: "N", description: "Suggestions of every run", default: "50" },
    seed: { value: "N", description: "Key of all randomness", default: "0" },
    workers: { value: "N", description: "Processes at once, of one thread each", default: "1" },
    out: { value: "DIR", description: "Folder of the results", default: "results/peers" },
  },
  examples: [
    "deno task bench:peers --setup",
    "deno task bench:peers --methods optuna-tpe,cmaes --seed 1 --out results/peers/1",
  ],
};

await runCommand(command, async (flags) => {
  if (flags.on("setup")) return await setUp();
  const methods = flags.list("methods")!.map((name) => oneOf("--methods", name, peerNames));
  const trials = flags.integer("trials", 1, 10_000);
  const seed = flags.integer("seed", 0);
  const out = flags.required("out");
  const folder = flags.text("data");
  const handler = await openBenchmark({ folder, mode: flags.choice("mode", modes) });
  const runs = planRuns(flags, handler);
  const packages = await installedPackages();
  await Deno.mkdir(out, { recursive: true });
  using claims = new Claims(60);
  whenStopped(() => claims[Symbol.dispose]()); // so that nobody waits for its runs
  const shared = await Promise.all(methods.map((method) => {
    const settings = {
      benchmark: folder ?? "hpob-mini",
      seed,
      package: packageOf(method, packages),
    };
    return SharedRuns.open(out, { method, protocol: "continuous", trials, settings }, claims);
  }));

  const missing = methods.flatMap((method, m) =>
    runs.filter((run) => !shared[m].has(run))
      .map((run) => ({ shared: shared[m], job: { ...run, method } }))
  );
  const queue = new RunQueue(shared, missing, claims);
  const progress = new Progress(missing.length, (done) => `${done} of ${missing.length} runs`);
  let finished = 0;
  progress.update(0);
  const work = async (): Promise<void> => {
    let peer: PeerProcess | undefined;
    try {
      for (let run = await queue.next(); run !== undefined; run = await queue.next()) {
        const { method, ...job } = run.job;
        if (peer?.method !== method) {
          await peer?.close();
          peer = new PeerProcess(method, interpreter);
        }
        const options = { ...job, trials, experimentSeed: seed };
        await queue.record(run, await makeRun(peer, handler, options));
        progress.update(++finished);
      }
    } finally {
      await peer?.close();
    }
  };
  await Promise.all(Array.from({ length: flags.integer("workers", 1, 256) }, work));
  await queue.finish();
  progress.finish();

  const results = shared.map((method) => method.results);
  const table = summaryTable(alignResults(results), results);
  await writeAtomically(`${out}/table.md`, `${table}\n`);
  console.log(table);
});

/** One run of a peer. */
async function makeRun(
  peer: PeerProcess,
  handler: HpobHandler,
  options: RunIdentity & { trials: number; experimentSeed: number },
): Promise<RunResult> {
  const { searchSpaceId, datasetId, seed, experimentSeed, trials } = options;
  const algorithm = await peer.start({
    coordinates: Array.from({ length: handler.dimension(searchSpaceId) }, () => ({ kind: "real" })),
    seed: deriveSeed(experimentSeed, searchSpaceId, datasetId, seed),
    trials,
  });
  let suggestions = 0;
  const onTrial = (): void => void suggestions++;
  const incumbents = await handler.evaluateContinuous(algorithm, { ...options, onTrial });
  const secondsPerSuggestion = Number((peer.seconds / Math.max(1, suggestions)).toPrecision(3));
  return { searchSpaceId, datasetId, seed, incumbents, secondsPerSuggestion };
}
