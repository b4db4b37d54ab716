/**
 * What the working process of `serve` may do.
 *
 * @module
 */
import { wasmFolder } from "../shared/package_files.ts";
import { permissionFlag, permissionsOfStorage } from "../shared/storage_permissions.ts";
import type { ServeSettings } from "./settings.ts";

/** The flags for `deno run`: listen, and reach the storage. */
export function permissionsOf(
  { storage, host, port }: Pick<ServeSettings, "storage" | "host" | "port">,
): string[] {
  const { files, servers, variables } = permissionsOfStorage(storage);
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return [
    ...permissionFlag("read", [wasmFolder(), ...files]),
    ...permissionFlag("write", files),
    ...permissionFlag("net", [address, ...servers]),
    ...permissionFlag("env", variables),
  ];
}
