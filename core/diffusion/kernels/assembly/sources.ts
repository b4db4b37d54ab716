/**
 * The kernels' sources as one checksum.
 *
 * @module
 */

/** Not kernels, but programs about them. */
const programs = ["build.ts", "sources.ts"];

/** SHA-256 of the names and texts of all kernel sources of a folder, in hexadecimal. */
export async function sourcesSha256(folder: URL): Promise<string> {
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".ts") && !programs.includes(name))
    .sort();
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, folder))));
  const bytes = new TextEncoder().encode(JSON.stringify([names, texts]));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
