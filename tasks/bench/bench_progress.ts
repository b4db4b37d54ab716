/**
 * How far a benchmark is, and when it should end.
 *
 * @module
 */
import { Progress } from "../shared/progress.ts";
import type { MissingRun } from "./run_queue.ts";
import type { BenchJob } from "./worker.ts";

/** Shows the progress of runs until {@linkcode BenchProgress.finish}. */
export class BenchProgress {
  readonly #missing: readonly MissingRun<BenchJob>[];
  readonly #trials: number;
  readonly #workers: number;
  readonly #line: Progress;
  readonly #timer: ReturnType<typeof setInterval>;

  /**
   * @param missing The runs that were not there at the start.
   * @param trials Trials of each run.
   * @param workers Number of worker threads.
   */
  constructor(
    missing: readonly MissingRun<BenchJob>[],
    trials: number,
    workers: number,
  ) {
    this.#missing = missing;
    this.#trials = trials;
    this.#workers = workers;
    this.#line = new Progress(missing.length * trials, () => this.#describe());
    this.#timer = setInterval(() => this.update(), 500);
  }

  /** Shows the new state. */
  update(): void {
    this.#line.update(this.#trialsDone(), this.#secondsLeft());
  }

  /** Shows the last state, and ends the progress line. */
  finish(): void {
    clearInterval(this.#timer);
    this.update();
    this.#line.finish();
  }

  #describe(): string {
    const finished = this.#missing.filter(({ shared, job }) => shared.has(job)).length;
    const ours = this.#missing.some(({ shared, job }) => shared.holds(job));
    const waiting = ours || finished === this.#missing.length
      ? ""
      : ", waiting for those of other processes";
    return `${finished} of ${this.#missing.length} runs, ${this.#trialsDone()} trials${waiting}`;
  }

  /** Trials of our finished and unfinished runs, and of the finished runs of others. */
  #trialsDone(): number {
    return this.#byMethod().reduce((sum, { done }) => sum + done, 0);
  }

  /** Methods differ a thousandfold in cost: what is left is estimated for each by its own pace. */
  #secondsLeft(): number | undefined {
    const methods = this.#byMethod();
    let left = 0;
    for (const { total, done, own, milliseconds } of methods) {
      if (done >= total) continue;
      if (own === 0) return undefined;
      left += ((total - done) * milliseconds) / own / 1000 / this.#workers;
    }
    const own = methods.reduce((sum, method) => sum + method.own, 0);
    return left * own / this.#trialsDone(); // others help
  }

  #byMethod(): { total: number; done: number; own: number; milliseconds: number }[] {
    const byMethod = Map.groupBy(this.#missing, ({ shared }) => shared);
    return [...byMethod.values()].map((runs) => {
      const [own, milliseconds] = runs[0].job.counters;
      const finished = runs.filter(({ shared, job }) => shared.has(job)).length;
      const total = runs.length * this.#trials;
      return { total, own, milliseconds, done: Math.max(own, finished * this.#trials) };
    });
  }
}
