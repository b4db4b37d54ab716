/**
 * A person's optimization: ask, tell, resume, by any number of workers.
 *
 * @module
 */
import { checkConfirm } from "../search/confirmation.ts";
import { InputError } from "../search/errors.ts";
import type { ConfigurationOf, Hyperparameters } from "../search/hyperparameter.ts";
import type { SearchSpace } from "../search/search_space.ts";
import type { Observed } from "../search/task.ts";
import { checkAsha } from "./asha.ts";
import { claimTrial } from "./_asking.ts";
import type { Goal } from "./goal.ts";
import { MemoryStorage } from "./memory_storage.ts";
import {
  type AddedTrial,
  addFinishedTrials,
  enqueueTrial,
  type OutsideRule,
} from "./new_trials.ts";
import { checkOptimizeOptions, runOptimization } from "./_optimizing.ts";
import type { TrialRecord } from "./records.ts";
import { type Recommendation, recommendTrial } from "./recommendation.ts";
import { resumeTrial, RunningTrial } from "./_running_trial.ts";
import { openStudy } from "./settings.ts";
import { type StudyContext, studyContext } from "./_study_context.ts";
import { StudyError } from "./study_error.ts";
import type { StudyEvent, WatchOptions } from "./study_events.ts";
import type {
  AskOptions,
  EnqueueOptions,
  Objective,
  OptimizeOptions,
  StudyOptions,
} from "./study_options.ts";
import { tellTrial } from "./_telling.ts";
import { checkTold, type Told } from "./told.ts";
import type { Trial } from "./trial.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";
import { bestOf, type CompleteTrial, summaryOf, type TrialSummary } from "./trial_summary.ts";
import { eventsOf, followChanges } from "./_watching.ts";

/**
 * An optimization with a search space, a goal and a storage.
 *
 * Any number of workers, in this process and in others, may open the same study; each trial is given to one of them,
 * and each sees what the others are trying. Everything that is told is stored at once, so a study is continued by
 * opening it again.
 *
 * @example Tune in this process
 * ```ts
 * import { RandomSearch, SearchSpace, Study } from "@genhpo/genhpo";
 *
 * const space = new SearchSpace({
 *   learningRate: { type: "real", min: 1e-5, max: 1, log: true },
 *   layers: { type: "integer", min: 1, max: 8 },
 * });
 * await using study = await Study.open({ space, goal: "minimize", algorithm: new RandomSearch({ seed: 1 }) });
 * await study.optimize(({ configuration: { learningRate, layers } }) =>
 *   Math.log10(learningRate / 0.01) ** 2 + (layers - 3) ** 2, { trials: 30 });
 * console.log((await study.best())?.configuration);
 * ```
 */
export class Study<const H extends Hyperparameters = Hyperparameters> {
  /** Its name, unique in its storage. */
  readonly name: string;
  /** The search space. */
  readonly space: SearchSpace<H>;
  /** Whether values are to become large or small. */
  readonly goal: Goal;
  /** Name of the algorithm that chooses here; undefined where the study was opened without one. */
  readonly method: string | undefined;
  readonly #context: StudyContext;
  readonly #closing = new AbortController();
  readonly #keepsStorage: boolean;
  /** Trials that this study gave away. */
  readonly #handles = new WeakSet<Trial<unknown>>();
  readonly #optimizations = new Set<Promise<void>>();
  #lastAsk: Promise<unknown> = Promise.resolve();

  private constructor(context: StudyContext, space: SearchSpace<H>, keepsStorage: boolean) {
    this.name = context.name;
    this.space = space;
    this.goal = context.goal;
    this.method = context.algorithm?.name;
    this.#context = context;
    this.#keepsStorage = keepsStorage;
  }

