/**
 * `deno task import`: trials of others into a study.
 *
 * This process reads the files and starts another one that may use the named storages, and no more.
 *
 * @module
 */
import { permissionsOf, readSettings } from "./import/settings.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { tableFlags } from "./shared/input_files.ts";
import { methodNames } from "./shared/methods.ts";
import { changeFlag } from "./shared/studies.ts";
import { runWorkingProcess } from "./shared/working_process.ts";

/** The command line. */
export const command: Command = {
  name: "import",
  summary:
    "Adds trials that were evaluated elsewhere to a study, which is created if it is not there.",
  positional: {
    value: "FILE",
    description:
      "Table of trials: CSV, JSON, or an export of Optuna, W&B, Ray, SMAC3 or MLflow; or the URL of an " +
      "Optuna storage; - reads stdin",
  },
  flags: {
    storage: {
      value: "URL",
      description: "Where the study is: sqlite:FILE or postgres://...",
      default: "sqlite:tune.db",
    },
    study: { value: "NAME", description: "Name of the study", default: "tune" },
    space: {
      value: "FILE",
      description: "JSON of named hyperparameters, or a ConfigSpace (default: the stored one)",
    },
    from: {
      value: "NAME",
      description: "Name of the study in the Optuna storage (default: the only one)",
    },
    ...tableFlags,
    minimize: { description: "Smaller responses are better, in a study that is created" },
    method: {
      value: "NAME",
      description: `Among ${methodNames.join(", ")} (default: the stored one, or diffusion)`,
    },
    seed: { value: "N", description: "Key of all randomness (default: the stored one, or 0)" },
    change: changeFlag,
  },
  examples: [
    "genhpo import trials.csv --space space.json --study resnet",
    "genhpo import sqlite:///optuna.db --from old --study resnet",
  ],
};

/** What it does: checks the command line, then hands it to a process with few permissions. */
export async function run(flags: Flags): Promise<void> {
  const settings = await readSettings(flags);
  const module = import.meta.resolve("./import/worker.ts");
  await runWorkingProcess(module, permissionsOf(settings), settings);
}

if (import.meta.main) await runCommand(command, run);
