/**
 * What the working process of `tune` may do.
 *
 * @module
 */
import { permissionFlag, permissionsOfStorage } from "../shared/storage_permissions.ts";
import type { TuneSettings } from "./settings.ts";

/** The flags for `deno run`: read files, write the output and the database, run the permitted programs. */
export function permissionsOf({ storage, permit, out }: TuneSettings): string[] {
  const { files, servers, variables } = permissionsOfStorage(storage);
  return [
    "--allow-read",
    ...permissionFlag("run", [...permit, "kill"]),
    ...permissionFlag("net", servers),
    ...permissionFlag("env", variables),
    ...permissionFlag("write", [out, ...files]),
  ];
}
