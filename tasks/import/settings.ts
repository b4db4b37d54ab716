/**
 * What `import` is told, checked, and what its working process may do.
 *
 * @module
 */
import type { ChangeableSetting } from "../../core/study/settings.ts";
import { type Flags, oneOf, UsageError } from "../shared/cli.ts";
import {
  readInput,
  readSpaceFile,
  readTableSettings,
  type TableSettings,
} from "../shared/input_files.ts";
import { type MethodName, methodNames } from "../shared/methods.ts";
import { permissionsForStorages } from "../shared/storage_permissions.ts";
import { isStorageUrl, readChange } from "../shared/studies.ts";

/** Where the trials come from: the text of a table, or a study of another storage. */
export type ImportSource =
  | { readonly text: string }
  | { readonly url: string; readonly study: string | undefined };

/** The whole command line, with what the files hold: plain data that is handed from one process to another. */
export interface ImportSettings {
  readonly source: ImportSource;
  readonly table: TableSettings;
  readonly storage: string;
  readonly study: string;
  /** The search space as JSON; undefined: the stored one, or the one that the trials have. */
  readonly space: unknown;
  readonly goal: "minimize" | undefined;
  /** Undefined: the stored one. */
  readonly method: MethodName | undefined;
  /** Undefined: the stored one. */
  readonly seed: number | undefined;
  readonly change: readonly ChangeableSetting[];
}

/** Reads the flags and the files that they name. */
export async function readSettings(flags: Flags): Promise<ImportSettings> {
  const path = flags.text("space"), method = flags.text("method");
  return {
    table: readTableSettings(flags),
    storage: flags.required("storage"),
    study: flags.required("study"),
    goal: flags.on("minimize") ? "minimize" : undefined,
    method: method === undefined ? undefined : oneOf("--method", method, methodNames),
    seed: flags.text("seed") === undefined ? undefined : flags.integer("seed", 0),
    change: readChange(flags),
    space: path === undefined ? undefined : (await readSpaceFile(path)).toJSON(),
    source: await readSource(flags),
  };
}

async function readSource(flags: Flags): Promise<ImportSource> {
  const [source, more] = flags.positional;
  if (source === undefined || !isStorageUrl(source)) return { text: await readInput(flags) };
  if (more === undefined) return { url: source, study: flags.text("from") };
  throw new UsageError(`Unexpected argument: got "${more}"`);
}

/** The flags for `deno run`: the storages, and nothing else. */
export function permissionsOf(
  { storage, source }: Pick<ImportSettings, "storage" | "source">,
): string[] {
  return permissionsForStorages([storage, ..."url" in source ? [source.url] : []]);
}
