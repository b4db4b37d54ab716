/**
 * `deno task serve`: studies for programs in any language and on any number of machines, over HTTP.
 *
 * This process reads the token and starts another one that serves, which may listen at one address and use one
 * storage, and no more.
 *
 * @module
 */
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { readPageFiles } from "./page/page_files.ts";
import { runWorkingProcess } from "./shared/working_process.ts";
import { permissionsOf } from "./serve/permissions.ts";
import { readSettings } from "./serve/settings.ts";

/** The command line. */
export const command: Command = {
  name: "serve",
  summary: "Serves studies over HTTP: any program asks for configurations, and tells their values.",
  flags: {
    storage: {
      value: "URL",
      description: "Where the studies are kept: sqlite:FILE, postgres://... or memory:",
      default: "sqlite:tune.db",
    },
    host: {
      value: "ADDRESS",
      description: "Where to listen; another than this machine's own needs a token",
      default: "127.0.0.1",
    },
    port: { value: "N", description: "Port to listen at; 0 for any", default: "8420" },
    "token-file": {
      value: "FILE",
      description:
        "File of the token that clients have to show (default: the variable GENHPO_TOKEN)",
    },
    method: {
      value: "NAME",
      description: "Who suggests, in studies that do not say",
      default: "diffusion",
    },
    "max-body": { value: "BYTES", description: "Size of a request's body", default: "1048576" },
    "max-rate": {
      value: "N",
      description: "Requests a second from one address, over time",
      default: "500",
    },
    "max-studies": { value: "N", description: "Studies in the storage", default: "1000" },
    "max-streams": { value: "N", description: "Streams of events at once", default: "64" },
  },
  examples: [
    "genhpo serve --storage sqlite:tune.db",
    "genhpo serve --storage postgres://tuner@db/tuning --host 0.0.0.0 --token-file token.txt",
  ],
};

/** What it does: checks the command line, then hands it to a process with few permissions. */
export async function run(flags: Flags): Promise<void> {
  const settings = await readSettings(flags);
  const module = import.meta.resolve("./serve/worker.ts");
  const flagsOfDeno = [
    "--unstable-no-legacy-abort", // a request that was answered is not aborted
    ...permissionsOf(settings),
  ];
  await runWorkingProcess(module, flagsOfDeno, { ...settings, page: await readPageFiles() });
}

if (import.meta.main) await runCommand(command, run);