  /**
   * Opens a study: creates it, or goes on with the one of this name. The defaults of a new one's space are enqueued.
   *
   * @throws {StudyError} when the stored study has other settings than those that are given.
   * @throws {InputError} {RangeError} for options that are missing or out of range.
   */
  static async open<const H extends Hyperparameters>(
    options: StudyOptions<H>,
  ): Promise<Study<H>> {
    const { algorithm, asha, keepStorage = false, retries = 1 } = options;
    const { storage = new MemoryStorage(), name = options.storage ? undefined : "study" } = options;
    if (name === undefined) {
      throw new InputError(
        "Cannot open a study as 'name' must be given with a storage: got none",
      );
    }
    if (!(Number.isSafeInteger(retries) && retries >= 0)) {
      throw new RangeError(
        `Cannot open study "${name}" as 'retries' must be an integer >= 0: got ${retries}`,
      );
    }
    if (asha !== undefined) checkAsha(asha);
    const estimator = options.estimator ?? algorithm?.estimate?.bind(algorithm);
    const confirm = checkConfirm(options.confirm ?? false, estimator);
    const { id, space, goal, seed, isNew } = await openStudy(storage, {
      name,
      space: options.space,
      goal: options.goal,
      algorithm,
      seed: options.seed,
      existing: options.existing ?? "resume",
      change: options.change ?? [],
    });
    const context = studyContext({
      name,
      id,
      storage,
      space,
      goal,
      algorithm,
      seed,
      repeats: options.repeats ?? false,
      confirm,
      estimator,
      retries,
      asha,
      outOfSpace: options.outOfSpace ?? "clip",
      warn: options.onWarning ?? (() => {}),
    });
    const defaults = isNew ? space.defaults : undefined;
    if (defaults !== undefined) await enqueueTrial(context, defaults);
    return new Study(context, space as SearchSpace<H>, keepStorage);
  }

  /**
   * Claims a trial: the one that has waited longest (enqueued, or given back), or a new one of the algorithm's choice.
   *
   * @throws {ExhaustedError} when every configuration of a finite space was tried, and repeats are not allowed.
   */
  async ask(options: AskOptions = {}): Promise<Trial<ConfigurationOf<H>>> {
    // Without a limit there always is one.
    return this.#handleOf((await this.#ask({ ...options, limit: Infinity }))!);
  }

  /**
   * Goes on with a running trial that was asked for in another process, which has ended or hands it over.
   *
   * @param options `lease`: as in `ask`; a trial that was asked for without one gets none.
   * @throws {StudyError} when the trial is unknown, waits, or has ended.
   */
  async resume(number: number, options: AskOptions = {}): Promise<Trial<ConfigurationOf<H>>> {
    this.#mustBeOpen();
    return this.#handleOf(await resumeTrial(this.#context, number, options.lease));
  }

