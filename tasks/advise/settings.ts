/**
 * What `advise` is told, checked, and what its working process may do.
 *
 * @module
 */
import { type Flags, oneOf } from "../shared/cli.ts";
import { readSpaceFile } from "../shared/input_files.ts";
import { type MethodName, methodNames } from "../shared/methods.ts";
import { wasmFolder } from "../shared/package_files.ts";
import { permissionFlag, permissionsOfStorage } from "../shared/storage_permissions.ts";

/** The whole command line: plain data that is handed from one process to another. */
export interface AdviseSettings {
  readonly storage: string;
  /** Undefined: the only study of the storage. */
  readonly study: string | undefined;
  /** The search space as JSON; undefined where it is read from the trials. */
  readonly space: unknown;
  readonly waiting: number;
  readonly method: MethodName;
  readonly seed: number;
  /** Whether a SQLite file is to refuse that a trial is claimed twice. */
  readonly claimGuard: boolean;
}

/** Reads the flags, and the file of the search space. */
export async function readSettings(flags: Flags): Promise<AdviseSettings> {
  const path = flags.text("space");
  return {
    storage: flags.required("storage"),
    study: flags.text("study"),
    space: path === undefined ? undefined : (await readSpaceFile(path)).toJSON(),
    waiting: flags.integer("waiting", 1, 1024),
    method: oneOf("--method", flags.required("method"), methodNames),
    seed: flags.integer("seed", 0),
    claimGuard: !flags.on("no-trigger"),
  };
}

/** The flags for `deno run`: reach the storage. */
export function permissionsOf({ storage }: Pick<AdviseSettings, "storage">): string[] {
  const { files, servers, variables } = permissionsOfStorage(storage);
  return [
    ...permissionFlag("read", [wasmFolder(), ...files]),
    ...permissionFlag("write", files),
    ...permissionFlag("net", servers),
    ...permissionFlag("env", variables),
  ];
}
