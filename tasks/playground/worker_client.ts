/**
 * The page's side of the worker.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Algorithm, ChooseOptions, SuggestOptions } from "../../core/search/algorithm.ts";
import type { Observed, Point } from "../../core/search/task.ts";
import type {
  Answered,
  Answers,
  MethodName,
  PageBackend,
  PlainObserved,
  Request,
} from "./messages.ts";

/** Asks the worker, which answers one request after the other. */
export class WorkerClient {
  /** What computes. */
  readonly backend: PageBackend;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answers[keyof Answers]>>();
  #next = 1;

  private constructor(program: Blob, backend: PageBackend) {
    this.backend = backend;
    this.#worker = new Worker(URL.createObjectURL(program)); // no module: those need a server
    this.#worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("problem" in data) waiting?.reject(new Error(data.problem));
      else waiting?.resolve(data.answer);
    };
    this.#worker.onerror = ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
      this.#waiting.clear();
    };
  }

  /**
   * Starts the worker without a server.
   *
   * @param program The worker's JavaScript.
   * @param wasm The WASM file as a data URL: pages from files cannot load Blobs in workers.
   * @param backends What may compute; the first one that works here does.
   */
  static async start(
    program: Blob,
    wasm: string,
    backends: readonly PageBackend[],
  ): Promise<WorkerClient> {
    let problem: unknown;
    for (const backend of backends) {
      const client = new WorkerClient(program, backend); // a worker has one backend
      try {
        // TensorFlow.js appends the file's name, which is ignored behind a #.
        await client.ask({ kind: "start", backend, wasmPath: `${wasm}#` });
        return client;
      } catch (error) {
        problem = error;
        client.#worker.terminate();
      }
    }
    throw problem;
  }

  /** The answer to a request. */
  async ask<R extends Request>(request: R): Promise<Answers[R["kind"]]> {
    const id = this.#next++;
    const waiting = Promise.withResolvers<Answers[keyof Answers]>();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, request });
    return await waiting.promise as Answers[R["kind"]];
  }
}

/** An optimizer that thinks in the worker. */
export class RemoteAlgorithm implements Algorithm {
  /** See {@linkcode Algorithm}. */
  readonly name: MethodName;
  /** See {@linkcode Algorithm}. */
  readonly settings: Readonly<Record<string, number>>;
  readonly #client: WorkerClient;
  readonly #seed: number;

  /** An optimizer of that name. */
  constructor(client: WorkerClient, name: MethodName, seed: number) {
    this.name = name;
    this.settings = { seed };
    this.#client = client;
    this.#seed = seed;
  }

  /** See {@linkcode Algorithm}. */
  observeAndSuggest(observed: Observed, options: SuggestOptions = {}): Promise<Float64Array> {
    const { name: method } = this;
    const question = { method, seed: this.#seed, observed: plain(observed), options };
    return this.#client.ask({ kind: "suggest", ...question });
  }

  /** See {@linkcode Algorithm}. */
  observeAndChoose(
    observed: Observed,
    rows: readonly Point[],
    options: ChooseOptions = {},
  ): Promise<number> {
    const { name: method } = this;
    const question = { method, seed: this.#seed, observed: plain(observed), options };
    return this.#client.ask({
      kind: "choose",
      ...question,
      rows: rows.map((row) => Float64Array.from(row)),
    });
  }
}

function plain({ points, responses, running = [] }: Observed): PlainObserved {
  return {
    points: points.map((point) => Float64Array.from(point)),
    responses: Float64Array.from(responses),
    running: running.map((point) => Float64Array.from(point)),
  };
}
