import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Algorithm } from "../../core/search/algorithm.ts";
import type { Observed } from "../../core/search/task.ts";
import { InputError } from "../../core/search/errors.ts";
import { HpobHandler } from "../../hpob/handler.ts";
import { type BenchmarkJson, tinyBenchmark, withFolder } from "./_benchmark.ts";

const test = "hpob-data/meta-test-dataset.json";
const initializations = "hpob-data/bo-initializations.json";
const descriptors = "hpob-data/meta-dataset-descriptors.json";
const statistics = "saved-surrogates/summary-stats.json";
const surrogate = "saved-surrogates/surrogate-s-a.json";

/** Suggests 0.25 everywhere, or the first pending row. */
const constant = {
  name: "constant",
  observeAndSuggest: ({ points }: Observed) =>
    Promise.resolve(new Float64Array(points[0].length).fill(0.25)),
  observeAndChoose: () => Promise.resolve(0),
};

const run = { searchSpaceId: "s", datasetId: "a", seed: "test0", trials: 2 };

Deno.test("a folder that does not exist is refused by the file that it should have", async () => {
  await assertRejects(
    () => HpobHandler.open("no/such/folder/"),
    InputError,
    "as no/such/folder/hpob-data/meta-test-dataset.json must exist",
  );
});

Deno.test("seeds and dimension are those of the data", async () => {
  await withFolder(tinyBenchmark(), async (folder) => {
    const handler = await HpobHandler.open(folder);
    assertEquals(handler.seeds(), ["test0", "test1"]);
    assertEquals(handler.dimension("s"), 2);
    assertThrows(() => handler.dimension("t"), InputError, `Cannot find search space "t"`);
    assertThrows(() => handler.datasets("toString"), InputError, "Cannot find search space");
  });
});

Deno.test("both protocols run on a folder, each with its own normalization", async () => {
  await withFolder(tinyBenchmark(), async (folder) => {
    const handler = await HpobHandler.open(folder);
    assertEquals(await handler.evaluateContinuous(constant, run), [0.4, 0.4, 0.4]);
    assertEquals(await handler.evaluate(constant, run), [0.8, 1, 1]);
  });
});

Deno.test("a run that starts at the optimum needs no suggestion", async () => {
  const files = tinyBenchmark();
  files[statistics]["surrogate-s-a"].y_max = 0.8;
  files[initializations].s.a.test0 = [5, 1, 2, 3, 4];
  const never = { name: "never" } as unknown as Algorithm;
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    assertEquals(await handler.evaluateContinuous(never, run), [1, 1, 1]);
    assertEquals(await handler.evaluate(never, run), [1, 1, 1]);
    const official = { ...run, officialTrace: true };
    assertEquals(await handler.evaluateContinuous(never, official), [1, 1, 1]);
  });
});

Deno.test("a run begins with as many rows as its initialization names", async () => {
  for (const rows of [[5], [0], [0, 1, 2, 3, 4, 5]]) {
    const files = tinyBenchmark();
    files[initializations].s.a.test0 = rows;
    await withFolder(files, async (folder) => {
      const handler = await HpobHandler.open(folder);
      const [best] = await handler.evaluate(constant, run);
      assertEquals(best, Math.max(...rows) / 5);
      const trace = await handler.evaluateContinuous(constant, run);
      assertEquals(trace, trace.map(() => Math.max(best / 2, 0.25)).with(0, best / 2));
    });
  }
});

Deno.test("a surrogate may be UBJSON", async () => {
  const files = tinyBenchmark();
  const booster = files[surrogate];
  delete files[surrogate];
  await withFolder(files, async (folder) => {
    await Deno.writeFile(`${folder}/saved-surrogates/surrogate-s-a.ubj`, ubjson(booster));
    const handler = await HpobHandler.open(folder);
    assertEquals(await handler.evaluateContinuous(constant, run), [0.4, 0.4, 0.4]);
  });
});

