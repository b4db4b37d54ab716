/**
 * Compiles the AssemblyScript kernels of this folder into `../_module.ts`. To be run after a change:
 *
 * ```
 * deno run --no-lock --no-config --allow-env=CI --allow-read=core/diffusion/kernels/assembly \
 *   --allow-write=core/diffusion/kernels/_module.ts core/diffusion/kernels/assembly/build.ts
 * ```
 *
 * @module
 */
import asc from "npm:assemblyscript@0.28.20/asc";
import { sourcesSha256 } from "./sources.ts";

const folder = new URL("./", import.meta.url);
let binary: Uint8Array | undefined;
const { error, stderr } = await asc.main(
  [
    "index.ts",
    "--outFile=kernels.wasm",
    "-O3",
    "--converge",
    "--noAssert",
    "--runtime=minimal",
    "--importMemory",
    "--initialMemory=1",
    "--enable=simd",
  ],
  {
    readFile: (name: string) => {
      try {
        return Deno.readTextFileSync(new URL(name, folder));
      } catch {
        return null;
      }
    },
    writeFile: (_name: string, contents: Uint8Array) => {
      binary = contents;
    },
    listFiles: () => [],
  },
);
if (error || binary === undefined) throw new Error(`Cannot compile the kernels: ${stderr}`);
const lines = binary.toBase64().match(/.{1,94}/g)!.map((line: string) => `  "${line}"`).join(
  " +\n",
);
await Deno.writeTextFile(
  new URL("../_module.ts", folder),
  `// Compiled from ./assembly by ./assembly/build.ts. Do not edit.\n` +
    `/** SHA-256 of the sources, by which a test tells whether they were compiled. */\n` +
    `export const kernelSourcesSha256: string =\n  "${await sourcesSha256(folder)}";\n` +
    `export const kernelModuleBase64: string =\n${lines};\n`,
);
