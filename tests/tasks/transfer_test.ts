import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { readTransferTables } from "../../tasks/train/transfer.ts";
import { runTask } from "./_run_task.ts";

/** A benchmark in the layout of HPO-B's v3 with one search space, whose first response is given. */
async function benchmark(first: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/hpob-data`);
  const table = (datasets: string[]) => ({
    "7": Object.fromEntries(
      datasets.map((
        name,
      ) => [name, { X: [[0, 0.5], [1, 0.25], [0.5, 1]], y: [[first], [2], [3]] }]),
    ),
  });
  const files = {
    "meta-train-dataset": table(["1", "2"]),
    "meta-validation-dataset": table(["3"]),
    "meta-test-dataset": table(["4"]),
    "bo-initializations": { "7": { "4": { test0: [0, 1, 2, 0, 1] } } },
  };
  for (const [name, value] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/hpob-data/${name}.json`, JSON.stringify(value));
  }
  return folder;
}

Deno.test("tables to transfer from are those of the meta-train split alone, and named by what they hold", async () => {
  const folders = [await benchmark(1), await benchmark(1), await benchmark(1.5)];
  try {
    const [one, same, other] = await Promise.all(
      folders.map((folder) => readTransferTables(folder)),
    );
    assertEquals(one.tables.map(({ dimension, size }) => [dimension, size]), [[2, 3], [2, 3]]);
    assertEquals([...one.tables[0].x], [0, 0.5, 1, 0.25, 0.5, 1]);
    assertEquals([...one.tables[0].y], [1, 2, 3]);
    assertStringIncludes(one.name, "7, 2 data sets, SHA-256 ");
    assertEquals(one.name, same.name);
    assertNotEquals(one.name, other.name);
  } finally {
    for (const folder of folders) await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("train says which folder it cannot transfer from", async () => {
  const { code, stderr } = await runTask(
    "train",
    "--transfer",
    "no-such-folder",
    "--preset",
    "smoke",
  );
  assertEquals(code, 1);
  assertStringIncludes(stderr, "no-such-folder");
});
