import { assertEquals } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { openStorage } from "../../../core/storage/mod.ts";
import { Study } from "../../../core/study/study.ts";
import { hasPostgres, TestPostgres } from "../../postgres.ts";
import { inTemporaryFolder } from "../../tasks/_temporary_folder.ts";
import { space, valueOf } from "./soak/_objective.ts";

/** What one worker's study is made of, but for its times; it is closed and opened again on the way. */
async function trialsOn(url: string) {
  const storage = await openStorage(url);
  const options = { storage, keepStorage: true, name: "a", space, retries: 1 };
  for (const trials of [8, 15]) {
    await using study = await Study.open({ ...options, algorithm: new RandomSearch({ seed: 7 }) });
    await study.optimize(async ({ number, configuration, report }) => {
      await report(0, number / 3);
      return number % 5 === 3 ? NaN : valueOf(configuration);
    }, { trials });
  }
  await using study = await Study.open({ ...options, algorithm: new RandomSearch({ seed: 7 }) });
  const trials = await study.trials();
  await storage[Symbol.asyncDispose]();
  return trials.map(({ startedAt: _, finishedAt: __, ...trial }) => trial);
}

Deno.test("one worker's trials are equal to the bit on every storage", async () => {
  await inTemporaryFolder(async (folder) => {
    const expected = await trialsOn("memory:");
    assertEquals(expected.length, 15);
    assertEquals(await trialsOn(`sqlite:${folder}/a.db`), expected);
    if (!hasPostgres()) return;
    const server = await TestPostgres.start({ settings: ["fsync = off"] });
    try {
      assertEquals(await trialsOn(await server.database()), expected);
    } finally {
      await server.stop();
    }
  });
});