  /**
   * Ends a trial, which may have been asked for in another process. Telling the same twice is no error.
   *
   * @param trial The trial or its number.
   * @param told A finite value; NaN or `{ state: "fail", reason }` for one that failed; `{ state: "pruned" }`.
   * @throws {StudyError} when the trial is unknown, another study's, waits, or has ended otherwise.
   * @throws {TypeError} {RangeError} for anything else that is told. The trial runs on then.
   */
  async tell(trial: number | Trial<ConfigurationOf<H>>, told: Told): Promise<void> {
    this.#mustBeOpen();
    const number = typeof trial === "number" ? trial : this.#numberOf(trial);
    await tellTrial(this.#context, number, checkTold(number, told));
  }

  /**
   * Asks, evaluates and tells until the study has so many trials, however many there were before.
   *
   * An objective that throws, or gives anything but a finite number, makes its trial fail with that reason, and the
   * optimization goes on. Trials whose worker dies are tried again; when all trials are begun, those of other workers
   * are waited for, so that none is lost. An abort ends it early: the objectives' `trial.signal` is aborted, those that
   * give a value still are told, those that throw give their trial back.
   *
   * @param objective Evaluates a trial's configuration.
   * @throws {StudyError} when the objective fails too often in a row; what the storage or the algorithm throws.
   */
  async optimize(
    objective: Objective<ConfigurationOf<H>>,
    options: OptimizeOptions<ConfigurationOf<H>>,
  ): Promise<void> {
    this.#mustBeOpen();
    const { trials = Infinity, parallel = 1, timeout = Infinity, lease = 60 } = options;
    const { callbacks = [], maxConsecutiveFailures = Infinity } = options;
    checkOptimizeOptions(options);
    const signals = options.signal === undefined ? [] : [options.signal];
    const optimization = runOptimization(this.#context, {
      trials,
      parallel,
      timeout,
      lease,
      maxConsecutiveFailures,
      signal: AbortSignal.any([this.#closing.signal, ...signals]),
      ask: () => this.#ask({ lease, limit: trials }),
      evaluate: (trial) => objective(this.#handleOf(trial)),
      finished: async (record) => {
        for (const callback of callbacks) await callback(this.#summaryOf(record));
      },
    });
    this.#optimizations.add(optimization);
    try {
      await optimization;
    } finally {
      this.#optimizations.delete(optimization);
    }
  }

  /** The complete trial with the best value, the first of equals; undefined while there is none. */
  async best(): Promise<CompleteTrial<ConfigurationOf<H>> | undefined> {
    return bestOf(await this.trials(), this.goal);
  }

  /**
   * The configuration to use: with the best estimate of its true value, where `best` has the luckiest measurement. By the
   * study's `estimator`, or by the means of the measurements. Undefined while no trial is complete.
   */
  async recommend(): Promise<Recommendation<ConfigurationOf<H>> | undefined> {
    this.#mustBeOpen();
    const recommendation = await recommendTrial(this.#context, await this.#context.log.refresh());
    return recommendation as Recommendation<ConfigurationOf<H>> | undefined;
  }

  /** What its algorithm is shown now: points of the unit cube, responses (larger is better), running points. */
  async observed(): Promise<Observed> {
    return this.#context.observer.observe(await this.#context.log.refresh());
  }

  /** All trials as they stand, by number. */
  async trials(): Promise<TrialSummary<ConfigurationOf<H>>[]> {
    this.#mustBeOpen();
    return (await this.#context.log.refresh()).map((record) => this.#summaryOf(record));
  }

  /**
   * Has a configuration tried before the algorithm chooses again. Of a part of one, the algorithm chooses the rest.
   * One that was tried or waits already is not enqueued again, unless the study allows repeats, so that a program may
   * enqueue it each time that it starts.
   *
   * @returns the number of its trial.
   * @throws {InputError} when a value is not in the space.
   */
  async enqueue(
    configuration: Partial<ConfigurationOf<H>>,
    options: EnqueueOptions = {},
  ): Promise<number> {
    this.#mustBeOpen();
    const given = configuration as UntypedConfiguration;
    return await enqueueTrial(this.#context, given, options.request);
  }

  /**
   * Adds trials that were evaluated elsewhere, such as `await other.trials()`: what they showed is known from the start.
   * Those that wait or run are passed over, as are those that are in the study already, so that a program may add them
   * each time that it starts.
   *
   * @param options `outside`: what to do with configurations outside of the space. @default {"refuse"}
   * @returns how many were added.
   * @throws {InputError} that lists what is wrong; none was added then.
   */
  async addTrials(
    trials: Iterable<AddedTrial<ConfigurationOf<H>>>,
    options: { readonly outside?: OutsideRule } = {},
  ): Promise<number> {
    this.#mustBeOpen();
    return await addFinishedTrials(this.#context, trials, options.outside ?? "refuse");
  }

  /**
   * What all workers do from the moment of the call, until the study is closed or the signal is aborted:
   * `for await (const event of study.watch()) ...`.
   */
  watch(options: WatchOptions = {}): AsyncGenerator<StudyEvent<ConfigurationOf<H>>> {
    this.#mustBeOpen();
    const { fromStart = false, interval = 0.25, signal } = options;
    const signals = signal === undefined ? [] : [signal];
    const changes = followChanges(this.#context, {
      fromStart,
      interval,
      signal: AbortSignal.any([this.#closing.signal, ...signals]),
    });
    return eventsOf(changes, (record) => this.#summaryOf(record));
  }

  /** Stops what runs, ends watches and closes the storage, unless it is kept open. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new StudyError("closed-study", `Study "${this.name}" was closed`));
    await Promise.allSettled(this.#optimizations);
    if (!this.#keepsStorage) await this.#context.storage[Symbol.asyncDispose]();
  }

  /** Closes it at the end of a block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** One after the other, so that each suggestion is made with the ones before in view. */
  #ask(
    { lease, limit, request }: AskOptions & { limit: number },
  ): Promise<RunningTrial | undefined> {
    this.#mustBeOpen();
    const claim = async (): Promise<RunningTrial | undefined> => {
      const claim = await claimTrial(this.#context, { lease, limit, request });
      if (claim === undefined) return undefined;
      this.#context.changes.happened();
      return new RunningTrial(this.#context, claim, lease);
    };
    const next = this.#lastAsk.then(claim, claim);
    this.#lastAsk = next;
    return next;
  }

  /** The trial as people know it: what was decoded by the space has its type. */
  #handleOf(trial: RunningTrial): Trial<ConfigurationOf<H>> {
    this.#handles.add(trial);
    return trial as Trial<unknown> as Trial<ConfigurationOf<H>>;
  }

  #numberOf(trial: Trial<ConfigurationOf<H>>): number {
    if (this.#handles.has(trial)) return trial.number;
    throw new StudyError(
      "foreign-trial",
      `Cannot tell the trial as it must be one that study "${this.name}" gave: got another study's`,
    );
  }

  #summaryOf(record: TrialRecord): TrialSummary<ConfigurationOf<H>> {
    const configuration = this.#context.reader.configuration(record);
    return summaryOf(record, configuration as ConfigurationOf<H> | undefined);
  }

  #mustBeOpen(): void {
    this.#closing.signal.throwIfAborted();
  }
}
