/**
 * `deno task bench:tables-peers`: runs the optimizers of other packages by the protocol of `bench:tables`.
 *
 * @module
 */
import { deriveSeed } from "../../core/search/random.ts";
import { finish } from "../../tasks/bench_tables/finish.ts";
import { makeMissing } from "../../tasks/bench_tables/make.ts";
import { readPlan, tableFlags, type TableJob } from "../../tasks/bench_tables/plan.ts";
import { runOnTable, type TableRun } from "../../tasks/bench_tables/run.ts";
import { NoisyTable } from "../../tasks/bench_tables/table.ts";
import { type Command, oneOf, runCommand } from "../../tasks/shared/cli.ts";
import { installedPackages, interpreter } from "./environment.ts";
import { packageOf, type PeerName, peerNames, PeerProcess } from "./_peer_process.ts";

const command: Command = {
  name: "bench:tables-peers",
  summary: "Runs optimizers of Python packages on tables of noisy measurements, as bench:tables.",
  flags: {
    ...tableFlags,
    methods: { value: "a,b", description: "Peers", default: peerNames.join(",") },
    workers: { value: "N", description: "Processes at once, of one thread each", default: "1" },
    out: {
      value: "DIR",
      description: "Folder of the results, that of bench:tables too",
      default: "results/tables",
    },
  },
  examples: [
    "deno task bench:peers --setup",
    "deno task bench:tables-peers --tables tables --methods optuna-tpe,optuna-gp",
  ],
};

await runCommand(command, async (flags) => {
  const methods = flags.list("methods")!.map((name) => oneOf("--methods", name, peerNames));
  const workers = flags.integer("workers", 1, 256), out = flags.required("out");
  const { trials, confirms, jobsOf } = await readPlan(flags);
  const packages = await installedPackages();
  const jobs = methods.flatMap((method) => {
    const settings = { method, trials, package: packageOf(method, packages) };
    return confirms.flatMap((confirm) => jobsOf({ ...settings, confirm }, out));
  });
  const idle: PeerProcess[] = [];
  try {
    await makeMissing(jobs, async (job) => {
      const method = job.settings.method as PeerName;
      let peer = idle.pop();
      if (peer !== undefined && peer.method !== method) {
        await peer.close();
        peer = undefined;
      }
      peer ??= new PeerProcess(method, interpreter);
      const made = await makeRuns(peer, job);
      idle.push(peer);
      return made;
    }, workers);
  } finally {
    for (const peer of idle) await peer.close();
  }
  await finish(out);
});

/** The runs of a job, one after the other. */
async function makeRuns(
  peer: PeerProcess,
  { path, runs, settings: { trials, confirm } }: TableJob,
): Promise<TableRun[]> {
  const table = NoisyTable.parse(await Deno.readTextFile(path), path);
  const { coordinates } = table.space;
  const made: TableRun[] = [];
  for (const { run, key, initial } of runs) {
    const seed = deriveSeed(key, table.name, run);
    const algorithm = await peer.start({ coordinates, seed, trials });
    const options = { run, key, initial, trials, confirm, repeats: true };
    made.push(await runOnTable(table, algorithm, options));
  }
  return made;
}
