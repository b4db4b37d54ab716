/**
 * A pool of Deno workers that answer jobs, one at a time each. Results do not depend on which worker
 * answers: a job holds everything that its result depends on.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";

interface Answer<Result> {
  result?: Result;
  error?: { name: string; message: string; stack: string | undefined };
}

/** Workers of one module, which calls {@linkcode serveJobs}. */
export class WorkerPool<Job, Result> {
  readonly #workers: Worker[];
  readonly #idle: Worker[];
  readonly #waiting: ((worker: Worker) => void)[] = [];

  /**
   * @param module URL of the worker's module.
   * @param size Number of workers, at least 1.
   */
  constructor(module: URL, size: number) {
    this.#workers = Array.from({ length: size }, () => new Worker(module, { type: "module" }));
    this.#idle = [...this.#workers];
  }

  /** The number of workers. */
  get size(): number {
    return this.#workers.length;
  }

  /** Runs a job on the next idle worker. Jobs start in the order in which they were handed in. */
  async run(job: Job): Promise<Result> {
    const worker = this.#idle.shift() ??
      await new Promise<Worker>((resolve) => this.#waiting.push(resolve));
    try {
      return await ask<Job, Result>(worker, job);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(worker);
      else this.#idle.push(worker);
    }
  }

  /** Ends all workers at once. */
  close(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

function ask<Job, Result>(worker: Worker, job: Job): Promise<Result> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer<Result>>) => {
      if (!data.error) return resolve(data.result as Result);
      if (data.error.name === "InputError") return reject(new InputError(data.error.message));
      const error = new Error(data.error.message);
      error.name = data.error.name;
      if (data.error.stack) error.stack = data.error.stack;
      reject(error);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`A worker failed: ${event.message}`));
    };
    worker.postMessage(job);
  });
}

/** The worker's side of {@linkcode WorkerPool}: answers every job with what `handle` returns. */
export function serveJobs<Job, Result>(handle: (job: Job) => Promise<Result>): void {
  const scope = self as unknown as {
    onmessage: (event: MessageEvent<Job>) => void;
    postMessage(answer: Answer<Result>): void;
  };
  scope.onmessage = async ({ data }) => {
    try {
      scope.postMessage({ result: await handle(data) });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      scope.postMessage({
        error: { name: error.name, message: error.message, stack: error.stack },
      });
    }
  };
}
