/**
 * Files of npm packages, wherever those are kept.
 *
 * @module
 */
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * The URL of a package's main file; others of the package are beside it.
 *
 * @param resolved `import.meta.resolve("NAME")`: in a checkout that URL, and `npm:NAME@VERSION` in a module that was
 * loaded from a registry, where `require` knows the files.
 */
export function packageUrl(resolved: string): URL {
  const [, name] = /^npm:\/*((?:@[^/]+\/)?[^@/]+)/.exec(resolved) ?? [];
  return name === undefined
    ? new URL(resolved)
    : pathToFileURL(createRequire(`${Deno.cwd()}/module.js`).resolve(name));
}

/** The folder of TensorFlow.js's WebAssembly, which suggestions need. */
export function wasmFolder(): string {
  const main = packageUrl(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  return fileURLToPath(new URL("./", main));
}
