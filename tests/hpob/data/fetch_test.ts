import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { Random } from "../../../core/search/random.ts";
import { removeCache } from "../../../hpob/data/cache.ts";
import { emptyManifest, manifestName, readManifest } from "../../../hpob/data/cache_manifest.ts";
import { fetchBenchmark, type FetchOptions } from "../../../hpob/data/fetch.ts";
import { HpobHandler } from "../../../hpob/handler.ts";
import { fetchPublished } from "../../../hpob/data/published.ts";
import { readResults } from "../../../hpob/comparison/results.ts";
import { archives, checksumsOf, packZip, snapshotOf, TemporaryFolder } from "./archives.ts";
import { FileServer } from "./_file_server.ts";

/** Tables of some search spaces with two data sets each, `size` rows in `dimension` columns. */
function tables(spaces: readonly string[], datasets: readonly string[], dimension: number): string {
  const row = (i: number) =>
    Array.from({ length: dimension }, (_, j) => ((i * 7 + j * 3) % 10) / 10);
  const table = {
    X: Array.from({ length: 12 }, (_, i) => row(i)),
    y: Array.from({ length: 12 }, (_, i) => [((i * 5) % 12) / 12]),
  };
  const named = <T>(names: readonly string[], value: T) =>
    Object.fromEntries(names.map((name) => [name, value]));
  return JSON.stringify(named(spaces, named(datasets, table)), null, 1);
}

const spaces = ["4796", "5971", "5971-b"];
const initializations = Object.fromEntries(
  spaces.map((space) => [
    space,
    Object.fromEntries(
      ["10", "11", "20", "30"].map((dataset) => [dataset, { test0: [0, 1, 2, 3, 4] }]),
    ),
  ]),
);
const booster = Deno.readTextFileSync(
  new URL(
    "../../../hpob/mini/saved-surrogates/surrogate-mini-xgboost-glass.json",
    import.meta.url,
  ),
);
/** All files of a benchmark of three search spaces with splits, in HPO-B's layout. */
const synthetic = {
  "hpob-data.zip": await packZip([
    ["hpob-data/meta-train-dataset.json", tables(spaces, ["20"], 3)],
    ["hpob-data/meta-train-dataset-augmented.json", tables([...spaces, "151"], ["20"], 3)],
    ["hpob-data/meta-validation-dataset.json", tables(spaces, ["30"], 3)],
    ["hpob-data/meta-test-dataset.json", tables(spaces, ["10", "11"], 3)],
    ["hpob-data/bo-initializations.json", JSON.stringify(initializations)],
  ]),
  "saved-surrogates.zip": await packZip([
    ...spaces.flatMap((space) =>
      ["10", "11"].map((name) =>
        [`saved-surrogates/surrogate-${space}-${name}.json`, booster] as const
      )
    ),
    ["saved-surrogates/summary-stats.json", "{}"],
  ]),
};

