import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openStorage } from "../../../core/storage/mod.ts";
import { ADVISED_BY } from "../../../core/study/advising.ts";
import type { TrialRecord } from "../../../core/study/records.ts";
import { START } from "../../../core/study/storage.ts";
import { hasPostgres, TestPostgres } from "../../postgres.ts";
import { hasOptuna, pythonWithOptuna, sqlAlchemyUrl } from "../../core/storage/optuna/_optuna.ts";
import { inTemporaryFolder } from "../_temporary_folder.ts";

if (!hasOptuna()) console.log("Optuna is not installed: tests of advise with it are skipped");

const script = new URL("./optuna_worker.py", import.meta.url).pathname;
const [workers, trialsEach, seconds] = [3, 6, 0.2];

/** Registers a test on a SQLite file and on a PostgreSQL database. */
function test(name: string, check: (url: string) => Promise<void>): void {
  Deno.test({
    name: `${name} (SQLite)`,
    ignore: !hasOptuna(),
    fn: () => inTemporaryFolder((folder) => check(`sqlite:${folder}/a.db`)),
  });
  Deno.test({
    name: `${name} (PostgreSQL)`,
    ignore: !hasOptuna() || !hasPostgres(),
    fn: async () => {
      const server = await TestPostgres.start({ settings: ["fsync = off"] });
      try {
        await check(await server.database());
      } finally {
        await server.stop();
      }
    },
  });
}

/** Lets Optuna do something; throws when it fails. */
async function optuna(...args: (string | number)[]): Promise<void> {
  const output = await new Deno.Command(pythonWithOptuna, { args: [script, ...args.map(String)] })
    .output();
  if (!output.success) throw new Error(new TextDecoder().decode(output.stderr));
}

/** Worker processes that share a study; throws when one of them fails. */
async function work(url: string, trials = trialsEach): Promise<void> {
  const work = Array.from(
    { length: workers },
    (_, seed) => optuna(sqlAlchemyUrl(url), "theirs", trials, seconds, seed),
  );
  await Promise.all(work);
}

/** An adviser in processes of its own. */
function startAdviser(url: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-prompt", "--allow-read", "--allow-run", "tasks/advise.ts"],
      ...["--storage", sqlAlchemyUrl(url), "--method", "random"],
    ],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

async function trialsOf(url: string): Promise<readonly TrialRecord[]> {
  await using storage = await openStorage(url);
  const study = await storage.findStudy("theirs");
  return (await storage.changedTrials(study!.id, START)).trials;
}

test("workers of Optuna try what is advised, each trial once, beside what they choose", async (url) => {
  await optuna("create", sqlAlchemyUrl(url), "theirs");
  await optuna(sqlAlchemyUrl(url), "theirs", 2, 0, 9); // the search space is known then
  const adviser = startAdviser(url);
  while (!(await trialsOf(url)).some(isAdvised)) await new Promise((go) => setTimeout(go, 100));
  await work(url);
  adviser.kill("SIGTERM");
  const { code, stdout } = await adviser.output();
  assertEquals(code, 0);
  const trials = await trialsOf(url);
  const advised = trials.filter(isAdvised);
  assertStringIncludes(new TextDecoder().decode(stdout), `${advised.length} suggestions.`);
  assertEquals(trials.filter(({ state }) => state === "complete").length, 2 + workers * trialsEach);
  const taken = advised.filter(({ state }) => state === "complete");
  assert(taken.length >= workers, `${taken.length} suggestions were tried`);
  for (const { parameters } of taken) {
    const names = parameters.map(({ name }) => name);
    const isSgd = parameters.find(({ name }) => name === "kind")!.value === 0;
    assertEquals(names, ["rate", "layers", "kind", ...(isSgd ? ["momentum"] : [])]);
  }
  const left = trials.filter(({ state }) => state !== "complete");
  assertEquals(left.map(({ state }) => state), left.map(() => "fail"));
  assert(left.every(isAdvised), "only what nobody took is withdrawn");
});

test("workers of Optuna go on when the adviser is killed or stands still", async (url) => {
  await optuna("create", sqlAlchemyUrl(url), "theirs");
  await optuna(sqlAlchemyUrl(url), "theirs", 2, 0, 9);
  const adviser = startAdviser(url);
  while (!(await trialsOf(url)).some(isAdvised)) await new Promise((go) => setTimeout(go, 100));
  const [worker] = await childrenOf(adviser.pid);
  for (const signal of ["SIGSTOP", "SIGKILL"] as const) {
    Deno.kill(worker, signal);
    await work(url, 2);
  }
  await adviser.output();
  const trials = await trialsOf(url);
  assertEquals(trials.map(({ state }) => state), trials.map(() => "complete"));
  assertEquals(trials.length, 2 + 2 * 2 * workers);
});

function isAdvised({ userAttributes }: TrialRecord): boolean {
  return userAttributes[ADVISED_BY] === "random";
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(pid)] }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").map(Number);
}
