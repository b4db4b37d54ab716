/**
 * Files of npm packages, wherever those are kept.
 *
 * @module
 */
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The URL of a package's main file; others of the package are beside it. */
export function packageUrl(name: string): URL {
  const url = import.meta.resolve(name);
  // A module that was loaded from a registry gets the package's name again, and `require` knows where it is.
  return url.startsWith("npm:")
    ? pathToFileURL(createRequire(`${Deno.cwd()}/module.js`).resolve(name))
    : new URL(url);
}

/** The folder of TensorFlow.js's WebAssembly, which suggestions need. */
export function wasmFolder(): string {
  return fileURLToPath(new URL("./", packageUrl("@tensorflow/tfjs-backend-wasm")));
}
