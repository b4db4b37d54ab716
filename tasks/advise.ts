/**
 * `deno task advise`: suggestions for a running Optuna study, for workers in Python that stay as they are.
 *
 * This process starts another one that does the work, with the permission to reach that one database and no others.
 *
 * @module
 */
import { permissionsOf, readSettings } from "./advise/settings.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { methodNames } from "./shared/methods.ts";
import { runWorkingProcess } from "./shared/working_process.ts";

/** The command line. */
export const command: Command = {
  name: "advise",
  summary: "Suggests what the workers of a running Optuna study try next.",
  flags: {
    storage: {
      value: "URL",
      description: "The study's storage, as Optuna spells it or as sqlite:FILE, postgres://...",
    },
    study: {
      value: "NAME",
      description: "Name of the study (default: the only one of the storage)",
    },
    space: {
      value: "FILE",
      description: "JSON file of the search space, where hyperparameters have conditions " +
        "(default: those that all finished trials have)",
    },
    waiting: { value: "N", description: "Suggestions that wait at once, at most", default: "8" },
    method: { value: "NAME", description: `Among ${methodNames.join(", ")}`, default: "diffusion" },
    seed: { value: "N", description: "Key of all randomness", default: "0" },
    "no-trigger": {
      description: "Add no trigger to a SQLite file; workers that claim a trial twice then fail",
    },
  },
  examples: [
    "genhpo advise --storage sqlite:///study.db --study resnet",
    "genhpo advise --storage postgresql://tuner@db/optuna --study resnet --method gp",
  ],
};

/** What it does: checks the command line, then hands it to a process with few permissions. */
export async function run(flags: Flags): Promise<void> {
  const settings = await readSettings(flags);
  const module = import.meta.resolve("./advise/worker.ts");
  await runWorkingProcess(module, permissionsOf(settings), settings);
}

if (import.meta.main) await runCommand(command, run);
