import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { lockCache, removeCache } from "../../../hpob/data/cache.ts";
import { program } from "../../../hpob/data/cache_manifest.ts";
import { defaultCacheDirectory } from "../../../hpob/data/cache_directory.ts";
import { TemporaryFolder } from "./archives.ts";

Deno.test("the cache is where the platform keeps caches, unless GENHPO_CACHE says otherwise", () => {
  const directory = (os: string, variables: Record<string, string>) =>
    defaultCacheDirectory({ os, env: (name) => variables[name] });
  assertEquals(directory("linux", { HOME: "/h" }), "/h/.cache/genhpo");
  assertEquals(directory("linux", { HOME: "/h", XDG_CACHE_HOME: "/x" }), "/x/genhpo");
  assertEquals(
    directory("linux", { HOME: "/h", XDG_CACHE_HOME: "x" }),
    "/h/.cache/genhpo",
  );
  assertEquals(directory("darwin", { HOME: "/Users/a" }), "/Users/a/Library/Caches/genhpo");
  assertEquals(directory("windows", { LOCALAPPDATA: "C:\\A" }), "C:\\A\\genhpo");
  assertEquals(directory("windows", { LOCALAPPDATA: "C:\\A", GENHPO_CACHE: "D:\\c" }), "D:\\c");
  assertThrows(() => directory("linux", {}), InputError, "HOME must be set: give --cache");
  assertThrows(() => directory("windows", {}), InputError, "LOCALAPPDATA must be set");
});

Deno.test("whoever comes second waits until the first has left, and is told for whom", async () => {
  using folder = new TemporaryFolder();
  const first = await lockCache(folder.path, () => {
    throw new Error("nobody else has it");
  });
  const events: string[] = [];
  let waiting: () => void;
  const isWaiting = new Promise<void>((resolve) => waiting = resolve);
  const second = lockCache(folder.path, (owner) => {
    events.push(`waiting for ${owner}`);
    waiting();
  });
  await isWaiting;
  await assertRejects(() => removeCache(folder.path), InputError, `process ${Deno.pid} is writing`);
  events.push("first leaves");
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  assertEquals(events, [`waiting for ${Deno.pid}`, "first leaves"]);
});

Deno.test("who waited for a cache that was removed locks the new one", async () => {
  using folder = new TemporaryFolder();
  const cache = `${folder.path}/cache`;
  const first = await lockCache(cache, () => {});
  let waiting: () => void;
  const isWaiting = new Promise<void>((resolve) => waiting = resolve);
  const second = lockCache(cache, () => waiting());
  await isWaiting;
  await Deno.remove(cache, { recursive: true });
  first[Symbol.dispose]();
  using _lock = await second;
  await assertRejects(() => removeCache(cache), InputError, "is writing");
});

Deno.test("what a killed process left of a manifest is removed by the next one that writes", async () => {
  using folder = new TemporaryFolder();
  (await lockCache(folder.path, () => {}))[Symbol.dispose]();
  await Deno.writeTextFile(`${folder.path}/genhpo-cache.json.1234.tmp`, "{");
  (await lockCache(folder.path, () => {}))[Symbol.dispose]();
  const names = (await Array.fromAsync(Deno.readDir(folder.path))).map(({ name }) => name);
  assertEquals(names, ["genhpo-cache.lock"]);
});

Deno.test("a cache says which version of the program made it", async () => {
  const { name, version } = JSON.parse(await Deno.readTextFile("deno.json"));
  assertEquals(program, `${name.split("/").pop()} ${version}`);
});