/** A folder with archives, and options that fetch them. */
function sourceOf(
  files: Readonly<Record<string, Uint8Array>>,
): Disposable & { options: Pick<FetchOptions, "from" | "sha256"> } {
  const folder = new TemporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    Deno.writeFileSync(`${folder.path}/${name}`, bytes);
  }
  return {
    options: { from: folder.path, sha256: checksumsOf(files) },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

Deno.test("a cache of the embedded benchmark gives what the embedded benchmark gives", async () => {
  using folder = new TemporaryFolder();
  await using server = new FileServer(archives);
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({
    cache,
    from: server.url,
    sha256: checksumsOf(archives),
    spaces: ["mini-xgboost"],
  });
  const cached = await HpobHandler.open(cache);
  const embedded = await HpobHandler.embedded();
  assertEquals(cached.searchSpaces(), embedded.searchSpaces());
  assertEquals(cached.datasets("mini-xgboost"), embedded.datasets("mini-xgboost"));
  assertEquals([cached.seeds(), cached.dimension("mini-xgboost")], [embedded.seeds(), 16]);
  assertEquals(
    await cached.descriptors("mini-xgboost"),
    await embedded.descriptors("mini-xgboost"),
  );
  for (const dataset of cached.datasets("mini-xgboost")) {
    assertEquals(
      await cached.table("mini-xgboost", dataset),
      await embedded.table("mini-xgboost", dataset),
    );
  }
  const middle = {
    name: "middle",
    observeAndSuggest: () => Promise.resolve(new Float64Array(16).fill(0.5)),
    observeAndChoose: () => Promise.resolve(0),
  };
  const run = { searchSpaceId: "mini-xgboost", datasetId: "vowel", seed: "test2", trials: 2 };
  assertEquals(
    await cached.evaluateContinuous(middle, run),
    await embedded.evaluateContinuous(middle, run),
  );
});

Deno.test("twenty connections cut at random bytes do not change a byte of the cache", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(archives);
  await using server = new FileServer(
    archives,
    (_, count) => count <= cuts.length ? { cutAfter: cuts[count - 1] } : {},
  );
  const random = Random.of("fetch test");
  const cuts = Array.from({ length: 20 }, () => 1 + random.integer(30_000));
  const options = { spaces: ["mini-xgboost"], sha256: checksumsOf(archives) };
  await fetchBenchmark({
    ...options,
    cache: `${folder.path}/cut`,
    from: server.url,
    patience: { retryDelay: 0.001 },
    keepArchives: false,
  });
  await fetchBenchmark({ ...options, cache: `${folder.path}/whole`, ...source.options });
  assertEquals(server.requests.length > 20, true);
  assertEquals(await snapshotOf(`${folder.path}/cut`), await snapshotOf(`${folder.path}/whole`));
});

Deno.test("only what is asked for is taken, and what is missing is said with the command", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({ cache, ...source.options });
  assertEquals(Object.keys(await snapshotOf(cache)), [
    manifestName,
    "hpob-data/bo-initializations.json",
    "hpob-data/meta-test-dataset/5971/10.json",
    "hpob-data/meta-test-dataset/5971/11.json",
    "saved-surrogates/summary-stats.json",
    "saved-surrogates/surrogate-5971-10.json",
    "saved-surrogates/surrogate-5971-11.json",
  ]);
  const handler = await HpobHandler.open(cache);
  assertEquals(handler.searchSpaces(), ["5971"]);
  let error = await assertRejects(() => handler.table("4796", "10"), InputError);
  assertStringIncludes(error.message, "genhpo fetch --space 4796");
  error = await assertRejects(() => HpobHandler.open(cache, { mode: "v3" }), InputError);
  assertStringIncludes(error.message, "genhpo fetch --mode v3");
  error = await assertRejects(() => handler.table("597", "10"), InputError);
  assertStringIncludes(error.message, 'did you mean "5971"?');
  error = await assertRejects(
    () => fetchBenchmark({ cache, ...source.options, spaces: ["5972"] }),
    InputError,
  );
  assertStringIncludes(error.message, 'Cannot fetch search space "5972"');
  assertStringIncludes(error.message, 'did you mean "5971"?');
});

Deno.test("a cache grows piece by piece into the same bytes as at once", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  const [grown, whole] = [`${folder.path}/grown`, `${folder.path}/whole`];
  await fetchBenchmark({ cache: grown, ...source.options, spaces: ["5971-b"] });
  await fetchBenchmark({ cache: grown, ...source.options, spaces: ["5971"], mode: "v3" });
  await fetchBenchmark({ cache: grown, ...source.options, spaces: "all" });
  await fetchBenchmark({ cache: grown, ...source.options, spaces: "all", mode: "v3" });
  await fetchBenchmark({ cache: whole, ...source.options, spaces: "all", mode: "v3" });
  assertEquals(await snapshotOf(grown), await snapshotOf(whole));
  const handler = await HpobHandler.open(whole, { mode: "v3" });
  assertEquals(handler.searchSpaces(), spaces);
  assertEquals(handler.datasets("5971", "train"), ["20"]);
});

