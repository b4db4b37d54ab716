/**
 * `deno task export`: a study's trials as CSV or JSON, or the whole study in another storage.
 *
 * @module
 */
import { START } from "../core/study/storage.ts";
import { copyStudy } from "../core/study/study_copy.ts";
import { openStorage } from "../core/storage/open_storage.ts";
import { trialsToCsv, trialsToJson } from "../core/trials/trial_export.ts";
import { type Command, type Flags, oneOf, runCommand } from "./shared/cli.ts";
import { chosenStudy } from "./shared/studies.ts";

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

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const format = oneOf("--format", flags.required("format"), ["csv", "json"] as const);
  await using storage = await openStorage(flags.required("storage"), { create: false });
  const study = await chosenStudy(storage, flags.text("study"));
  const to = flags.text("to");
  if (to !== undefined) {
    await using other = await openStorage(to);
    const count = await copyStudy(study, storage, other);
    console.log(`Copied study "${study.name}" with ${count} trials to ${to}`);
    return;
  }
  const { trials } = await storage.changedTrials(study.id, START);
  const text = format === "json" ? trialsToJson(trials) : trialsToCsv(trials);
  console.log(text.trimEnd());
}

if (import.meta.main) await runCommand(command, run);
