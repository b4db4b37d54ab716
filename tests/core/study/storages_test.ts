import { assertEquals } from "@std/assert";
import { GaussianProcess } from "../../../baselines/gaussian_process.ts";
import { openStorage } from "../../../core/storage/mod.ts";
import type { Storage } from "../../../core/study/storage.ts";
import { Study } from "../../../core/study/study.ts";
import { hasPostgres, TestPostgres } from "../../postgres.ts";
import { space } from "./_studies.ts";

/** Runs a study with everything in it, interrupted in the middle, and gives its trials without their times. */
async function runStudy(open: () => Promise<Storage>, keepStorage: boolean): Promise<unknown[]> {
  for (const trials of [4, 9]) {
    await using study = await Study.open({
      storage: await open(),
      keepStorage,
      name: "everywhere",
      space,
      goal: "minimize",
      algorithm: new GaussianProcess({ seed: 5 }),
      asha: {},
    });
    await study.enqueue({ x: 0.25, kind: "scaled", scale: 3 });
    await study.enqueue({ kind: "plain" });
    await study.optimize(async ({ number, configuration: { x, scale = 1 }, ...trial }) => {
      await trial.note({ number });
      await trial.report(1, x);
      if (await trial.shouldPrune()) return { state: "pruned" };
      await trial.report(4, x * scale);
      if (number === 3) throw new Error("out of memory");
      return x * scale;
    }, { trials });
    if (trials === 4) await study.ask({ lease: 0 }); // a worker that dies
  }
  await using study = await Study.open({
    storage: await open(),
    keepStorage: false,
    name: "everywhere",
    algorithm: new GaussianProcess({ seed: 5 }),
  });
  return (await study.trials()).map(({ startedAt, finishedAt, ...trial }) => ({
    ...trial,
    isStarted: startedAt !== undefined,
    isFinished: finishedAt !== undefined,
  }));
}

Deno.test("one worker makes the same trials on every storage", async () => {
  const folder = await Deno.makeTempDir();
  const memory = await openStorage("memory:");
  const inMemory = await runStudy(() => Promise.resolve(memory), true);
  const inFile = await runStudy(() => openStorage(`sqlite:${folder}/study.db`), false);
  assertEquals(inFile, inMemory);
  assertEquals(inMemory.length, 10);
  await Deno.remove(folder, { recursive: true });
  if (!hasPostgres()) return;
  const server = await TestPostgres.start({ settings: ["fsync = off"] });
  try {
    const url = await server.database();
    assertEquals(await runStudy(() => openStorage(url), false), inMemory);
  } finally {
    await server.stop();
  }
});