Deno.test("every mode can be fetched and opened", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  const datasets = {
    "v1": ["10", "11", "20", "30"],
    "v2": ["10", "11", "20", "30"],
    "v3": ["10", "11"],
    "v3-test": ["10", "11"],
    "v3-train-augmented": ["10", "11"],
  };
  for (
    const [mode, expected] of Object.entries(datasets) as [
      FetchOptions["mode"] & string,
      string[],
    ][]
  ) {
    const cache = `${folder.path}/${mode}`;
    await fetchBenchmark({ cache, ...source.options, mode, spaces: "all" });
    const handler = await HpobHandler.open(cache, { mode });
    assertEquals(handler.datasets("5971").sort(), expected);
    assertEquals(handler.searchSpaces().includes("151"), mode === "v1");
  }
});

Deno.test("what is there already is not fetched again, and works without the source", async () => {
  using folder = new TemporaryFolder();
  await using server = new FileServer(synthetic);
  const cache = `${folder.path}/cache`;
  const options = { cache, from: server.url, sha256: checksumsOf(synthetic) };
  await fetchBenchmark(options);
  assertEquals(server.requests.map(({ path }) => path), [
    "/hpob-data.zip",
    "/saved-surrogates.zip",
  ]);
  const before = await snapshotOf(cache);
  await fetchBenchmark(options);
  assertEquals(await snapshotOf(cache), before);
  // Further search spaces come from the kept archives.
  await fetchBenchmark({ ...options, spaces: "all" });
  assertEquals(server.requests.length, 2);
  await fetchBenchmark({ ...options, spaces: "all", keepArchives: false });
  assertEquals(Object.keys(await snapshotOf(cache)).some((path) => path.endsWith(".zip")), false);
});

Deno.test("a damaged cache is noticed when it is read, and repaired by fetching again", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({ cache, ...source.options });
  const before = await snapshotOf(cache);
  const table = `${cache}/hpob-data/meta-test-dataset/5971/10.json`;
  await Deno.writeTextFile(table, (await Deno.readTextFile(table)).replace("0.7", "0.8"));
  await Deno.remove(`${cache}/saved-surrogates/surrogate-5971-11.json`);
  const handler = await HpobHandler.open(cache);
  const error = await assertRejects(() => handler.table("5971", "10"), InputError);
  assertStringIncludes(error.message, "5971/10.json as it is damaged: its checksum differs");
  await handler.table("5971", "11");
  await fetchBenchmark({ cache, ...source.options });
  assertEquals(await snapshotOf(cache), before);
});

Deno.test("a failed fetch leaves the cache as it was", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({ cache, ...source.options });
  const before = await snapshotOf(cache);
  const broken = {
    ...synthetic,
    "saved-surrogates.zip": await packZip([["saved-surrogates/other.json", "{}"]]),
  };
  using other = sourceOf(broken);
  await assertRejects(
    () => fetchBenchmark({ cache, ...other.options, spaces: ["4796"] }),
    InputError,
    "saved-surrogates.zip must be the one that it was made from",
  );
  assertEquals(await snapshotOf(cache), before);
  await assertRejects(
    () => fetchBenchmark({ cache: `${folder.path}/new`, ...other.options }),
    InputError,
    "Cannot find summary-stats.json",
  );
  assertEquals(await snapshotOf(`${folder.path}/new`), {});
});

Deno.test("names in tables that are no file names are refused", async () => {
  for (const name of ["../../evil", "a/b", ".hidden", "a\u0000b", "x".repeat(200), ""]) {
    using folder = new TemporaryFolder();
    const files = {
      ...synthetic,
      "hpob-data.zip": await packZip([
        ["hpob-data/meta-test-dataset.json", tables([name], ["1"], 2)],
        ["hpob-data/bo-initializations.json", "{}"],
      ]),
    };
    using source = sourceOf(files);
    const cache = `${folder.path}/cache`;
    await assertRejects(
      () => fetchBenchmark({ cache, ...source.options, spaces: "all" }),
      InputError,
      "must be letters",
    );
    assertEquals(await snapshotOf(folder.path), {});
  }
});

