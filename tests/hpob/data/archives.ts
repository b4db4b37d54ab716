/** Zip archives for tests: the embedded benchmark in the layout of HPO-B's, and harmful ones. */
import * as zip from "@zip.js/zip.js";
import { sha256OfBytes } from "../../../hpob/data/checksum.ts";

/** Packs files, in order; a value may carry options of zip.js. */
export async function packZip(
  files: readonly (readonly [
    name: string,
    content: string | Uint8Array,
    zip.ZipWriterAddDataOptions?,
  ])[],
): Promise<Uint8Array> {
  const writer = new zip.ZipWriter(new zip.Uint8ArrayWriter(), { useWebWorkers: false });
  const date = new Date(2022, 5, 28); // not today, which would change the archive's checksum
  for (const [name, content, options] of files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await writer.add(name, new zip.Uint8ArrayReader(bytes), { lastModDate: date, ...options });
  }
  return await writer.close();
}

/** An archive of the embedded benchmark's files in a folder. */
async function packFolder(folder: string): Promise<Uint8Array> {
  const base = new URL(`../../../hpob/mini/${folder}/`, import.meta.url);
  const names = (await Array.fromAsync(Deno.readDir(base))).map((entry) => entry.name).sort();
  return await packZip(
    names.map((name) => [`${folder}/${name}`, Deno.readFileSync(new URL(name, base))] as const),
  );
}

/** Archives with the names and the layout of HPO-B's. */
export const archives: Readonly<Record<string, Uint8Array>> = {
  "hpob-data.zip": await packFolder("hpob-data"),
  "saved-surrogates.zip": await packFolder("saved-surrogates"),
};

/** Checksums by file name. */
export function checksumsOf(files: Readonly<Record<string, Uint8Array>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, sha256OfBytes(bytes)]),
  );
}

/** A folder that is removed with everything in it. */
export class TemporaryFolder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "genhpo-" });

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** Path -> SHA-256 of every file in a folder. */
export async function snapshotOf(folder: string, base = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of Deno.readDir(`${folder}/${base}`)) {
    const path = base === "" ? entry.name : `${base}/${entry.name}`;
    if (entry.isDirectory) Object.assign(found, await snapshotOf(folder, path));
    else if (!entry.name.endsWith(".lock")) {
      found[path] = sha256OfBytes(await Deno.readFile(`${folder}/${path}`));
    }
  }
  return Object.fromEntries(Object.entries(found).sort());
}
