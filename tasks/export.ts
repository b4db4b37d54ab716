/**
 * `deno task export`: a study's trials as CSV or JSON, or the whole study in another storage.
 *
 * This process starts another one that may use the named storages, and no more.
 *
 * @module
 */
import type { ExportSettings } from "./export/worker.ts";
import { type Command, type Flags, oneOf, runCommand } from "./shared/cli.ts";
import { permissionsForStorages } from "./shared/storage_permissions.ts";
import { runWorkingProcess } from "./shared/working_process.ts";

/** The command line. */
export const command: Command = {
  name: "export",
  summary: "Prints a study's trials as CSV or JSON, or copies the study to another storage.",
  flags: {
    storage: {
      value: "URL",
      description: "Where the study is: sqlite:FILE or postgres://...",
      default: "sqlite:tune.db",
    },
    study: { value: "NAME", description: "Name of the study (default: the only one)" },
    format: { value: "NAME", description: "csv or json, in Optuna's layout", default: "csv" },
    to: { value: "URL", description: "Storage to copy the study to, which Optuna reads, too" },
  },
  examples: [
    "genhpo export --storage sqlite:tune.db --study tune > trials.csv",
    "genhpo export --study tune --to sqlite:copy.db",
  ],
};

/** What it does: checks the command line, then hands it to a process with few permissions. */
export async function run(flags: Flags): Promise<void> {
  const storage = flags.required("storage"), to = flags.text("to");
  const format = oneOf("--format", flags.required("format"), ["csv", "json"] as const);
  const settings: ExportSettings = { storage, to, format, study: flags.text("study") };
  const permissions = permissionsForStorages([storage, ...to === undefined ? [] : [to]]);
  await runWorkingProcess(import.meta.resolve("./export/worker.ts"), permissions, settings);
}

if (import.meta.main) await runCommand(command, run);
