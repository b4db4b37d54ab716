import { assert } from "@std/assert";
import { hasPostgres, TestPostgres } from "../../../postgres.ts";
import { inTemporaryFolder } from "../../../tasks/_temporary_folder.ts";
import { runSoak } from "./run_soak.ts";

Deno.test("processes on one file lose nothing, though they are killed and their clocks disagree", async () => {
  await inTemporaryFolder(async (folder) => {
    const url = `sqlite:${folder}/a.db`;
    await runSoak({ url, workers: 4, trials: 150, killEvery: 1, skewClocks: true });
  });
});

Deno.test({
  name: "processes on one PostgreSQL lose nothing, though it restarts and their clocks disagree",
  ignore: !hasPostgres(),
  fn: async () => {
    const server = await TestPostgres.start();
    let restarts = 0;
    try {
      await runSoak({
        url: await server.database(),
        workers: 4,
        trials: 150,
        restart: () => server.restart().then(() => void restarts++),
        skewClocks: true,
      });
    } finally {
      await server.stop();
    }
    assert(restarts === 1);
  },
});
