/**
 * `deno task tune`: runs a person's own program again and again, with better hyperparameters each time.
 *
 * This process starts another one that does the work, with the permissions that the command line asks for and no
 * others: to run that one program, and to reach that one database.
 *
 * @module
 */
import { readPageFiles } from "./page/page_files.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { confirmFlag } from "./shared/confirm_flag.ts";
import { methodNames } from "./shared/methods.ts";
import { changeFlag } from "./shared/studies.ts";
import { runWorkingProcess } from "./shared/working_process.ts";
import { permissionsOf } from "./tune/permissions.ts";
import { readSettings } from "./tune/settings.ts";

/** The command line. */
export const command: Command = {
  name: "tune",
  summary:
    "Tunes a program: runs it with better hyperparameters each time, and keeps a study of it.",
  flags: {
    space: {
      value: "FILE",
      description: "JSON file of the search space (needed to begin a study)",
    },
    storage: {
      value: "URL",
      description: "Where the study is kept: sqlite:FILE, postgres://... or memory:",
      default: "sqlite:tune.db",
    },
    study: { value: "NAME", description: "Name of the study", default: "tune" },
    trials: { value: "N", description: "Trials that the study has in the end", default: "100" },
    parallel: { value: "N", description: "Trials that run at once", default: "1" },
    minimize: { description: "Smaller responses are better, in a study that is created" },
    response: {
      value: "PATTERN",
      description:
        "Regular expression whose first group is the response; its last match in stdout counts " +
        "(default: the last line that is a number)",
    },
    "response-file": {
      value: "FILE",
      description:
        "JSON file that the program writes in its working folder, with the response in it",
    },
    "response-key": {
      value: "KEY",
      description: "Where in that file: a.b is b within a",
      default: "response",
    },
    timeout: {
      value: "SECONDS",
      description: "Ends a trial that takes longer; it has failed then",
    },
    "give-up": {
      value: "N",
      description: "Ends when so many trials have failed and none has succeeded; 0 for never",
      default: "5",
    },
    lease: {
      value: "SECONDS",
      description:
        "A trial whose process or machine has not been heard of for so long is tried again",
      default: "60",
    },
    prune: {
      description: "Ends trials that are behind others at the same step (successive halving)",
    },
    method: { value: "NAME", description: `Among ${methodNames.join(", ")}`, default: "diffusion" },
    confirm: confirmFlag,
    seed: { value: "N", description: "Key of all randomness", default: "0" },
    change: changeFlag,
    permit: {
      value: "a,b",
      description: "Programs that may be run (default: the program of the command line)",
    },
    out: { value: "DIR", description: "Folder of the trials' output", default: "tune-output" },
  },
  rest: {
    value: "PROGRAM ARGUMENTS",
    description:
      "The program: {name} stands for a hyperparameter, {configuration.json} for a file of all of them",
  },
  examples: [
    "genhpo tune --space space.json --trials 50 --minimize -- python3 train.py --lr {lr} --depth {depth}",
    "genhpo tune --space space.json --response 'accuracy: ([0-9.]+)' --parallel 4 -- ./train.sh",
  ],
};

/** What it does: checks the command line, then hands it to a process with few permissions. */
export async function run(flags: Flags): Promise<void> {
  const settings = await readSettings(flags);
  const module = import.meta.resolve("./tune/worker.ts");
  await runWorkingProcess(module, permissionsOf(settings), {
    ...settings,
    page: await readPageFiles(),
  });
}

if (import.meta.main) await runCommand(command, run);
