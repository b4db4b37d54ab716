/**
 * What the working process of `tune` may do.
 *
 * @module
 */
import { wasmFolder } from "../shared/package_files.ts";
import { permissionFlag, permissionsOfStorage } from "../shared/storage_permissions.ts";
import type { TuneSettings } from "./settings.ts";

/** The flags for `deno run`: read and write the output and the database, run the permitted programs. */
export function permissionsOf(
  { storage, permit, out, response }: Pick<TuneSettings, "storage" | "permit" | "out" | "response">,
): string[] {
  const { files, servers, variables } = permissionsOfStorage(storage);
  const read = response.kind === "file" ? [response.file] : [];
  return [
    ...permissionFlag("read", [wasmFolder(), out, ...files, ...read]),
    ...permissionFlag("write", [out, ...files]),
    ...permissionFlag("run", [...permit, "kill"]),
    ...permissionFlag("net", servers),
    ...permissionFlag("env", variables),
  ];
}
