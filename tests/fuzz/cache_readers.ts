/**
 * Readers of HPO-B's archives and of caches that are made of them.
 *
 * @module
 */
import { manifestName } from "../../hpob/data/cache_manifest.ts";
import { fetchBenchmark } from "../../hpob/data/fetch.ts";
import { HpobHandler } from "../../hpob/handler.ts";
import { checksumsOf, packZip, snapshotOf, TemporaryFolder } from "../hpob/data/archives.ts";
import { tinyBenchmark } from "../hpob/_benchmark.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, textOf } from "./reader.ts";

/** The archives of the tiny benchmark. */
async function tinyArchives() {
  const files = Object.entries(tinyBenchmark())
    .map(([path, json]) => [path, JSON.stringify(json)] as const);
  const of = (folder: string) => packZip(files.filter(([path]) => path.startsWith(folder)));
  return {
    "hpob-data.zip": await of("hpob-data/"),
    "saved-surrogates.zip": await of("saved-surrogates/"),
  };
}

/** Fills a cache from archives, and opens it. */
async function fetchInto(
  cache: string,
  source: string,
  archives: Record<string, Uint8Array>,
): Promise<HpobHandler> {
  for (const [name, bytes] of Object.entries(archives)) {
    await Deno.writeFile(`${source}/${name}`, bytes);
  }
  await fetchBenchmark({ cache, from: source, spaces: ["s"], sha256: checksumsOf(archives) });
  return await HpobHandler.open(cache);
}

const archives = await tinyArchives();
let cacheFiles: Promise<Map<string, Uint8Array>> | undefined;

/** The files of a cache of the tiny benchmark, by their paths. */
function tinyCache(): Promise<Map<string, Uint8Array>> {
  return cacheFiles ??= (async () => {
    using folder = new TemporaryFolder();
    const cache = `${folder.path}/cache`;
    await fetchInto(cache, folder.path, archives);
    const paths = Object.keys(await snapshotOf(cache));
    const read = async (path: string) => [path, await Deno.readFile(`${cache}/${path}`)] as const;
    return new Map(await Promise.all(paths.map(read)));
  })();
}

export const cacheReaders: readonly FuzzedReader[] = [
  {
    name: "archive",
    corpus: () => Promise.resolve([archives["hpob-data.zip"]]),
    read: async (file) => {
      using folder = new TemporaryFolder();
      const handler = await fetchInto(`${folder.path}/cache`, folder.path, {
        ...archives,
        "hpob-data.zip": file,
      });
      return await handler.table("s", "a");
    },
  },
  {
    name: "manifest",
    corpus: async () => [(await tinyCache()).get(manifestName)!],
    read: async (file) => {
      using folder = new TemporaryFolder();
      const cache = `${folder.path}/cache`;
      for (const [path, bytes] of await tinyCache()) {
        const target = `${cache}/${path}`;
        await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
        await Deno.writeFile(target, path === manifestName ? file : bytes);
      }
      const handler = await HpobHandler.open(cache);
      for (const dataset of handler.datasets("s")) await handler.table("s", dataset);
      await fetchInto(cache, folder.path, archives);
    },
    mutate: (file, random) => new TextEncoder().encode(mutateJson(textOf(file), random)),
  },
];
