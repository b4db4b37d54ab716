/**
 * The loop of an optimization: ask, evaluate, tell, by several workers in one process.
 *
 * @module
 */
import { ExhaustedError } from "../search/errors.ts";
import type { TrialRecord } from "./records.ts";
import { giveBack } from "./_retries.ts";
import type { RunningTrial } from "./_running_trial.ts";
import type { StudyContext } from "./_study_context.ts";
import { StudyError } from "./study_error.ts";
import type { OptimizeOptions } from "./study_options.ts";
import { tellTrial } from "./_telling.ts";
import { checkTold, type Told } from "./told.ts";

/** What the loop does, with all options resolved. */
export interface Optimization {
  /** Number of the study's trials at which no more are begun. */
  readonly trials: number;
  readonly parallel: number;
  /** Seconds after which no more trials are begun. */
  readonly timeout: number;
  readonly maxConsecutiveFailures: number;
  /** Seconds between the signs of life that a trial's lease outlasts. */
  readonly lease: number;
  /** Stops the loop and the trials. */
  readonly signal: AbortSignal;
  /** Claims a trial; undefined when there are `trials` of them. */
  readonly ask: () => Promise<RunningTrial | undefined>;
  readonly evaluate: (trial: RunningTrial) => unknown;
  readonly finished: (trial: TrialRecord) => Promise<void>;
}

/** Seconds between looks at whether the trials of others have ended. */
const patience = 0.5;

/** Runs an optimization until it ends; what a worker throws is thrown when all have stopped. */
export async function runOptimization(
  context: StudyContext,
  optimization: Optimization,
): Promise<void> {
  const loop = new OptimizationLoop(context, optimization);
  const workers = Array.from({ length: optimization.parallel }, () => loop.work());
  const results = await Promise.allSettled(workers);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

class OptimizationLoop {
  readonly #context: StudyContext;
  readonly #optimization: Optimization;
  readonly #started = performance.now();
  readonly #running = new Set<RunningTrial>();
  #consecutiveFailures = 0;
  #hasFailed = false;

  constructor(context: StudyContext, optimization: Optimization) {
    this.#context = context;
    this.#optimization = optimization;
  }

  /** One worker. */
  async work(): Promise<void> {
    try {
      while (!this.#isOver()) {
        const trial = await this.#ask();
        if (trial !== undefined) await this.#run(trial);
        else if (!await this.#waitForOthers()) return;
      }
    } catch (error) {
      this.#hasFailed = true; // the other workers stop, too
      throw error;
    }
  }

  #isOver(): boolean {
    const { signal, timeout } = this.#optimization;
    const seconds = (performance.now() - this.#started) / 1000;
    return this.#hasFailed || signal.aborted || seconds >= timeout;
  }

  /** A trial; undefined while there is none to begin. */
  async #ask(): Promise<RunningTrial | undefined> {
    // An objective that blocks this thread keeps its neighbours from giving signs of life.
    for (const trial of this.#running) await trial.heartbeatIfDue();
    try {
      return await this.#optimization.ask();
    } catch (error) {
      if (error instanceof ExhaustedError) return undefined;
      throw error;
    }
  }

  /**
   * Trials of other workers may be lost with them, and are to be tried again then. False when none is left that
   * could be.
   */
  async #waitForOthers(): Promise<boolean> {
    const { changes, log } = this.#context;
    const { count } = changes;
    const own = new Set([...this.#running].map(({ number }) => number));
    const trials = await log.refresh();
    const isWaiting = trials.some(({ state, leasedUntil, number }) =>
      state === "running" && leasedUntil !== undefined && !own.has(number)
    );
    if (!isWaiting) return false;
    await changes.next(count, patience, this.#optimization.signal);
    return true;
  }

  async #run(trial: RunningTrial): Promise<void> {
    const { lease, signal, finished } = this.#optimization;
    const stop = () => trial.stop(signal.reason);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const timer = setInterval(() => trial.heartbeat().catch(() => {}), lease * 1000 / 3);
    this.#running.add(trial);
    try {
      const told = await this.#evaluate(trial);
      if (told === undefined) await giveBack(this.#context, trial.id);
      else await finished(await tellTrial(this.#context, trial.number, told));
    } catch (error) {
      if (!isTaken(error)) throw error;
      this.#context.warn(error.message);
    } finally {
      clearInterval(timer);
      signal.removeEventListener("abort", stop);
      this.#running.delete(trial);
    }
  }

  /** What the objective gives; undefined if it was interrupted. */
  async #evaluate(trial: RunningTrial): Promise<Told | undefined> {
    const { evaluate, maxConsecutiveFailures, signal } = this.#optimization;
    try {
      const told = checkTold(trial.number, await evaluate(trial));
      this.#consecutiveFailures = 0;
      return told;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (trial.signal.aborted) throw trial.signal.reason; // it was taken away
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      if (++this.#consecutiveFailures >= maxConsecutiveFailures) {
        await tellTrial(this.#context, trial.number, { state: "fail", reason });
        throw new StudyError(
          "failures",
          `Cannot go on with study "${this.#context.name}" as its objective must succeed: it failed ` +
            `${this.#consecutiveFailures} times in a row, in trial ${trial.number} with ${reason}`,
          { cause: error },
        );
      }
      return { state: "fail", reason };
    }
  }
}

/** Whether a trial was taken from its worker before it ended. */
function isTaken(error: unknown): error is StudyError {
  return error instanceof StudyError && error.code === "finished-trial";
}

/** @throws {TypeError} {RangeError} for options out of range, or when nothing says when it ends. */
export function checkOptimizeOptions(options: OptimizeOptions<never>): void {
  const { trials, timeout, signal, parallel = 1, lease = 60, maxConsecutiveFailures = 1 } = options;
  if (trials === undefined && timeout === undefined && signal === undefined) {
    throw new TypeError(
      "Cannot optimize as 'trials', 'timeout' or 'signal' must say when it ends: got none of them",
    );
  }
  const fail = (name: string, requirement: string, value: unknown): never => {
    throw new RangeError(`Cannot optimize as '${name}' must be ${requirement}: got ${value}`);
  };
  if (trials !== undefined && !(trials >= 0)) fail("trials", "a number >= 0", trials);
  if (timeout !== undefined && !(timeout >= 0)) {
    fail("timeout", "a number of seconds >= 0", timeout);
  }
  if (!(Number.isSafeInteger(parallel) && parallel >= 1)) {
    fail("parallel", "an integer >= 1", parallel);
  }
  if (!(lease > 0 && lease < 2 ** 31 / 1000)) {
    fail("lease", "a number of seconds above 0 and below 2147483", lease);
  }
  if (!(maxConsecutiveFailures >= 1)) {
    fail("maxConsecutiveFailures", "a number >= 1", maxConsecutiveFailures);
  }
}
