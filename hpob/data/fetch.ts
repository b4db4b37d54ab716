/**
 * Fetching HPO-B: from nothing to a cache that {@linkcode HpobHandler.open} opens.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { Archive } from "./archive.ts";
import { type Mode, modes, tablesOfMode } from "./contents.ts";
import { Extraction, type Spaces } from "./_extraction.ts";
import { forgetDamaged, missingSpaces, spacesOf } from "./_inventory.ts";
import {
  checkSource,
  checkVersions,
  expectedChecksum,
  type FetchReporter,
  obtain,
  silentReporter,
  type SourceOptions,
  waitNotice,
} from "./_source.ts";
import { downloadsFolder, lockCache, removeIfThere } from "./cache.ts";
import {
  type CacheManifest,
  emptyManifest,
  program,
  readManifest,
  writeManifest,
} from "./cache_manifest.ts";
import { dataArchive, type OfficialFile, surrogatesArchive } from "./official_data.ts";

export type { FetchReporter, SourceOptions, Spaces };

/** What {@linkcode fetchBenchmark} fetches, from where, into which cache. */
export interface FetchOptions extends SourceOptions {
  /** The cache's folder; made if it does not exist. */
  cache: string;
  /**
   * The mode in which the cache is to be opened.
   * @default {"v3-test"}
   */
  mode?: Mode;
  /**
   * The search spaces.
   * @default {["5971"]}
   */
  spaces?: Spaces;
  /**
   * Keep the downloaded archives, so that further search spaces need no download.
   * @default {true}
   */
  keepArchives?: boolean;
  /** Is told of the progress. */
  reporter?: FetchReporter;
}

/**
 * Makes sure that a cache has the tables and surrogates of some search spaces. What is there already
 * is checked and not fetched again; what is damaged is replaced.
 *
 * @returns the cache's manifest.
 * @throws {InputError} when something cannot be had; the cache is then as it was before.
 */
export async function fetchBenchmark(options: FetchOptions): Promise<CacheManifest> {
  const { cache, mode = "v3-test", spaces = ["5971"], reporter = silentReporter } = options;
  if (!modes.includes(mode)) {
    throw new InputError(
      `Cannot fetch as 'mode' must be one of ${modes.join(", ")}: got "${mode}"`,
    );
  }
  checkSource(options, [dataArchive, surrogatesArchive]);
  using _lock = await lockCache(cache, waitNotice(cache, reporter));
  const manifest = await readManifest(cache) ?? emptyManifest();
  checkVersions(cache, manifest.sources, options.sha256);
  await forgetDamaged(cache, manifest);
  const tables = tablesOfMode(mode);
  let unpacking: { name: string; report: ReturnType<FetchReporter["step"]> } | undefined;
  await using extraction = new Extraction(cache, manifest, (name, done, total) => {
    if (name !== unpacking?.name) {
      unpacking = { name, report: reporter.step(`Unpacking ${name}`) };
    }
    unpacking.report(done, total);
  });

  const tablesMissing = missingSpaces(manifest, tables, spaces);
  if (tablesMissing === "all" || tablesMissing.length > 0) {
    await using archive = await open(dataArchive, manifest, options);
    await extraction.takeTables(archive, tables, tablesMissing);
  }
  const surrogatesMissing = spacesOf(manifest, tables, spaces)
    .filter((space) => !manifest.surrogates.includes(space));
  if (surrogatesMissing.length > 0) {
    await using archive = await open(surrogatesArchive, manifest, options);
    await extraction.takeSurrogates(archive, surrogatesMissing);
  }
  await extraction.commit();
  manifest.createdBy = program;
  await writeManifest(cache, manifest);
  if (options.keepArchives === false) await removeIfThere(`${cache}/${downloadsFolder}`);
  return manifest;
}

/** Opens an archive, which must be of the same version as what the cache has of it. */
async function open(
  official: OfficialFile,
  manifest: CacheManifest,
  options: FetchOptions,
): Promise<Archive> {
  const { cache, reporter = silentReporter } = options;
  checkVersions(cache, manifest.sources, {
    [official.name]: expectedChecksum(official, options),
  });
  const { path, ...record } = await obtain(official, cache, options, reporter);
  manifest.sources[official.name] = record;
  return await Archive.open(path);
}
