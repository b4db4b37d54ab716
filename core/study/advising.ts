/**
 * Suggestions for the workers of a study that another program runs.
 *
 * @module
 */
import type { Algorithm } from "../search/algorithm.ts";
import { ExhaustedError } from "../search/errors.ts";
import { commonSpaceOfOptunaTrials, toOptunaParameters } from "../search/formats/optuna.ts";
import type { SearchSpace } from "../search/search_space.ts";
import { Changes } from "./_changes.ts";
import {
  isUnfinished,
  type NewTrial,
  type ParameterRecord,
  type StudyRecord,
  type TrialRecord,
} from "./records.ts";
import { goalOf } from "./settings.ts";
import type { Storage } from "./storage.ts";
import { type StudyContext, studyContext } from "./_study_context.ts";
import { suggestConfiguration } from "./_suggestion.ts";
import { REASON } from "./told.ts";
import { TrialLog } from "./_trial_log.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";

/** The attribute of a trial that says whose suggestion it is; dashboards show it. */
export const ADVISED_BY = "genhpo:advised_by";

/** Why a suggestion failed that was never tried. */
const WITHDRAWN = "the suggestion was withdrawn, as its adviser ended";

/** Options of {@linkcode adviseStudy}. */
export interface AdviceOptions {
  /** Where the study is kept. */
  readonly storage: Storage;
  /** The study as the storage gave it. */
  readonly study: StudyRecord;
  /** Who suggests. */
  readonly algorithm: Algorithm;
  /**
   * What is searched, with its conditions.
   * @default {the hyperparameters that all complete and pruned trials have, as soon as there is one}
   */
  readonly space?: SearchSpace;
  /** Tells apart the advisers of one study: an integer. @default {0} */
  readonly seed?: number;
  /** Suggestions that wait at once, at most; an integer >= 1. @default {8} */
  readonly waiting?: number;
  /** Seconds between two looks at the study. @default {0.25} */
  readonly interval?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Is told of each suggestion: the trial's number and its configuration. */
  readonly onAdvice?: (number: number, configuration: UntypedConfiguration) => void;
  /** Is told when the space has become known, or has changed. */
  readonly onSpace?: (space: SearchSpace) => void;
  /** Is told what went otherwise than one may think. @default {nobody} */
  readonly onWarning?: (message: string) => void;
}

/**
 * Watches a study and adds suggestions as waiting trials, which its workers take when they ask for a trial: those of
 * Optuna by `study.ask()` and `study.optimize()`. It has as many ready as trials are running, so that each is made with
 * nearly all results in view, and at most `waiting`.
 *
 * Workers never wait for it: where no suggestion is ready, their own sampler chooses, as it does for hyperparameters
 * that are not in the space. Suggestions that nobody took by the end are failed, with the reason.
 *
 * @returns once the signal is aborted, or every configuration of a finite space was tried.
 * @throws {StudyError} when the study has several objectives; what the storage or the algorithm throws.
 */
export async function adviseStudy(options: AdviceOptions): Promise<void> {
  const { storage, study, algorithm, signal, waiting: most = 8, interval = 0.25 } = options;
  const goal = goalOf(study);
  if (!(Number.isSafeInteger(most) && most >= 1)) {
    throw new RangeError(`Cannot advise as 'waiting' must be an integer >= 1: got ${most}`);
  }
  const log = new TrialLog(storage, study.id);
  const changes = new Changes();
  const contextOf = (space: SearchSpace): StudyContext =>
    studyContext({
      name: study.name,
      id: study.id,
      storage,
      log,
      space,
      goal,
      algorithm,
      seed: options.seed ?? 0,
      repeats: false,
      confirm: false,
      estimator: undefined,
      retries: 0,
      asha: undefined,
      outOfSpace: "clip",
      warn: options.onWarning ?? (() => {}),
      changes,
    });
  const adviser = new Adviser(contextOf, options);
  try {
    while (!signal.aborted) {
      const trials = await log.refresh();
      const [waits, runs] = ["waiting", "running"].map((state) =>
        trials.filter((trial) => trial.state === state).length
      );
      const isDue = waits < Math.min(most, Math.max(1, runs)) && adviser.knowsSpace(trials);
      if (isDue) await adviser.advise(trials);
      else await changes.next(changes.count, interval, signal);
    }
  } catch (error) {
    if (!(error instanceof ExhaustedError)) throw error;
  }
  await adviser.withdraw(await log.refresh());
}