Deno.test("a table whose responses come first is taken as well", async () => {
  using folder = new TemporaryFolder();
  const table = '{"5971": {"1": {"y": [[0.1], [0.2]], "X": [[0, 0.5], [1, 1]]}}}';
  using source = sourceOf({
    ...synthetic,
    "hpob-data.zip": await packZip([
      ["meta-test-dataset.json", table],
      ["bo-initializations.json", "{}"],
    ]),
  });
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({ cache, ...source.options });
  assertEquals((await HpobHandler.open(cache)).dimension("5971"), 2);
});

Deno.test("an archive that is not the official one needs a checksum of its own", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  const from = source.options.from!;
  const fetching = (options: Partial<FetchOptions>) => () =>
    fetchBenchmark({ cache: `${folder.path}/cache`, from, ...options });
  await assertRejects(fetching({}), InputError, "Give --sha256 if you trust this one");
  await assertRejects(
    fetching({ sha256: { "hpob-data.zip": "12" } }),
    InputError,
    'must be 64 hexadecimal digits: got "12"',
  );
  await assertRejects(
    fetching({ sha256: { "hpob.zip": "0".repeat(64) } }),
    InputError,
    "its file must be one of hpob-data.zip, saved-surrogates.zip",
  );
  await assertRejects(
    fetching({ from: `${from}/other.zip` }),
    InputError,
    "its name must be one of",
  );
  await assertRejects(fetching({ from: `${from}/nothing` }), InputError, "the file must exist");
});

Deno.test("a folder with other files is neither filled nor removed", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  await Deno.writeTextFile(`${folder.path}/thesis.tex`, "");
  await assertRejects(
    () => fetchBenchmark({ cache: folder.path, ...source.options }),
    InputError,
    "must be empty or a cache",
  );
  await assertRejects(() => removeCache(folder.path), InputError, "must be a cache");
  assertEquals(Object.keys(await snapshotOf(folder.path)), ["thesis.tex"]);
});

Deno.test("a cache is removed with everything in it", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(synthetic);
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({ cache, ...source.options });
  assertEquals(await removeCache(cache), true);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
  assertEquals(await removeCache(cache), false);
});

Deno.test("a manifest of another version, or a damaged one, is refused", async () => {
  using folder = new TemporaryFolder();
  assertEquals(await readManifest(folder.path), undefined);
  const path = `${folder.path}/${manifestName}`;
  await Deno.writeTextFile(path, '{"format": "genhpo-cache", "formatVersion": 2}');
  await assertRejects(() => readManifest(folder.path), InputError, "got genhpo-cache 2");
  await Deno.writeTextFile(path, "{");
  await assertRejects(() => HpobHandler.open(folder.path), InputError, "is damaged");
  for (const key of ["createdBy", "sources", "tables", "surrogates", "files"] as const) {
    const damaged = { ...emptyManifest(), [key]: { "5971": { bytes: -1 } } };
    await Deno.writeTextFile(path, JSON.stringify(damaged));
    const error = await assertRejects(() => HpobHandler.open(folder.path), InputError);
    assertStringIncludes(error.message, `${manifestName} is damaged: '${key}'`);
  }
});

Deno.test("a NaN in a fetched table is an error that names the place", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf({
    ...synthetic,
    "hpob-data.zip": await packZip([
      ["meta-test-dataset.json", '{"s":{"a":{"X":[[NaN,0],[0,1]],"y":[[0],[1]]}}}'],
      ["bo-initializations.json", '{"s":{"a":{"test0":[0]}}}'],
    ]),
  });
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({ cache, spaces: ["s"], ...source.options });
  const handler = await HpobHandler.open(cache);
  assertEquals(handler.dimension("s"), 2);
  const error = await assertRejects(() => handler.table("s", "a"), InputError);
  assertStringIncludes(error.message, "s > a as 'X[0][0]' must be in [0, 1]: got NaN");
});

