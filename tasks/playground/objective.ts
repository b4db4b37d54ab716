/**
 * An objective that a person wrote, in a worker of its own, so that it can be stopped whatever it does.
 *
 * @module
 */
/// <reference lib="dom" />

/** What the worker answers. */
type Outcome = { readonly value: unknown } | { readonly problem: string };

/** Evaluates configurations by JavaScript that returns a value for `config`. */
export class Objective implements Disposable {
  readonly #program: string;
  #worker: Worker | undefined;

  /** @param body Body of a function of `config`, which may be asynchronous. */
  constructor(body: string) {
    const program = `const objective = async (config) => {\n${body}\n};
onmessage = async ({ data }) => {
  try { postMessage({ value: await objective(data) }); }
  catch (error) { postMessage({ problem: String(error) }); }
};`;
    this.#program = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  }

  /**
   * The value for a configuration.
   *
   * @throws {Error} when the objective throws, gives no number, or is stopped.
   */
  async evaluate(configuration: object, signal: AbortSignal): Promise<number> {
    const worker = this.#worker ??= new Worker(this.#program);
    const outcome = Promise.withResolvers<Outcome>();
    worker.onmessage = ({ data }: MessageEvent<Outcome>) => outcome.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault(); // it is said with the trial
      outcome.resolve({ problem: event.message });
    };
    const stop = (): void => {
      this.#stop();
      outcome.reject(signal.reason);
    };
    signal.addEventListener("abort", stop);
    try {
      worker.postMessage(configuration);
      const answer = await outcome.promise;
      if ("problem" in answer) {
        this.#stop();
        throw new Error(answer.problem);
      }
      if (typeof answer.value === "number") return answer.value;
      throw new Error(
        `Cannot use the objective as it must return a number: got ${typeof answer.value}`,
      );
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Ends the worker. */
  [Symbol.dispose](): void {
    this.#stop();
    URL.revokeObjectURL(this.#program);
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
