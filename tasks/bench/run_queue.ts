/**
 * The runs that are to be made, handed out to the workers of one process among any number of processes
 * that share a folder.
 *
 * @module
 */
import type { RunResult } from "../../hpob/comparison/results.ts";
import type { RunIdentity } from "../../hpob/comparison/run.ts";
import type { Claims } from "./claims.ts";
import type { SharedRuns } from "./shared_runs.ts";

/** A run of a method that was not there at the start. */
export interface MissingRun<Job extends RunIdentity = RunIdentity> {
  /** The method's runs. */
  readonly shared: SharedRuns;
  /** The run, with what making it takes. */
  readonly job: Job;
}

/** Seconds between two times at which finished runs are put into the result files. */
const gatherInterval = 20;

/** Runs to be made by us, unless another process is faster. */
export class RunQueue<Job extends RunIdentity> {
  readonly #missing: readonly MissingRun<Job>[];
  readonly #methods: readonly SharedRuns[];
  /** Seconds between two looks at what other processes do. */
  readonly #pause: number;
  #taking: Promise<unknown> = Promise.resolve();
  #gathered = performance.now();

  /**
   * @param methods The runs of all methods.
   * @param missing Those to be made, in the order in which they are handed out.
   * @param claims The claims of this process.
   */
  constructor(
    methods: readonly SharedRuns[],
    missing: readonly MissingRun<Job>[],
    claims: Claims,
  ) {
    this.#methods = methods;
    this.#missing = missing;
    this.#pause = Math.min(1, claims.lease / 4);
  }

  /**
   * Claims the next run. While other processes have all that are left, it waits: until these are
   * finished, or until a process has died and its run is ours.
   *
   * @returns undefined when all runs are finished or being made by us.
   */
  next(): Promise<MissingRun<Job> | undefined> {
    const taken = this.#taking.then(() => this.#take()); // workers take runs one after another
    this.#taking = taken.catch(() => {});
    return taken;
  }

  /** Records a run that {@linkcode RunQueue.next} gave. */
  async record({ shared }: MissingRun<Job>, result: RunResult): Promise<void> {
    await shared.record(result);
    if (performance.now() - this.#gathered < 1000 * gatherInterval) return;
    this.#gathered = performance.now();
    for (const method of this.#methods) await method.gather();
  }

  /** Puts all finished runs into the result files. */
  async finish(): Promise<void> {
    for (const method of this.#methods) {
      while (!await method.gather()) await delay(this.#pause);
    }
  }

  async #take(): Promise<MissingRun<Job> | undefined> {
    for (;;) {
      const left = this.#missing.filter(({ shared, job }) =>
        !shared.has(job) && !shared.holds(job)
      );
      if (left.length === 0) return undefined;
      for (const run of left) {
        if (!run.shared.has(run.job) && await run.shared.claim(run.job)) return run;
      }
      await delay(this.#pause);
      for (const method of this.#methods) await method.refresh();
    }
  }
}

function delay(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}
