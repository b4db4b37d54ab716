/**
 * What `advise` is worth to Optuna's own workers: four processes of Optuna on one study, with an adviser and without, in
 * turns, on SQLite and PostgreSQL: `deno task bench:advise [REPETITIONS]`.
 *
 * The objective is that of the tests (three hyperparameters and a conditional one; the best value is 0), half a second
 * long. Printed are the share of the trials that came from the adviser, and the regret after 30, 45 and 60 trials.
 *
 * @module
 */
import { median } from "simple-statistics";
import { openStorage } from "../core/storage/mod.ts";
import { ADVISED_BY } from "../core/study/advising.ts";
import { START } from "../core/study/storage.ts";
import { hasPostgres, TestPostgres } from "../tests/postgres.ts";

const repetitions = Number(Deno.args[0] ?? 5);
const [workers, trialsEach, seconds] = [4, 15, 0.5];
const looks = [30, 45, 60];
const python = Deno.env.get("GENHPO_OPTUNA_PYTHON") ?? ".cache/optuna/bin/python";

/** How a study went. */
interface Outcome {
  /** Trials that were suggested by the adviser, of those that are complete. */
  readonly share: number;
  /** Workers that ended with an error. */
  readonly failed: number;
  readonly seconds: number;
  /** The best value after each of `looks`. */
  readonly regrets: readonly number[];
}

async function optuna(...args: (string | number)[]): Promise<boolean> {
  const { success } = await new Deno.Command(python, {
    args: ["tests/tasks/advise/optuna_worker.py", ...args.map(String)],
    stderr: "null",
  }).output();
  return success;
}

async function runStudy(url: string, seed: number, isAdvised: boolean): Promise<Outcome> {
  const theirUrl = url.replace("sqlite:", "sqlite:///").replace(
    "postgres:",
    "postgresql+psycopg2:",
  );
  await optuna("create", theirUrl, "bench");
  const adviser = isAdvised
    ? new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-run", "tasks/advise.ts"],
        ...["--storage", url, "--study", "bench", "--seed", String(seed)],
      ],
      stdout: "null",
      stderr: "null",
    }).spawn()
    : undefined;
  const start = performance.now();
  const ended = await Promise.all(
    Array.from(
      { length: workers },
      (_, k) => optuna(theirUrl, "bench", trialsEach, seconds, workers * seed + k),
    ),
  );
  const duration = (performance.now() - start) / 1000;
  adviser?.kill("SIGTERM");
  await adviser?.status;
  await using storage = await openStorage(url);
  const { id } = (await storage.findStudy("bench"))!;
  const complete = (await storage.changedTrials(id, START)).trials
    .filter(({ state }) => state === "complete")
    .sort((one, other) => one.finishedAt!.getTime() - other.finishedAt!.getTime());
  const values = complete.map(({ values }) => values[0]);
  return {
    share: complete.filter(({ userAttributes }) => ADVISED_BY in userAttributes).length /
      complete.length,
    failed: ended.filter((success) => !success).length,
    seconds: duration,
    regrets: looks.map((trials) => Math.min(...values.slice(0, trials))),
  };
}

const folder = await Deno.makeTempDir();
const server = hasPostgres() ? await TestPostgres.start() : undefined;
try {
  for (const kind of ["SQLite", "PostgreSQL"]) {
    if (kind === "PostgreSQL" && server === undefined) continue;
    const outcomes: Outcome[][] = [[], []];
    for (let seed = 0; seed < repetitions; seed++) {
      for (const isAdvised of [false, true]) {
        const file = `${folder}/${seed}-${isAdvised}.db`;
        const url = kind === "SQLite" ? `sqlite:${file}` : await server!.database();
        const outcome = await runStudy(url, seed, isAdvised);
        console.error(`${kind} ${isAdvised ? "with" : "without"}: ${JSON.stringify(outcome)}`);
        outcomes[Number(isAdvised)].push(outcome);
      }
    }
    const [without, advised] = outcomes;
    const percent = advised.map(({ share }) => Math.round(100 * share));
    console.log(
      `${kind}: ${Math.min(...percent)} to ${Math.max(...percent)} % of the trials advised`,
    );
    for (const [name, some] of [["with advise", advised], ["without", without]] as const) {
      const regrets = looks.map((trials, i) =>
        `${median(some.map(({ regrets }) => regrets[i])).toPrecision(2)} after ${trials}`
      );
      const failed = some.reduce((sum, { failed }) => sum + failed, 0);
      console.log(
        `${kind}, ${name}: median regret ${regrets.join(", ")}; ${failed} workers failed; ` +
          `median ${median(some.map(({ seconds }) => seconds)).toFixed(0)} s`,
      );
    }
  }
} finally {
  await server?.stop();
  await Deno.remove(folder, { recursive: true });
}
