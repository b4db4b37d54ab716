/**
 * The working process of `import`: adds the trials to the study.
 *
 * @module
 */
import { fromOptunaParameters, spaceOfOptunaTrials } from "../../core/search/formats/optuna.ts";
import { type Configuration, SearchSpace } from "../../core/search/search_space.ts";
import { openStorage } from "../../core/storage/open_storage.ts";
import type { AddedTrial } from "../../core/study/new_trials.ts";
import type { TrialRecord } from "../../core/study/records.ts";
import { START } from "../../core/study/storage.ts";
import { Study } from "../../core/study/study.ts";
import type { TrialTable } from "../../core/trials/trial_table.ts";
import { runWorker } from "../shared/cli.ts";
import { readTable } from "../shared/input_files.ts";
import { methods } from "../shared/methods.ts";
import { chosenStudy } from "../shared/studies.ts";
import { receiveSettings } from "../shared/working_process.ts";
import type { ImportSettings } from "./settings.ts";

/** Trials of a study to come. `C` is a configuration of any space. */
interface Found {
  readonly space: SearchSpace;
  readonly trials: readonly AddedTrial<Configuration>[];
}

/** Adds what the study does not have yet. */
async function importTrials(): Promise<void> {
  const settings = await receiveSettings<ImportSettings>();
  const { study: name, goal, method, seed, change } = settings;
  const given = settings.space === undefined ? undefined : SearchSpace.fromJSON(settings.space);
  await using storage = await openStorage(settings.storage);
  const isStored = (await storage.findStudy(name)) !== undefined;
  // What is not said stays as it is stored.
  const asked = method ?? (isStored ? undefined : "diffusion");
  const open = async (space: SearchSpace | undefined): Promise<Study> =>
    await Study.open({
      storage,
      name,
      ...(space && { space }),
      ...(goal && { goal }),
      ...(asked && { algorithm: methods[asked]({ seed: seed ?? 0, backend: "wasm" }) }),
      ...(seed !== undefined && { seed }),
      change,
      keepStorage: true,
    });
  // A study that is there knows its space, which says how the trials are read.
  const stored = isStored ? await open(given) : undefined;
  const found = await trialsOf(settings, given ?? stored?.space);
  await using study = stored ?? await open(found.space);
  const finished = found.trials.filter(({ state }) => state !== "running" && state !== "waiting");
  const added = await study.addTrials(finished, { outside: settings.table.outside ?? "omit" });
  const rest = found.trials.length - added;
  console.log(
    `Added ${added} trials to study "${name}"` +
      (rest > 0 ? `; ${rest} were there already, do not end yet, or are outside of its space` : ""),
  );
}

async function trialsOf(
  { source, table }: ImportSettings,
  space: SearchSpace | undefined,
): Promise<Found> {
  if ("text" in source) return tableTrials(readTable(source.text, table, space));
  await using storage = await openStorage(source.url, { create: false });
  const { id } = await chosenStudy(storage, source.study);
  const { trials } = await storage.changedTrials(id, START);
  const parameters = trials.map((trial) => trial.parameters).filter((list) => list.length > 0);
  return { space: space ?? spaceOfOptunaTrials(parameters), trials: trials.map(optunaTrial) };
}

function tableTrials({ space, trials }: TrialTable): Found {
  return {
    space,
    trials: trials.map(({ configuration, state, response }) => ({
      configuration,
      state,
      ...(Number.isNaN(response) ? {} : { value: response }),
    })),
  };
}

function optunaTrial(trial: TrialRecord): AddedTrial<Configuration> {
  const { parameters, state, values, intermediateValues, userAttributes, startedAt, finishedAt } =
    trial;
  return {
    configuration: parameters.length === 0 ? undefined : fromOptunaParameters(parameters),
    state,
    ...(values.length > 0 && { value: values[0] }),
    intermediateValues,
    attributes: userAttributes,
    ...(startedAt && { startedAt }),
    ...(finishedAt && { finishedAt }),
  };
}

await runWorker(importTrials);
