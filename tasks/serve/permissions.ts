/**
 * What the working process of `serve` may do.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { permissionFlag, permissionsOfStorage } from "../shared/storage_permissions.ts";
import type { ServeSettings } from "./settings.ts";

/** Folder of the only files that are read beside the storage: WebAssembly, by the package that has it. */
const wasmFolder = fileURLToPath(
  new URL("./", import.meta.resolve("@tensorflow/tfjs-backend-wasm")),
);

/** The flags for `deno run`: listen, and reach the storage. */
export function permissionsOf({ storage, host, port }: ServeSettings): string[] {
  const { files, servers, variables } = permissionsOfStorage(storage);
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return [
    ...permissionFlag("read", [wasmFolder, ...files]),
    ...permissionFlag("write", files),
    ...permissionFlag("net", [address, ...servers]),
    ...permissionFlag("env", variables),
  ];
}
