/**
 * The working process of `export`: prints the trials, or copies the study.
 *
 * @module
 */
import { openStorage } from "../../core/storage/open_storage.ts";
import { START } from "../../core/study/storage.ts";
import { copyStudy } from "../../core/study/study_copy.ts";
import { trialsToCsv, trialsToJson } from "../../core/trials/trial_export.ts";
import { runWorker } from "../shared/cli.ts";
import { chosenStudy } from "../shared/studies.ts";
import { receiveSettings } from "../shared/working_process.ts";

/** The whole command line: plain data that is handed from one process to another. */
export interface ExportSettings {
  readonly storage: string;
  /** Undefined: the only study of the storage. */
  readonly study: string | undefined;
  readonly format: "csv" | "json";
  /** Storage to copy the study to; undefined: it is printed. */
  readonly to: string | undefined;
}

/** Prints or copies. */
async function exportStudy(): Promise<void> {
  const { storage: url, study: name, format, to } = await receiveSettings<ExportSettings>();
  await using storage = await openStorage(url, { create: false });
  const study = await chosenStudy(storage, name);
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

await runWorker(exportStudy);