Deno.test("a checksum is demanded of what the cache has, too", async () => {
  using folder = new TemporaryFolder();
  using source = sourceOf(archives);
  const options = { cache: `${folder.path}/cache`, spaces: ["mini-xgboost"], ...source.options };
  await fetchBenchmark(options);
  await fetchBenchmark(options);
  const before = await snapshotOf(options.cache);
  await assertRejects(
    () => fetchBenchmark({ ...options, sha256: { "saved-surrogates.zip": "0".repeat(64) } }),
    InputError,
    "as saved-surrogates.zip must be the one that it was made from",
  );
  assertEquals(await snapshotOf(options.cache), before);
});

Deno.test("an invalid URL is refused at once", async () => {
  using folder = new TemporaryFolder();
  for (const from of ["http://[", "https://a b/c", "http://:99999/hpob-data.zip"]) {
    await assertRejects(
      () => fetchBenchmark({ cache: `${folder.path}/cache`, from }),
      InputError,
      `Cannot fetch from ${from} as it must be a valid URL`,
    );
  }
});

Deno.test("data sets have one order, in a folder and in a cache", async () => {
  using folder = new TemporaryFolder();
  const order = ["30", "b", "4", "a", "10"];
  const table = '{"X":[[0],[1]],"y":[[0],[1]]}';
  const files: Record<string, string> = {
    "hpob-data/meta-test-dataset.json": `{"s":{${
      order.map((name) => `"${name}":${table}`).join()
    }}}`,
    "hpob-data/bo-initializations.json": JSON.stringify({ s: { a: { test0: [0] } } }),
    "saved-surrogates/summary-stats.json": "{}",
  };
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(`${folder.path}/plain/${path.split("/")[0]}`, { recursive: true });
    await Deno.writeTextFile(`${folder.path}/plain/${path}`, content);
  }
  const [stats, ...tables] = Object.entries(files).reverse();
  using source = sourceOf({
    "hpob-data.zip": await packZip(tables),
    "saved-surrogates.zip": await packZip([stats]),
  });
  const cache = `${folder.path}/cache`;
  await fetchBenchmark({ cache, spaces: ["s"], ...source.options });
  for (const place of [cache, `${folder.path}/plain`]) {
    const handler = await HpobHandler.open(place);
    assertEquals(handler.datasets("s"), ["4", "10", "30", "b", "a"]);
  }
});

Deno.test("published results become result files that state the protocol", async () => {
  using folder = new TemporaryFolder();
  const results = JSON.stringify({ "5971": { "10": { test0: [0.5, 0.75, 1] } } });
  const files = Object.fromEntries(
    ["RS-C.json", "GP-C.json", "DGP-C.json"].map((
      name,
    ) => [name, new TextEncoder().encode(results)]),
  );
  await using server = new FileServer(files);
  const cache = `${folder.path}/cache`;
  const options = { cache, from: server.url, sha256: checksumsOf(files) };
  const paths = await fetchPublished(options);
  assertEquals(paths.map((path) => path.split("/").pop()), [
    "RS-C.json",
    "GP-C.json",
    "DGP-C.json",
  ]);
  const read = await readResults(paths[1], { protocol: "continuous" });
  assertEquals([read.method, read.trials, read.runs[0].incumbents], ["GP-C", 2, [0.5, 0.75, 1]]);
  await assertRejects(() => readResults(paths[1], { protocol: "discrete" }), InputError);
  const before = await snapshotOf(cache);
  await fetchPublished(options);
  assertEquals([await snapshotOf(cache), server.requests.length], [before, 3]);
  await assertRejects(
    () => fetchPublished({ ...options, sha256: { "GP-C.json": "0".repeat(64) } }),
    InputError,
    "as GP-C.json must be the one that it was made from",
  );
  // Without a checksum of one's own, the official size is expected.
  await assertRejects(
    () => fetchPublished({ cache: `${folder.path}/other`, from: server.url }),
    InputError,
    `has ${results.length} bytes instead of 717841`,
  );
});
