/**
 * Compiles the AssemblyScript kernels of this folder into `../_module.ts` and `../_fused_module.ts`. To be run after a
 * change:
 *
 * ```
 * deno run --no-lock --no-config --allow-env=CI --allow-read=core/diffusion/kernels/assembly \
 *   --allow-write=core/diffusion/kernels core/diffusion/kernels/assembly/build.ts
 * ```
 *
 * @module
 */
import asc from "npm:assemblyscript@0.28.20/asc";
import { sourcesSha256 } from "./sources.ts";

const folder = new URL("./", import.meta.url);

/** The module in Base64, as lines of source text. */
async function compile(features: readonly string[]): Promise<string> {
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
      ...features.map((feature) => `--enable=${feature}`),
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
  return binary.toBase64().match(/.{1,94}/g)!.map((line: string) => `  "${line}"`).join(" +\n");
}

const generated = "// Compiled from ./assembly by ./assembly/build.ts. Do not edit.\n";
await Deno.writeTextFile(
  new URL("../_module.ts", folder),
  `${generated}/** SHA-256 of the sources, by which a test tells whether they were compiled. */\n` +
    `export const kernelSourcesSha256: string =\n  "${await sourcesSha256(folder)}";\n` +
    `/** The kernels, for every engine with 128-bit SIMD. */\n` +
    `export const kernelModuleBase64: string =\n${await compile(["simd"])};\n`,
);
await Deno.writeTextFile(
  new URL("../_fused_module.ts", folder),
  `${generated}/** The kernels with fused multiplications and additions, for engines with relaxed SIMD. */\n` +
    `export const fusedKernelModuleBase64: string =\n${
      await compile(["simd", "relaxed-simd"])
    };\n`,
);