/** A value in UBJSON: objects, arrays, strings and numbers. */
function ubjson(value: unknown): Uint8Array<ArrayBuffer> {
  const text = (text: string) => [0x55, text.length, ...new TextEncoder().encode(text)];
  const encode = (value: unknown): number[] => {
    if (typeof value === "string") return [0x53, ...text(value)];
    if (typeof value === "number") {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      return [0x44, ...new Uint8Array(view.buffer)];
    }
    if (Array.isArray(value)) return [0x5b, ...value.flatMap(encode), 0x5d];
    const entries = Object.entries(value as object);
    return [0x7b, ...entries.flatMap(([key, entry]) => [...text(key), ...encode(entry)]), 0x7d];
  };
  return Uint8Array.from(encode(value));
}

Deno.test("a table and initial rows that were mended are read again", async () => {
  const files = tinyBenchmark();
  files[test].s.a.X[0] = [17, 17, 17];
  files[initializations].s.a.test0 = [99];
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    await assertRejects(() => handler.evaluate(constant, run), InputError, "'X[0][0]'");
    const mended = tinyBenchmark();
    await Deno.writeTextFile(`${folder}/${test}`, JSON.stringify(mended[test]));
    await assertRejects(() => handler.evaluate(constant, run), InputError, "got 99");
    await Deno.writeTextFile(
      `${folder}/${initializations}`,
      JSON.stringify(mended[initializations]),
    );
    assertEquals(await handler.evaluate(constant, run), [0.8, 1, 1]);
  });
});

Deno.test("files are read where they are laid out over lines", async () => {
  const files = tinyBenchmark();
  files[test] = JSON.stringify(files[test], null, 4) + "\n";
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    assertEquals([...(await handler.table("s", "b")).y], [0, 0.2, 0.4, 0.6, 0.8, 1]);
  });
});

Deno.test("tables are found wherever they are in a large file", async () => {
  const files = tinyBenchmark();
  const gap = " ".repeat(700_000); // files are searched in pieces of a mebibyte
  files[test] = JSON.stringify(files[test]).replaceAll('"y"', `${gap}"y"`);
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    for (const dataset of ["a", "b"]) {
      assertEquals([...(await handler.table("s", dataset)).y], [0, 0.2, 0.4, 0.6, 0.8, 1]);
    }
  });
});

Deno.test("coordinates that rounding moved out of [0, 1] are moved back", async () => {
  const files = tinyBenchmark();
  files[test].s.a.X[0] = [-1e-17, 1 + 1e-15];
  await withFolder(files, async (folder) => {
    const table = await (await HpobHandler.open(folder)).table("s", "a");
    assertEquals([...table.x[0]], [0, 1]);
  });
});

Deno.test("names may be those of properties that every object has", async () => {
  const files = JSON.parse(JSON.stringify(tinyBenchmark()).replaceAll('"s":', '"__proto__":'));
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    assertEquals(handler.searchSpaces(), ["__proto__"]);
    const trace = await handler.evaluate(constant, { ...run, searchSpaceId: "__proto__" });
    assertEquals(trace, [0.8, 1, 1]);
  });
});

Deno.test("descriptors are those of the file, and their absence is said", async () => {
  const files = { ...tinyBenchmark(), [descriptors]: { s: { variables_order: ["p", "q"] } } };
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    assertEquals(await handler.descriptors("s"), { variables_order: ["p", "q"] });
    await assertRejects(
      () => handler.descriptors("t"),
      InputError,
      `Cannot read ${folder}/${descriptors} > t as the entry must exist`,
    );
  });
  await withFolder(tinyBenchmark(), async (folder) => {
    const handler = await HpobHandler.open(folder);
    await assertRejects(
      () => handler.descriptors("s"),
      InputError,
      `Cannot read ${folder}/${descriptors} as the file must exist`,
    );
  });
});

