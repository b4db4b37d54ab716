/**
 * What the working process of `serve` may do.
 *
 * @module
 */
import { permissionFlag, permissionsOfStorage } from "../shared/storage_permissions.ts";
import type { ServeSettings } from "./settings.ts";

/** The flags for `deno run`: listen, and reach the storage. Of other files, the package's own are read alone. */
export function permissionsOf({ storage, host, port }: ServeSettings): string[] {
  const { files, servers, variables } = permissionsOfStorage(storage);
  const root = new URL("../../", import.meta.url);
  const own = root.protocol === "file:" ? [decodeURIComponent(root.pathname)] : [];
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return [
    ...permissionFlag("read", [...own, ...files]),
    ...permissionFlag("write", files),
    ...permissionFlag("net", [address, ...servers]),
    ...permissionFlag("env", variables),
  ];
}
