/**
 * The program that tunes models: `worker.py`, asked over standard input and output.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import type { SearchSpace } from "../../core/search/search_space.ts";
import type { ModelTrial } from "../../tasks/report/model_runs.ts";
import { TextLineStream } from "../../tasks/shared/text_lines.ts";

/** A run that is to be made. */
export interface TunerJob {
  model: string;
  method: string;
  space: SearchSpace;
  seed: number;
  /** The configurations that it begins with. */
  initial: readonly Record<string, unknown>[];
  /** Suggestions after them. */
  trials: number;
}

/** A process that makes one run after another. */
export class Tuner implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #answers: ReadableStreamDefaultReader<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  /** Starts it. @param python The interpreter. @param origin Where the service listens. */
  constructor(python: string, origin: string) {
    this.#process = new Deno.Command(python, {
      args: [new URL("worker.py", import.meta.url).pathname, origin],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#answers = this.#process.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** Makes a run. @throws {InputError} when the process ends, which has said why on stderr. */
  async tune(job: TunerJob): Promise<ModelTrial[]> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(job)}\n`)).catch(() => {});
    const { value, done } = await this.#answers.read();
    if (!done) return JSON.parse(value).trials;
    throw new InputError(`Cannot tune '${job.model}' by '${job.method}' as worker.py must answer`);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {}); // it may have ended by itself
    await this.#answers.cancel();
    await this.#process.status;
  }
}