/** Damages by what they do, and what the error says after `Cannot read <folder>/`. */
const damages: [string, (files: BenchmarkJson) => unknown, string][] = [
  ["tables that are no JSON", (files) => files[test] = "{,", `${test} as it must have a key`],
  ["truncated tables", (files) => files[test] = `{"s": {"a": {"X`, `${test} as it ends`],
  ["tables that are a list", (files) => files[test] = [], `${test} as it must have an object`],
  [
    "NaN in a table",
    (files) => files[test] = JSON.stringify(files[test]).replace("0.2", "NaN"),
    `${test} > s > a as 'X[1][0]' must be in [0, 1]: got NaN`,
  ],
  [
    "a response that is infinite",
    (files) => {
      files[test].s.a.y[4] = "-Infinity";
      files[test] = JSON.stringify(files[test]).replace('"-Infinity"', "-Infinity");
    },
    `${test} > s > a as 'y[4]' must be one finite number: got -Infinity`,
  ],
  [
    "null in a table",
    (files) => files[test].s.a.X[3][1] = null,
    `${test} > s > a as 'X[3][1]' must be in [0, 1]: got null`,
  ],
  [
    "a coordinate outside of [0, 1]",
    (files) => files[test].s.a.X[3][1] = 1.5,
    `${test} > s > a as 'X[3][1]' must be in [0, 1]: got 1.5`,
  ],
  [
    "a ragged row",
    (files) => files[test].s.a.X[2].pop(),
    `${test} > s > a as 'X[2]' must have 2 numbers: got 1`,
  ],
  [
    "a response that is no number",
    (files) => files[test].s.a.y[4] = ["1"],
    `${test} > s > a as 'y[4]' must be one finite number: got ["1"]`,
  ],
  [
    "two responses in a row",
    (files) => files[test].s.a.y[4] = [1, 2],
    `${test} > s > a as 'y[4]' must be one finite number: got [1,2]`,
  ],
  [
    "lists of unequal lengths",
    (files) => files[test].s.a.y.pop(),
    `${test} > s > a as 'X' and 'y' must have equal lengths: got 6 and 5`,
  ],
  ["a table without y", (files) => delete files[test].s.a.y, `${test} > s > a as it must have`],
  ["a table without X", (files) => delete files[test].s.a.X, `${test} > s > a as 'X' must have`],
  ["a table without rows", (files) => files[test].s.a.X = [], `${test} > s > a as 'X' must have`],
  [
    "no initialization of the data set",
    (files) => delete files[initializations].s.a,
    `${initializations} > s > a > test0 as the entry must exist`,
  ],
  [
    "no initialization of the seed",
    (files) => delete files[initializations].s.a.test0,
    `${initializations} > s > a > test0 as the entry must exist`,
  ],
  [
    "an initial row out of range",
    (files) => files[initializations].s.a.test0 = [0, 1, 2, 3, 6],
    `${initializations} > s > a > test0 as a row index must be an integer in 0..5: got 6`,
  ],
  [
    "a repeated initial row",
    (files) => files[initializations].s.a.test0 = [0, 1, 2, 3, 3],
    `${initializations} > s > a > test0 as it must be one or more different row indices: got [0,1,2,3,3]`,
  ],
  [
    "no initial rows",
    (files) => files[initializations].s.a.test0 = [],
    `${initializations} > s > a > test0 as it must be one or more different row indices: got []`,
  ],
  [
    "initializations that are no JSON",
    (files) => files[initializations] = "",
    `${initializations} as it must be JSON`,
  ],
];
const continuousDamages: typeof damages = [
  ["no statistics", (files) => delete files[statistics], `${statistics} as the file must exist`],
  [
    "no statistics of the surrogate",
    (files) => delete files[statistics]["surrogate-s-a"],
    `${statistics} > surrogate-s-a as the entry must exist`,
  ],
  [
    "equal minimum and maximum",
    (files) => files[statistics]["surrogate-s-a"].y_min = 2,
    `${statistics} > surrogate-s-a as it must have numbers 'y_min' < 'y_max'`,
  ],
  [
    "a range without a maximum",
    (files) => delete files[statistics]["surrogate-s-a"].y_max,
    `${statistics} > surrogate-s-a as it must have numbers 'y_min' < 'y_max'`,
  ],
  ["no surrogate", (files) => delete files[surrogate], `${surrogate} as the file must exist`],
  [
    "a truncated surrogate",
    (files) => files[surrogate] = JSON.stringify(files[surrogate]).slice(0, -40),
    `${surrogate} as it must be JSON`,
  ],
];
const discreteDamages: typeof damages = [
  [
    "equal responses in all rows",
    (files) => files[test].s.a.y.fill([1]),
    `${test} > s > a as its responses must differ: all are 1`,
  ],
];

