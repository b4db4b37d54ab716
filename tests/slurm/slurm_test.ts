import { assert, assertEquals } from "@std/assert";
import { RandomSearch } from "../../baselines/random_search.ts";
import { openStorage } from "../../core/storage/mod.ts";
import { Study } from "../../core/study/study.ts";
import { hasPostgres, TestPostgres } from "../postgres.ts";
import { inTemporaryFolder } from "../tasks/_temporary_folder.ts";
import { TestCluster, whyNoSlurm } from "./_cluster.ts";

const why = whyNoSlurm();
if (why !== undefined) console.log(`Tests on Slurm are skipped: ${why}`);

const [bench, tune] = ["bench", "tune"].map((name) => `docs/examples/slurm/${name}.sh`);

/** Bench in one process. */
async function benchAlone(flags: readonly string[], out: string): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-write", "tasks/bench.ts"],
      ...[...flags, "--out", out],
    ],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

Deno.test({
  name: "on Slurm, eight tasks make the bytes that one process makes, though a node goes down",
  ignore: why !== undefined,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const flags = ["--methods", "random", "--trials", "400"];
      await benchAlone(flags, `${folder}/alone`);
      await using cluster = await TestCluster.start();
      const job = await cluster.submit(
        bench,
        ...flags,
        "--lease",
        "2",
        "--out",
        `${folder}/shared`,
      );
      for (;;) {
        const tasks = await cluster.tasks();
        if (tasks.some(({ state, node }) => state === "RUNNING" && node === "n2")) break;
        assert(tasks.length > 0, await cluster.printed(job));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await cluster.takeDown("n2");
      await cluster.finish();
      assertEquals(
        await Deno.readTextFile(`${folder}/shared/random.json`),
        await Deno.readTextFile(`${folder}/alone/random.json`),
        await cluster.printed(job),
      );
    }),
});

/** A server, or a file: the nodes are one machine, so that a file will do where there is no server. */
async function withStorage(folder: string, use: (url: string) => Promise<void>): Promise<void> {
  if (!hasPostgres()) return await use(`sqlite:${folder}/a.db`);
  const server = await TestPostgres.start();
  try {
    await use(await server.database());
  } finally {
    await server.stop();
  }
}

Deno.test({
  name: `on Slurm, eight tasks tune one study in ${
    hasPostgres() ? "PostgreSQL" : "a file"
  }, and a trial whose node went down is tried again`,
  ignore: why !== undefined,
  fn: () =>
    inTemporaryFolder((folder) =>
      withStorage(folder, async (url) => {
        const space = { x: { type: "real", min: 0, max: 1 } };
        await Deno.writeTextFile(`${folder}/space.json`, JSON.stringify(space));
        await using cluster = await TestCluster.start();
        const job = await cluster.submit(tune, url, ...[
          ...["--space", `${folder}/space.json`, "--trials", "24", "--method", "random"],
          ...["--lease", "5", "--out", `${folder}/out`],
          ...["--", "bash", "-c", "sleep 2; echo $GENHPO_X"],
        ]);
        const trials = async () => {
          try {
            await using study = await Study.open({
              storage: await openStorage(url),
              name: "tune",
              algorithm: new RandomSearch(),
              existing: "require",
            });
            return await study.trials();
          } catch {
            return []; // it is not there yet
          }
        };
        while ((await trials()).filter(({ state }) => state === "complete").length < 4) {
          assert((await cluster.tasks()).length > 0, await cluster.printed(job));
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
        await cluster.takeDown("n2");
        await cluster.finish();
        const all = await trials();
        const complete = all.filter(({ state }) => state === "complete");
        assertEquals(complete.length, 24, await cluster.printed(job));
        for (const { value, configuration } of complete) {
          assertEquals(value, (configuration as { x?: number }).x);
        }
        const lost = all.filter(({ state }) => state !== "complete");
        assert(
          lost.every(({ state, reason }) => state === "fail" && reason!.includes("tried again")),
        );
      })
    ),
});
