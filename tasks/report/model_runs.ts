/**
 * Raw measurements of models that were tuned: what `deno task bench:models` writes and the report reads.
 *
 * @module
 */
import { median } from "simple-statistics";
import { InputError } from "../../core/search/errors.ts";
import { isRecord } from "../../core/search/space_checks.ts";
import { isMissing } from "../../hpob/files/atomic.ts";
import type { JsonValue, Results } from "../../hpob/comparison/results.ts";

/** One training of a model. */
export interface ModelTrial {
  /** Values of the active hyperparameters. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The loss that the optimizer was told; null: the training failed. */
  readonly value: number | null;
  /** The loss on data that no optimizer sees, unless the training failed. */
  readonly test?: number;
  /** Why the training failed. */
  readonly reason?: string;
  /** What the suggestion took, elapsed, and the training, of processor time. */
  readonly seconds: { readonly suggestion: number; readonly evaluation: number };
}

/** One run of one method. */
export interface ModelRun {
  /** Name of the model. */
  readonly model: string;
  /** Key of the initial configurations and of all randomness. */
  readonly seed: number;
  /** Number of initial configurations, which are the same for all methods. */
  readonly initial: number;
  /** With what it was made: whoever continues the results must agree. */
  readonly settings: Readonly<Record<string, JsonValue>>;
  /** The trials, the initial ones first. */
  readonly trials: readonly ModelTrial[];
}

/** All runs of a method. */
export interface MethodModelRuns {
  /** Name of the method. */
  readonly method: string;
  /** Its runs. */
  readonly runs: readonly ModelRun[];
}

/** The runs of a file, one a line; none if there is no file. @throws {InputError} naming the line that is damaged. */
export async function readModelRuns(path: string): Promise<ModelRun[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return text.split("\n").flatMap((line, i) => {
    if (line === "") return [];
    const run = parsed(line);
    if (isRecord(run) && Array.isArray(run.trials)) return [run as unknown as ModelRun];
    throw new InputError(
      `Cannot read ${path} as line ${i + 1} must be a run: got ${line.slice(0, 40)}`,
    );
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The text of a file, one run a line. */
export function formatModelRuns(runs: readonly ModelRun[]): string {
  const sorted = runs.toSorted((a, b) =>
    a.model === b.model ? a.seed - b.seed : a.model < b.model ? -1 : 1
  );
  return sorted.map((run) => `${JSON.stringify(run)}\n`).join("");
}

/**
 * The runs as results of a comparison. A loss is normalized to (loss - best) / (median - best), between 0 and 1: `best`
 * is the smallest loss that any method measured of the model, `median` that of the initial configurations.
 */
export function modelResults(methods: readonly MethodModelRuns[]): Results[] {
  const all = Map.groupBy(methods.flatMap(({ runs }) => runs), ({ model }) => model);
  const scales = new Map([...all].map(([model, runs]) => [model, {
    best: Math.min(...runs.flatMap((run) => lossesOf(run.trials))),
    typical: median(runs.flatMap((run) => lossesOf(run.trials.slice(0, run.initial)))),
  }]));
  return methods.map(({ method, runs }) => ({
    method,
    protocol: "continuous",
    trials: runs[0].trials.length - runs[0].initial,
    settings: runs[0].settings,
    runs: runs.map((run) => {
      const { best, typical } = scales.get(run.model)!;
      const regretOf = (loss: number) =>
        loss <= best ? 0 : Math.min((loss - best) / (typical - best), 1);
      const suggested = run.trials.slice(run.initial);
      const seconds = suggested.reduce((sum, trial) => sum + trial.seconds.suggestion, 0);
      return {
        searchSpaceId: "models",
        datasetId: run.model,
        seed: `seed${run.seed}`,
        incumbents: [undefined, ...suggested.keys()].map((last) => {
          const seen = run.trials.slice(
            0,
            last === undefined ? run.initial : run.initial + last + 1,
          );
          return 1 - regretOf(Math.min(...lossesOf(seen)));
        }),
        secondsPerSuggestion: seconds / Math.max(1, suggested.length),
      };
    }),
  }));
}

/** The trial with the smallest loss, unless all failed. */
export function bestTrial({ trials }: ModelRun): ModelTrial | undefined {
  const complete = trials.filter(({ value }) => value !== null);
  if (complete.length === 0) return undefined;
  return complete.reduce((a, b) => b.value! < a.value! ? b : a);
}

function lossesOf(trials: readonly ModelTrial[]): number[] {
  return trials.flatMap(({ value }) => value ?? []);
}
