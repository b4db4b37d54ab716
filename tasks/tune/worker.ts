/**
 * The working process of `tune`: asks the study, runs the program, tells the study.
 *
 * @module
 */
import { recommend } from "../../baselines/recommend.ts";
import { InputError } from "../../core/search/errors.ts";
import { SearchSpace } from "../../core/search/search_space.ts";
import { Study } from "../../core/study/study.ts";
import type { Told } from "../../core/study/told.ts";
import type { Trial } from "../../core/study/trial.ts";
import type { TrialSummary } from "../../core/study/trial_summary.ts";
import { openStorage } from "../../core/storage/open_storage.ts";
import type { PageFiles } from "../page/page_files.ts";
import { studyPageOf } from "../page/study_page.ts";
import { methods } from "../shared/methods.ts";
import { runWorker } from "../shared/cli.ts";
import { receiveSettings } from "../shared/working_process.ts";
import { FirstFailures } from "./first_failures.ts";
import { environmentOf, fillIn, type Values } from "./program_line.ts";
import { findResponse, reportOf } from "./program_output.ts";
import { runProgram } from "./run_program.ts";
import type { TuneSettings } from "./settings.ts";
import { finalTable, sayInterrupted, TuneProgress } from "./tune_progress.ts";

/** Attempts in a row to start a program before it is given up: a name that is wrong, no memory left. */
const mostStarts = 3;

/** What the process is handed. */
interface Handed extends TuneSettings {
  readonly page: PageFiles;
}

/** Tunes to the end, or until it is told to stop. */
async function tune(): Promise<void> {
  const stop = new AbortController(), kill = new AbortController();
  const settings = await receiveSettings<Handed>((order) => {
    if (order === "end" || stop.signal.aborted) kill.abort();
    stop.abort();
    sayInterrupted(kill.signal.aborted);
  });
  const { folder, storage, study: name, goal, method, seed, confirm, change, prune, trials } =
    settings;
  const isUsed = await exists(`${folder}/0`);
  await using study = await Study.open<Record<string, never>>({
    storage: await openStorage(storage),
    name,
    ...(settings.space !== undefined &&
      { space: SearchSpace.fromJSON(settings.space) as SearchSpace<Record<string, never>> }),
    ...(goal && { goal }),
    algorithm: methods[method]({ seed, backend: "wasm" }),
    seed,
    estimator: recommend,
    confirm,
    change,
    ...(prune && { asha: {} }),
    onWarning: (message) => console.error(`warning: ${message}`),
  });
  const before = await study.trials();
  if (isUsed) checkOutput(settings, before);
  const progress = new TuneProgress({ goal: study.goal, trials, before });
  const firstFailures = new FirstFailures(settings.giveUp, before);
  await study.optimize(
    (trial) => evaluate(trial as Trial<Values>, settings, study.space.names, kill.signal),
    {
      trials,
      parallel: settings.parallel,
      lease: settings.lease,
      maxConsecutiveFailures: mostStarts,
      signal: stop.signal,
      callbacks: [(trial) => {
        progress.ended(trial as TrialSummary<unknown>);
        firstFailures.ended(trial as TrialSummary<unknown>);
      }],
    },
  );
  const { goal: resolved, space: { defaults } } = study;
  const recommended = await study.recommend();
  console.log(
    finalTable(await study.trials(), { recommended, defaults }, { ...settings, goal: resolved }),
  );
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/study.html`, await studyPageOf(study, settings.page));
  console.error(`The study as a page: ${folder}/study.html`);
}

/** Refuses to write over what another study of this name has left: its first trial was kept, and this one has none. */
function checkOutput({ folder, study }: TuneSettings, [first]: readonly TrialSummary<unknown>[]) {
  if (first !== undefined && first.state !== "waiting") return;
  throw new InputError(
    `Cannot keep the output of study "${study}" as its folder must be new: got ${folder}, with trials of ` +
      `another study of this name; remove it, or give another --out or --study`,
  );
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Runs the program on a trial's configuration. */
async function evaluate(
  trial: Trial<Values>,
  settings: TuneSettings,
  names: readonly string[],
  kill: AbortSignal,
): Promise<Told> {
  const { number, configuration: values } = trial;
  const folder = `${settings.folder}/${number}`, file = `${folder}/configuration.json`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(file, JSON.stringify(values, null, 2));
  const pruned = new AbortController();
  const { output, problem } = await runProgram({
    line: fillIn(settings.program, { values, names, file }),
    environment: environmentOf({ values, number, file }),
    folder,
    timeout: settings.timeout,
    signal: AbortSignal.any([kill, pruned.signal]),
    onLine: async (line) => {
      const report = reportOf(line);
      if (report === undefined || pruned.signal.aborted) return;
      await trial.report(report.step, report.value);
      if (await trial.shouldPrune()) pruned.abort();
    },
  });
  if (kill.aborted) throw new Error("the program was ended"); // the trial is given back
  if (pruned.signal.aborted) return { state: "pruned" };
  const seeOutput = `see ${folder}`;
  if (problem !== undefined) {
    return { state: "fail", reason: `the program ${problem}; ${seeOutput}` };
  }
  const found = await findResponse(settings.response, output, readIfThere);
  return "value" in found
    ? found.value
    : { state: "fail", reason: `${found.problem}; ${seeOutput}` };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}

await runWorker(tune);
