/**
 * The working process of `advise`: watches the study and adds suggestions.
 *
 * @module
 */
import { SearchSpace } from "../../core/search/search_space.ts";
import { openStorage } from "../../core/storage/open_storage.ts";
import { adviseStudy } from "../../core/study/advising.ts";
import { runWorker } from "../shared/cli.ts";
import { methods } from "../shared/methods.ts";
import { chosenStudy } from "../shared/studies.ts";
import { receiveSettings } from "../shared/working_process.ts";
import type { AdviseSettings } from "./settings.ts";

/** Advises until it is told to end. */
async function advise(): Promise<void> {
  const stop = new AbortController();
  const settings = await receiveSettings<AdviseSettings>(() => stop.abort());
  const { method, seed, waiting, claimGuard } = settings;
  await using storage = await openStorage(settings.storage, { claimGuard });
  const study = await chosenStudy(storage, settings.study);
  console.error(`Advising study "${study.name}" by ${method}. Ctrl-C ends it; the workers go on.`);
  const space = settings.space === undefined ? undefined : SearchSpace.fromJSON(settings.space);
  if (space === undefined) {
    console.error("The search space is that of its finished trials; it begins when there is one.");
  }
  let count = 0;
  await adviseStudy({
    storage,
    study,
    algorithm: methods[method]({ seed, backend: "wasm" }),
    ...(space && { space }),
    seed,
    waiting,
    signal: stop.signal,
    onSpace: ({ names }) => console.error(`Hyperparameters: ${names.join(", ")}`),
    onAdvice: (number, configuration) => {
      count++;
      console.error(`trial ${number}: ${JSON.stringify(configuration)}`);
    },
    onWarning: (message) => console.error(`warning: ${message}`),
  });
  const why = stop.signal.aborted ? "" : ", and nothing is left to try";
  console.log(`Study "${study.name}": ${count} suggestions${why}.`);
}

await runWorker(advise);
