/**
 * The results that HPO-B's authors published.
 *
 * @module
 */
import { forgetDamaged } from "./_inventory.ts";
import { NewFile } from "./_new_file.ts";
import {
  checkSource,
  checkVersions,
  type FetchReporter,
  obtain,
  silentReporter,
  type SourceOptions,
  waitNotice,
} from "./_source.ts";
import {
  downloadsFolder,
  lockCache,
  publishedFolder,
  removeIfThere,
  unpackingFolder,
} from "./cache.ts";
import { emptyManifest, readManifest, writeManifest } from "./cache_manifest.ts";
import { publishedResults } from "./official_data.ts";
import { formatResults, parseResults } from "../comparison/results.ts";

/**
 * Fetches the results that HPO-B's authors published for the continuous protocol, and stores them as
 * result files that state the protocol.
 *
 * @returns the paths of the result files.
 * @throws {InputError} when they cannot be had.
 */
export async function fetchPublished(
  options: SourceOptions & { cache: string; reporter?: FetchReporter },
): Promise<string[]> {
  const { cache, reporter = silentReporter } = options;
  checkSource(options, publishedResults);
  using _lock = await lockCache(cache, waitNotice(cache, reporter));
  const manifest = await readManifest(cache) ?? emptyManifest();
  checkVersions(cache, manifest.sources, options.sha256);
  await forgetDamaged(cache, manifest);
  const paths: string[] = [];
  for (const official of publishedResults) {
    const path = `${publishedFolder}/${official.name}`;
    paths.push(`${cache}/${path}`);
    if (manifest.files[path]) continue;
    const { path: source, ...record } = await obtain(official, cache, options, reporter);
    const results = parseResults(await Deno.readTextFile(source), {
      source,
      protocol: "continuous",
    });
    const settings = {
      benchmark: "HPO-B",
      source: official.urls[0],
      sha256: record.sha256,
      officialTrace: true,
    };
    using file = new NewFile(`${cache}/${unpackingFolder}/${path}`);
    file.write(new TextEncoder().encode(formatResults({ ...results, settings })));
    manifest.files[path] = file.end();
    manifest.sources[official.name] = record;
    await Deno.mkdir(`${cache}/${publishedFolder}`, { recursive: true });
    await Deno.rename(file.path, `${cache}/${path}`);
    await removeIfThere(`${cache}/${downloadsFolder}/${official.name}`);
  }
  await removeIfThere(`${cache}/${unpackingFolder}`);
  await writeManifest(cache, manifest);
  return paths;
}
