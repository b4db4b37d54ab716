/**
 * The text of `deno task fetch --list`.
 *
 * @module
 */
import { downloadsFolder } from "../../hpob/data/cache.ts";
import type { CacheManifest } from "../../hpob/data/cache_manifest.ts";

/** What a cache contains, for people. */
export async function cacheListing(directory: string, manifest: CacheManifest): Promise<string> {
  const sizeOf = (prefix: string) =>
    Object.entries(manifest.files)
      .filter(([path]) => path.startsWith(prefix))
      .reduce((sum, [, file]) => sum + file.bytes, 0);
  const lines = [
    `${directory}: ${formatBytes(sizeOf(""))}, ${manifest.format} ${manifest.formatVersion}, ` +
    `created by ${manifest.createdBy}`,
  ];
  for (const [table, spaces] of Object.entries(manifest.tables)) {
    const taken = Object.entries(spaces).filter(([, datasets]) => datasets !== null);
    lines.push(`${table}: ${taken.length} of ${Object.keys(spaces).length} search spaces`);
    for (const [space, datasets] of taken) {
      const size = sizeOf(`${table.replace(/\.json$/, "")}/${space}/`);
      lines.push(
        `  ${space}: data sets ${Object.keys(datasets!).join(", ")} (${formatBytes(size)})`,
      );
    }
  }
  if (manifest.surrogates.length > 0) {
    lines.push(
      `surrogates of ${manifest.surrogates.join(", ")} (${
        formatBytes(sizeOf("saved-surrogates/surrogate-"))
      })`,
    );
  }
  const published = Object.keys(manifest.files).filter((path) => path.startsWith("published/"));
  if (published.length > 0) lines.push(`published results: ${published.join(", ")}`);
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.sources)) {
    lines.push(`taken from ${name}: ${bytes} bytes, SHA-256 ${sha256}`);
  }
  const archives = await sizesIn(`${directory}/${downloadsFolder}`);
  if (archives.length > 0) {
    lines.push(
      `kept archives: ${
        archives.map(([name, size]) => `${name} (${formatBytes(size)})`).join(", ")
      }`,
    );
  }
  return lines.join("\n");
}

async function sizesIn(folder: string): Promise<[name: string, size: number][]> {
  const sizes: [string, number][] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      sizes.push([name, (await Deno.stat(`${folder}/${name}`)).size]);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return sizes.sort();
}

/** `12.3 MB` */
export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
