/**
 * What the report is made from: files that may be there or not.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { publishedFolder } from "../../hpob/data/cache.ts";
import { isMissing } from "../../hpob/files/atomic.ts";
import type { LossRow } from "../../hpob/figures/loss_figure.ts";
import { readResults, type Results } from "../../hpob/comparison/results.ts";
import type { Evaluated } from "../evaluate/evaluate_variant.ts";
import { type MethodModelRuns, readModelRuns } from "./model_runs.ts";
import type { TrainingSettings } from "../../core/diffusion/training/training_settings.ts";

/** Where the inputs are. */
export interface ReportPlaces {
  /**
   * Folder with `hpob-mini/`, `replicates/1/` and `peers/0/` and so on, `models/`, `ablation/`, `5971/` (result files),
   * `second-training/` and `speed.json`.
   */
  results: string;
  /** Folder with a training's `log.csv` and `settings.json`. */
  training: string;
  /** Folder of the cache that `deno task fetch` fills, if there is one. */
  cache: string | undefined;
}

/** One row of a training's log. */
export interface TrainingRow extends LossRow {
  /** Seconds since the start. */
  seconds: number;
}

/** A training from another seed. */
export interface SecondTraining {
  /** Its log. */
  log: readonly LossRow[];
  /** The shipped weights and its own on hpob-mini, the same runs of both. */
  evaluated: readonly Evaluated[];
}

/** Medians of `benches/efficiency_bench.ts`. */
export interface Speed {
  observations: number;
  dimension: number;
  block: { contexts: number; queries: number; points: number };
  /** By name of what was measured. */
  seconds: Record<string, number>;
}

/** Everything that was found; lists are empty and values undefined where nothing was. */
export interface ReportInputs {
  /** The main comparison, on hpob-mini. */
  main: Results[];
  /** Some methods of the main comparison under other keys of randomness, a list for each key. */
  replicates: Results[][];
  /** Optimizers of other packages on hpob-mini, a list for each key of randomness from 0. */
  peers: Results[][];
  /** Raw measurements of models that were tuned, a list for each method. */
  models: MethodModelRuns[];
  /** Settings of diffusion search, on hpob-mini. */
  ablation: Results[];
  /** Our results on HPO-B's search space 5971. */
  official: Results[];
  /** HPO-B's own results. */
  published: Results[];
  log: TrainingRow[];
  settings: TrainingSettings | undefined;
  /** Another training, if there is one. */
  second: SecondTraining | undefined;
  speed: Speed | undefined;
}

/** The order of methods in tables; others follow by name. */
const order = ["random", "gp-hpob", "dgp", "gp", "tpe", "diffusion"];

/** Reads all inputs. @throws {InputError} when one is there but damaged. */
export async function readInputs(places: ReportPlaces): Promise<ReportInputs> {
  const { results, training, cache } = places;
  return {
    main: await resultsIn(`${results}/hpob-mini`),
    replicates: await keysIn(`${results}/replicates`, 1),
    peers: await keysIn(`${results}/peers`, 0),
    models: await modelsIn(`${results}/models`),
    ablation: await resultsIn(`${results}/ablation`),
    official: await resultsIn(`${results}/5971`),
    published: cache === undefined ? [] : await resultsIn(`${cache}/${publishedFolder}`),
    log: parseLog(await textIfExists(`${training}/log.csv`) ?? ""),
    settings: await jsonIfExists<TrainingSettings>(`${training}/settings.json`),
    second: await secondTrainingIn(`${results}/second-training`),
    speed: await jsonIfExists<Speed>(`${results}/speed.json`),
  };
}

async function secondTrainingIn(folder: string): Promise<SecondTraining | undefined> {
  const evaluated = await jsonIfExists<SecondTraining["evaluated"]>(`${folder}/hpob-mini.json`);
  return evaluated && { evaluated, log: parseLog(await textIfExists(`${folder}/log.csv`) ?? "") };
}

async function resultsIn(folder: string): Promise<Results[]> {
  const names = await namesIn(folder, ".json");
  return inOrder(await Promise.all(names.map((name) => readResults(`${folder}/${name}.json`))));
}

async function modelsIn(folder: string): Promise<MethodModelRuns[]> {
  const names = await namesIn(folder, ".jsonl");
  const read = names.map(async (method) => ({
    method,
    runs: await readModelRuns(`${folder}/${method}.jsonl`),
  }));
  return inOrder(await Promise.all(read));
}

/** The names of a folder's files with an ending, without it; none if there is no folder. */
async function namesIn(folder: string, ending: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder)))
      .filter(({ isFile, name }) => isFile && name.endsWith(ending))
      .map(({ name }) => name.slice(0, -ending.length));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function inOrder<T extends { method: string }>(results: T[]): T[] {
  const place = ({ method }: T): number => (order.indexOf(method) + 1) || order.length + 1;
  return results.sort((a, b) => place(a) - place(b) || (a.method < b.method ? -1 : 1));
}

/** The results in the folders `first`, `first + 1`, ... of a folder. */
async function keysIn(folder: string, first: number): Promise<Results[][]> {
  const keys: Results[][] = [];
  for (;;) {
    const results = await resultsIn(`${folder}/${first + keys.length}`);
    if (results.length === 0) return keys;
    keys.push(results);
  }
}

function parseLog(text: string): TrainingRow[] {
  const [names = [], ...rows] = text.trim().split("\n").map((line) => line.split(","));
  const levels = names.filter((name) => /^eps_\d+$/.test(name));
  return rows.map((cells) => {
    const cell = (name: string): string => cells[names.indexOf(name)] ?? "";
    return {
      step: Number(cell("step")),
      seconds: Number(cell("seconds")),
      loss: Number(cell("loss")),
      epsLoss: Number(cell("eps")),
      headLoss: Number(cell("head")),
      ...(cell("held_out_eps") === "" ? {} : { heldOutEpsLoss: Number(cell("held_out_eps")) }),
      lossByNoise: levels.map((name) => Number(cell(name))),
    };
  });
}

async function textIfExists(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function jsonIfExists<T>(path: string): Promise<T | undefined> {
  const text = await textIfExists(path);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `Cannot report as ${path} must be JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
}
