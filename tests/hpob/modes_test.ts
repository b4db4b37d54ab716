import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError } from "../../core/search/errors.ts";
import { HpobHandler, type Mode, modes, type Split } from "../../hpob/handler.ts";
import { type BenchmarkJson, tinyBenchmark, tinyTable, withFolder } from "./_benchmark.ts";

const test = "hpob-data/meta-test-dataset.json";
const train = "hpob-data/meta-train-dataset.json";
const augmented = "hpob-data/meta-train-dataset-augmented.json";
const validation = "hpob-data/meta-validation-dataset.json";
const initializations = "hpob-data/bo-initializations.json";

/** Files for all modes: the data sets that each file has are named after it. */
function allSplits(): BenchmarkJson {
  return {
    ...tinyBenchmark(),
    [train]: { s: { t: tinyTable() }, q: { t: tinyTable() } },
    [augmented]: { s: { t: tinyTable() }, q: { t: tinyTable() }, rare: { t: tinyTable() } },
    [validation]: { s: { v: tinyTable() }, q: { v: tinyTable() } },
  };
}

const contentsOfModes: [Mode, Partial<Record<Split, Record<string, string[]>>>][] = [
  ["v1", { test: { s: ["t", "a", "b", "v"], q: ["t", "v"], rare: ["t"] } }],
  ["v2", { test: { s: ["t", "a", "b", "v"], q: ["t", "v"] } }],
  ["v3", {
    train: { s: ["t"], q: ["t"] },
    validation: { s: ["v"], q: ["v"] },
    test: { s: ["a", "b"] },
  }],
  ["v3-test", { test: { s: ["a", "b"] } }],
  ["v3-train-augmented", {
    train: { s: ["t"], q: ["t"], rare: ["t"] },
    validation: { s: ["v"], q: ["v"] },
    test: { s: ["a", "b"] },
  }],
];
for (const [mode, contents] of contentsOfModes) {
  Deno.test(`mode ${mode} opens its splits and no others`, async () => {
    await withFolder(allSplits(), async (folder) => {
      const handler = await HpobHandler.open(folder, { mode });
      assertEquals(handler.mode, mode);
      for (const split of ["train", "validation", "test"] as const) {
        const spaces = contents[split];
        if (spaces === undefined) {
          assertThrows(
            () => handler.searchSpaces(split),
            InputError,
            `Cannot use split '${split}' as mode '${mode}' does not open it`,
          );
          continue;
        }
        assertEquals(handler.searchSpaces(split), Object.keys(spaces));
        for (const [space, datasets] of Object.entries(spaces)) {
          assertEquals(handler.datasets(space, split), datasets);
          for (const dataset of datasets) {
            assertEquals((await handler.table(space, dataset, split)).x.length, 6);
          }
        }
      }
    });
  });
}

const filesOfModes: [Mode, string[]][] = [
  ["v1", [test, augmented, validation, initializations]],
  ["v2", [test, train, validation, initializations]],
  ["v3", [test, train, validation, initializations]],
  ["v3-test", [test, initializations]],
  ["v3-train-augmented", [test, augmented, validation, initializations]],
];
for (const [mode, needed] of filesOfModes) {
  Deno.test(`mode ${mode} opens with its files alone, and names the one that is missing`, async () => {
    const all = Object.entries(allSplits());
    const files = all.filter(([path]) => needed.includes(path));
    assertEquals(files.length, needed.length);
    await withFolder(Object.fromEntries(files), async (folder) => {
      await HpobHandler.open(folder, { mode });
    });
    for (const missing of needed) {
      const rest = files.filter(([path]) => path !== missing);
      await withFolder(Object.fromEntries(rest), async (folder) => {
        await assertRejects(
          () => HpobHandler.open(folder, { mode }),
          InputError,
          `Cannot open benchmark in mode '${mode}' as ${folder}/${missing} must exist`,
        );
      });
    }
  });
}

Deno.test("an unknown mode is refused with the known ones", async () => {
  await assertRejects(
    () => HpobHandler.open(".", { mode: "v4" as Mode }),
    InputError,
    `Cannot open benchmark as 'mode' must be one of ${modes.join(", ")}: got "v4"`,
  );
});