async function assertRefused(
  files: BenchmarkJson,
  evaluate: (handler: HpobHandler) => Promise<unknown>,
  message: (folder: string) => string,
): Promise<void> {
  await withFolder(files, async (folder) => {
    await assertRejects(
      async () => await evaluate(await HpobHandler.open(folder)),
      InputError,
      message(folder),
    );
  });
}

for (const [kind, damage, message] of [...damages, ...continuousDamages]) {
  Deno.test(`the continuous protocol refuses a benchmark with ${kind}`, async () => {
    const files = tinyBenchmark();
    damage(files);
    await assertRefused(
      files,
      (handler) => handler.evaluateContinuous(constant, run),
      (folder) => `Cannot read ${folder}/${message}`,
    );
  });
}

for (const [kind, damage, message] of [...damages, ...discreteDamages]) {
  Deno.test(`the discrete protocol refuses a benchmark with ${kind}`, async () => {
    const files = tinyBenchmark();
    damage(files);
    await assertRefused(
      files,
      (handler) => handler.evaluate(constant, run),
      (folder) => `Cannot read ${folder}/${message}`,
    );
  });
}

Deno.test("a search space without data sets is refused", async () => {
  const files = tinyBenchmark();
  files[test].empty = {};
  await assertRefused(
    files,
    (handler) => handler.evaluate(constant, run),
    () => "Cannot open benchmark as search space empty must have a data set",
  );
});

Deno.test("a surrogate of another dimension is refused", async () => {
  const files = tinyBenchmark();
  files[surrogate].learner.learner_model_param.num_feature = "3";
  await assertRefused(
    files,
    (handler) => handler.evaluateContinuous(constant, run),
    (folder) =>
      `Cannot use surrogate ${folder}/${surrogate} as it must have 2 features as the table has: got 3`,
  );
});

Deno.test("a surrogate that is no regression is refused by the name of its objective", async () => {
  const files = tinyBenchmark();
  files[surrogate].learner.objective.name = "multi:softmax";
  await assertRefused(
    files,
    (handler) => handler.evaluateContinuous(constant, run),
    (folder) => `Cannot read XGBoost model ${folder}/${surrogate} as the objective must be`,
  );
});

Deno.test("damage in one data set does not keep others from running", async () => {
  const files = tinyBenchmark();
  files[test].s.b.y = [];
  files["saved-surrogates/surrogate-s-b.json"] = "";
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    assertEquals((await handler.evaluateContinuous(constant, run)).length, 3);
    await assertRejects(
      () => handler.evaluateContinuous(constant, { ...run, datasetId: "b" }),
      InputError,
    );
    assertEquals((await handler.evaluate(constant, run)).length, 3);
  });
});

Deno.test("what could not be read is read again when asked again", async () => {
  const files = tinyBenchmark();
  delete files[surrogate];
  await withFolder(files, async (folder) => {
    const handler = await HpobHandler.open(folder);
    await assertRejects(() => handler.evaluateContinuous(constant, run), InputError);
    const booster = JSON.stringify(tinyBenchmark()[surrogate]);
    await Deno.writeTextFile(`${folder}/${surrogate}`, booster);
    assertEquals(await handler.evaluateContinuous(constant, run), [0.4, 0.4, 0.4]);
  });
});