/** Makes suggestions in the space that is known by now. */
class Adviser {
  readonly #contextOf: (space: SearchSpace) => StudyContext;
  readonly #options: AdviceOptions;
  #context: StudyContext | undefined;
  /** Number of finished trials that the space was read from. */
  #read = 0;
  /** Trials without what is not in the space, by the trials. */
  #views = new WeakMap<TrialRecord, TrialRecord>();
  /** The suggestions by the ids of their trials. */
  readonly #own = new Map<number, readonly ParameterRecord[]>();

  constructor(contextOf: (space: SearchSpace) => StudyContext, options: AdviceOptions) {
    this.#contextOf = contextOf;
    this.#options = options;
  }

  /** Whether there is a space; it is read from the trials unless it was given. */
  knowsSpace(trials: readonly TrialRecord[]): boolean {
    const { space: given } = this.#options;
    if (given !== undefined) {
      this.#context ??= this.#contextOf(given);
      return true;
    }
    // Of others, not all hyperparameters may be known.
    const whole = trials.filter(({ state, parameters }) =>
      (state === "complete" || state === "pruned") && parameters.length > 0
    );
    if (whole.length === this.#read) return this.#context !== undefined;
    this.#read = whole.length;
    const space = commonSpaceOfOptunaTrials(whole.map(({ parameters }) => parameters));
    if (space === undefined) this.#context = undefined;
    else if (JSON.stringify(space) !== JSON.stringify(this.#context?.space)) {
      this.#context = this.#contextOf(space);
      this.#views = new WeakMap();
      this.#options.onSpace?.(space);
    }
    return this.#context !== undefined;
  }

  /** Adds a suggestion. */
  async advise(trials: readonly TrialRecord[]): Promise<void> {
    const context = this.#context!;
    const { storage, id, space, algorithm } = context;
    const tried = trials.filter(({ systemAttributes }) => systemAttributes[REASON] !== WITHDRAWN);
    const seen = tried.map((trial) => this.#viewOf(trial, space));
    const configuration = await suggestConfiguration(context, seen, trials.length);
    if (this.#options.signal.aborted) return;
    const parameters = toOptunaParameters(space, configuration);
    // Fixed values rather than stored ones: what an objective does not ask for is not kept with its trial. But a real
    // without a fraction would be an integer in that JSON, and so in Python.
    const stored = parameters.filter(({ name, value }) =>
      space.hyperparameters[name].type === "real" && Number.isInteger(value)
    );
    const advice: NewTrial = {
      state: "waiting",
      parameters: stored,
      userAttributes: { [ADVISED_BY]: algorithm!.name }, // which has just suggested
      systemAttributes: { fixed_params: { ...configuration } },
    };
    const created = (await storage.createTrial(id, advice))!; // any number will do
    this.#own.set(created.id, parameters);
    this.#options.onAdvice?.(created.number, configuration);
  }

  #viewOf(trial: TrialRecord, space: SearchSpace): TrialRecord {
    const known = this.#views.get(trial);
    if (known !== undefined) return known;
    // Optuna stores a value when the objective asks for it; a suggestion is known before.
    const suggested = isUnfinished(trial.state) ? this.#own.get(trial.id) : undefined;
    const parameters = (suggested ?? trial.parameters).filter(({ name }) =>
      Object.hasOwn(space.hyperparameters, name)
    );
    const view = { ...trial, parameters };
    this.#views.set(trial, view);
    return view;
  }

  /** Fails the suggestions that nobody took: whoever comes later would try what is old by then. */
  async withdraw(trials: readonly TrialRecord[]): Promise<void> {
    const change = {
      from: ["waiting"],
      state: "fail",
      systemAttributes: { [REASON]: WITHDRAWN },
    } as const;
    for (const { state, id } of trials) {
      if (state === "waiting" && this.#own.has(id)) {
        await this.#options.storage.changeTrial(id, change);
      }
    }
  }
}
