/**
 * `deno task import`: trials of others into a study.
 *
 * @module
 */
import { fromOptunaParameters, spaceOfOptunaTrials } from "../core/search/formats/optuna.ts";
import type { Configuration, SearchSpace } from "../core/search/search_space.ts";
import { openStorage } from "../core/storage/open_storage.ts";
import type { AddedTrial } from "../core/study/new_trials.ts";
import type { TrialRecord } from "../core/study/records.ts";
import { START } from "../core/study/storage.ts";
import { Study } from "../core/study/study.ts";
import type { TrialTable } from "../core/trials/trial_table.ts";
import { type Command, type Flags, oneOf, runCommand, UsageError } from "./shared/cli.ts";
import { readInput, readSpaceFile, readTable, tableFlags } from "./shared/input_files.ts";
import { methodNames, methods } from "./shared/methods.ts";
import { changeFlag, chosenStudy, isStorageUrl, readChange } from "./shared/studies.ts";

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

/** Trials of a study to come. `C` is a configuration of any space. */
interface Found {
  readonly space: SearchSpace;
  readonly trials: readonly AddedTrial<Configuration>[];
}

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const outside = oneOf(
    "--outside",
    flags.required("outside"),
    ["omit", "clip", "refuse"] as const,
  );
  const seed = flags.text("seed") === undefined ? undefined : flags.integer("seed", 0);
  const method = oneOf("--method", flags.text("method") ?? "diffusion", methodNames);
  const change = readChange(flags);
  const path = flags.text("space");
  const given = path === undefined ? undefined : await readSpaceFile(path);
  const name = flags.required("study");
  const source = await readSource(flags);
  await using storage = await openStorage(flags.required("storage"));
  const isStored = (await storage.findStudy(name)) !== undefined;
  // What is not said stays as it is stored.
  const isAsked = !isStored || flags.text("method") !== undefined;
  const open = async (space: SearchSpace | undefined): Promise<Study> =>
    await Study.open({
      storage,
      name,
      ...(space && { space }),
      ...(flags.on("minimize") && { goal: "minimize" }),
      ...(isAsked && { algorithm: methods[method]({ seed: seed ?? 0, backend: "wasm" }) }),
      ...(seed !== undefined && { seed }),
      change,
      keepStorage: true,
    });
  // A study that is there knows its space, which says how the trials are read.
  const stored = isStored ? await open(given) : undefined;
  const found = await trialsOf(source, flags, given ?? stored?.space);
  await using study = stored ?? await open(found.space);
  const finished = found.trials.filter(({ state }) => state !== "running" && state !== "waiting");
  const added = await study.addTrials(finished, { outside });
  const rest = found.trials.length - added;
  console.log(
    `Added ${added} trials to study "${name}"` +
      (rest > 0 ? `; ${rest} were there already, do not end yet, or are outside of its space` : ""),
  );
}

/** The text of a table, or the URL of a storage. */
async function readSource(flags: Flags): Promise<{ text: string } | { url: string }> {
  const [source] = flags.positional;
  if (source === undefined || !isStorageUrl(source)) return { text: await readInput(flags) };
  if (flags.positional.length === 1) return { url: source };
  throw new UsageError(`Unexpected argument: got "${flags.positional[1]}"`);
}

async function trialsOf(
  source: { text: string } | { url: string },
  flags: Flags,
  space: SearchSpace | undefined,
): Promise<Found> {
  if ("text" in source) return tableTrials(readTable(source.text, flags, space));
  await using storage = await openStorage(source.url, { create: false });
  const { id } = await chosenStudy(storage, flags.text("from"));
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

if (import.meta.main) await runCommand(command, run);
