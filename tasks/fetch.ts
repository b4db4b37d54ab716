/**
 * `deno task fetch`: downloads HPO-B's official data, checks it, and puts the part that is asked for
 * into a cache.
 *
 * @module
 */
import { InputError } from "../core/search/errors.ts";
import { publishedFolder, removeCache } from "../hpob/data/cache.ts";
import { readManifest } from "../hpob/data/cache_manifest.ts";
import { defaultCacheDirectory } from "../hpob/data/cache_directory.ts";
import { fetchBenchmark, type FetchReporter } from "../hpob/data/fetch.ts";
import { modes } from "../hpob/handler.ts";
import { dataArchive, publishedResults, surrogatesArchive } from "../hpob/data/official_data.ts";
import { fetchPublished } from "../hpob/data/published.ts";
import { cacheListing, formatBytes } from "./fetch/cache_listing.ts";
import { asTyped, type Command, type Flags, runCommand, UsageError } from "./shared/cli.ts";
import { Progress } from "./shared/progress.ts";

/** The command line. */
export const command: Command = {
  name: "fetch",
  summary:
    "Fetch HPO-B's official data into a cache: one download of 410 MB, continued if it is cut off.",
  flags: {
    space: {
      description: "Search spaces: IDs separated by commas, or all",
      value: "ID|all",
      default: "5971",
    },
    mode: { description: `Data sets: ${modes.join(", ")}`, value: "MODE", default: "v3-test" },
    published: { description: "Fetch the published results of RS-C, GP-C and DGP-C instead" },
    from: { description: "Take the files from this mirror, folder or file", value: "URL|PATH" },
    sha256: {
      description: "Expect this checksum of the file of --from, or NAME=HEX for several, by commas",
      value: "HEX",
    },
    cache: {
      description:
        "The cache's folder (default: $GENHPO_CACHE, or genhpo in the system's for caches)",
      value: "DIR",
    },
    "discard-archives": { description: "Delete the downloaded archives when all is unpacked" },
    path: { description: "Print the cache's folder and nothing else" },
    list: { description: "Show what the cache has" },
    remove: { description: "Remove the cache" },
  },
  examples: [
    "genhpo fetch",
    "genhpo fetch --space all --mode v3",
    "genhpo fetch --from /media/usb/hpo-b",
  ],
};

/** Tells the progress on stderr. */
class Report implements FetchReporter {
  #progress: Progress | undefined;

  step(what: string): (done: number, total: number | undefined) => void {
    this.finish();
    console.error(what);
    let start: number | undefined;
    return (done, total = done) => {
      start ??= done;
      this.#progress ??= new Progress(total, (done, elapsed) => {
        const rate = (done - start!) / elapsed;
        return `  ${formatBytes(done)} of ${formatBytes(total)}` +
          (rate > 0 ? `, ${formatBytes(rate)}/s` : "");
      });
      this.#progress.update(done);
    };
  }

  notice(message: string): void {
    if (this.#progress) this.#progress.log(message);
    else console.error(message);
  }

  finish(): void {
    this.#progress?.finish();
    this.#progress = undefined;
  }
}

/** `--sha256 HEX` or `--sha256 NAME=HEX,NAME=HEX`. */
function checksums(flags: Flags): Record<string, string> {
  const from = flags.text("from")?.replace(/[?#].*$/, "").split(/[/\\]/).pop();
  const entries = (flags.list("sha256") ?? []).map((text) => {
    const equals = text.indexOf("=");
    if (equals >= 0) return [text.slice(0, equals), text.slice(equals + 1)];
    const files = [dataArchive, surrogatesArchive, ...publishedResults];
    const file = files.find(({ name }) => name === from);
    if (!file) {
      throw new UsageError(
        `Flag --sha256 must be NAME=HEX unless --from is one of the files: got "${text}"`,
      );
    }
    return [file.name, text];
  });
  return Object.fromEntries(entries);
}

async function list(cache: string): Promise<void> {
  const manifest = await readManifest(cache);
  if (!manifest) {
    throw new InputError(`Cannot list ${cache} as it is no cache: run genhpo fetch`);
  }
  console.log(await cacheListing(cache, manifest));
}

async function fetchAll(flags: Flags, cache: string, reporter: Report): Promise<void> {
  const source = { cache, from: flags.text("from"), sha256: checksums(flags), reporter };
  if (flags.on("published")) {
    const paths = await fetchPublished(source);
    reporter.finish();
    console.log(
      asTyped(`${paths.join("\n")}\nNext: genhpo plot ${cache}/${publishedFolder} RESULTS`),
    );
    return;
  }
  const names = flags.list("space")!;
  const mode = flags.choice("mode", modes);
  const manifest = await fetchBenchmark({
    ...source,
    mode,
    spaces: names.includes("all") ? "all" : names,
    keepArchives: !flags.on("discard-archives"),
  });
  reporter.finish();
  console.log(await cacheListing(cache, manifest));
  if (mode === "v3-test") {
    const space = names.length === 1 ? names[0] : "all";
    console.log(asTyped(`Next: genhpo bench --data ${cache} --space ${space}`));
  }
}

export async function run(flags: Flags): Promise<void> {
  const actions = ["path", "list", "remove", "published"].filter((name) => flags.on(name));
  if (actions.length > 1) {
    throw new UsageError(`Flags --${actions.join(" and --")} cannot be given together`);
  }
  const cache = flags.text("cache") ?? defaultCacheDirectory();
  if (flags.on("path")) return console.log(cache);
  if (flags.on("list")) return await list(cache);
  if (flags.on("remove")) {
    console.log(await removeCache(cache) ? `Removed ${cache}` : `There is no cache ${cache}`);
    return;
  }
  const reporter = new Report();
  try {
    await fetchAll(flags, cache, reporter);
  } finally {
    reporter.finish();
  }
}

if (import.meta.main) await runCommand(command, run);
