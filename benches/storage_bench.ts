/**
 * What one worker waits for its storage: the first load of a study with 1,000 and 10,000 trials, and a
 * pair of ask and tell in it, on SQLite and PostgreSQL, beside Optuna's own storage on the same machine. And what a
 * whole `Study` with random search takes for such a pair, as the number of trials grows.
 *
 *     deno task bench:storage
 *
 * Ours runs a new trial's whole way: abandoned trials, what has changed, the claim of the next number with
 * eight hyperparameters, and telling. Optuna's random search asks and tells by its own.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { RandomSearch } from "../baselines/random_search.ts";
import { SearchSpace } from "../core/search/search_space.ts";
import { openStorage } from "../core/storage/mod.ts";
import type { NewTrial } from "../core/study/records.ts";
import { START } from "../core/study/storage.ts";
import { Study } from "../core/study/study.ts";
import { hasPostgres, TestPostgres } from "../tests/postgres.ts";

/** Seconds that the same work took. */
interface Seconds {
  readonly load: number;
  readonly pair: number;
  /** A pair by a study, with its sampler; Optuna's pair is one. */
  readonly study: number;
}

const hyperparameters = Array.from({ length: 8 }, (_, i) => `x${i}`);
const distribution =
  `{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1.0, "log": false}}`;
const pairs = 100;

/** Statements that fill a study with complete trials. */
function filling(trials: number): string[] {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${
    trials - 1
  })`;
  const time = "'2026-01-01 00:00:00.000000'";
  return [
    `${numbers} INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete)
      SELECT i, 1, 'COMPLETE', ${time}, ${time} FROM n`,
    "INSERT INTO trial_values (trial_id, objective, value, value_type) " +
    "SELECT trial_id, 0, 0.5, 'FINITE' FROM trials",
    ...hyperparameters.map((name) =>
      "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) " +
      `SELECT trial_id, '${name}', 0.5, '${distribution}' FROM trials`
    ),
  ];
}

async function execute(url: string, statements: readonly string[]): Promise<void> {
  if (url.startsWith("sqlite:")) {
    using database = new DatabaseSync(url.slice("sqlite:".length));
    for (const sql of ["BEGIN", ...statements, "COMMIT"]) database.exec(sql);
    return;
  }
  const client = new pg.Client(url);
  await client.connect();
  // What is compared here as text is an enumeration or a time there.
  const adapt = (sql: string) =>
    sql.replace("'COMPLETE'", "'COMPLETE'::trialstate")
      .replace("'FINITE'", "'FINITE'::trialvaluetype")
      .replaceAll(/'2026[^']*'/g, (time) => `${time}::timestamp`);
  for (const sql of statements) await client.query(adapt(sql));
  await client.query("ANALYZE");
  await client.end();
}

async function ours(url: string, trials: number): Promise<Seconds> {
  {
    await using storage = await openStorage(url);
    await storage.createStudy({ name: "bench", directions: ["minimize"] });
  }
  await execute(url, filling(trials));
  const start = performance.now();
  await using storage = await openStorage(url);
  const { id } = (await storage.findStudy("bench"))!;
  let { cursor } = await storage.changedTrials(id, START);
  const loaded = performance.now();
  const trial: NewTrial = {
    state: "running",
    lease: 60,
    parameters: hyperparameters.map((name) => ({ name, value: 0.5, distribution })),
  };
  for (let number = trials; number < trials + pairs; number++) {
    await storage.failExpired(id, () => ({}));
    ({ cursor } = await storage.changedTrials(id, cursor));
    const claimed = await storage.createTrial(id, trial, { number });
    await storage.changeTrial(claimed!.id, { state: "complete", values: [0.5] });
  }
  const stored = performance.now();
  const real = { type: "real", min: 0, max: 1 } as const;
  await using study = await Study.open({
    storage,
    keepStorage: true,
    name: "bench",
    space: new SearchSpace(Object.fromEntries(hyperparameters.map((name) => [name, real]))),
    algorithm: new RandomSearch(),
  });
  await study.tell(await study.ask(), 0.5); // reads all trials
  const opened = performance.now();
  for (let k = 0; k < pairs; k++) await study.tell(await study.ask({ lease: 60 }), 0.5);
  const end = performance.now();
  return {
    load: (loaded - start) / 1000,
    pair: (stored - loaded) / 1000 / pairs,
    study: (end - opened) / 1000 / pairs,
  };
}

const python = Deno.env.get("GENHPO_OPTUNA_PYTHON") ?? ".cache/optuna/bin/python";

async function optunas(url: string, trials: number): Promise<Omit<Seconds, "study">> {
  const theirUrl = url.replace("sqlite:", "sqlite:///").replace(
    "postgres:",
    "postgresql+psycopg2:",
  );
  const run = async (...args: string[]) => {
    const command = new Deno.Command(python, { args: ["benches/storage_peer.py", ...args] });
    const { success, stdout, stderr } = await command.output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  };
  await run("create", theirUrl);
  await execute(url, filling(trials));
  return JSON.parse(await run("run", theirUrl, String(pairs)));
}

const folder = await Deno.makeTempDir();
const server = hasPostgres() ? await TestPostgres.start() : undefined;
try {
  for (const trials of [1_000, 10_000]) {
    for (const kind of ["SQLite", "PostgreSQL"]) {
      if (kind === "PostgreSQL" && server === undefined) continue;
      const newUrl = async (name: string) =>
        kind === "SQLite" ? `sqlite:${folder}/${name}-${trials}.db` : await server!.database();
      const mine = await ours(await newUrl("ours"), trials);
      const theirs = await optunas(await newUrl("optuna"), trials);
      const line = (what: keyof Seconds, their = theirs[what as "pair"]) =>
        `${what} ${(1000 * mine[what]).toFixed(1)} ms, Optuna ${(1000 * their).toFixed(1)} ms (${
          (their / mine[what]).toFixed(1)
        } times as long)`;
      console.log(
        `${kind}, ${trials} trials: ${line("load")}; ${line("pair")}; ${
          line("study", theirs.pair)
        }`,
      );
    }
  }
} finally {
  await server?.stop();
  await Deno.remove(folder, { recursive: true });
}
