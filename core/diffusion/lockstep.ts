/**
 * Many searches side by side: what their networks are asked at the same moment is answered in one pass.
 *
 * @module
 */
import { type BackendName, startBackend } from "./backend.ts";
import type { Conditioned, HostedModel, NetworkHost } from "./conditioning.ts";
import { contextBatchOf, type QueryBatch } from "./features.ts";
import type { History } from "./history.ts";
import type { Network } from "./network.ts";
import type { ContextEmbedding } from "./transformer.ts";

/** Contexts of one pass: more are no faster, and take more memory. */
const largestPass = 30;

/** What one search asks its network. */
interface Request {
  client: Client;
  /** A velocity, or the logits of clean points. */
  queries: QueryBatch | Float32Array;
  resolve(answer: Float32Array): void;
  reject(reason: unknown): void;
}

/** A search that holds a conditioned network. */
interface Client {
  id: number;
  model: HostedModel;
  history: History;
}

/**
 * A host for searches that run at the same time in one thread. It waits until all of them wait for it, so that each
 * gets the answers that it would get alone, up to rounding.
 *
 * @example Two searches in the time of one
 * ```ts
 * import { DiffusionSearch, LockstepHost } from "@genhpo/genhpo";
 *
 * await using host = new LockstepHost();
 * const observed = { points: [[0.2], [0.8]], responses: [1, 2] };
 * const points = await Promise.all(
 *   [1, 2].map((seed) => new DiffusionSearch({ seed, host }).observeAndSuggest(observed)),
 * );
 * console.log(points.length); // 2
 * ```
 */
export class LockstepHost implements NetworkHost {
  readonly #backend: BackendName;
  readonly #networks = new Map<HostedModel["parameters"], Network>();
  readonly #contexts = new Map<string, ContextEmbedding>();
  #clients = 0;
  #requests: Request[] = [];

  /** Prepares a host. @param backend Where tensors are computed. */
  constructor(backend: BackendName = "wasm") {
    this.#backend = backend;
  }

  /**
   * See {@linkcode NetworkHost}.
   *
   * @internal
   */
  async lend<T>(
    model: HostedModel,
    history: History,
    use: (conditioned: Conditioned) => Promise<T>,
  ): Promise<T> {
    const client: Client = { id: this.#clients++, model, history };
    return await use({
      network: {
        schedule: model.schedule,
        predictVelocity: (queries) => this.#ask(client, queries),
        scoreImprovement: (points) => this.#ask(client, points),
      },
      context: { contexts: 1, dimension: history.points[0].length },
    });
  }

  /** Frees the networks. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#networks.size === 0) return;
    await this.#forget();
    for (const network of this.#networks.values()) network.dispose();
    this.#networks.clear();
  }

  #ask(client: Client, queries: QueryBatch | Float32Array): Promise<Float32Array> {
    // A task, as the other searches get that far in microtasks.
    if (this.#requests.length === 0) setTimeout(() => this.#answerAll(), 0);
    return new Promise((resolve, reject) => {
      this.#requests.push({ client, queries, resolve, reject });
    });
  }

  async #answerAll(): Promise<void> {
    const requests = this.#requests;
    this.#requests = [];
    for (const alike of Map.groupBy(requests, kindOf).values()) {
      for (let start = 0; start < alike.length; start += largestPass) {
        const pass = alike.slice(start, start + largestPass);
        try {
          await this.#answer(pass);
        } catch (error) {
          for (const { reject } of pass) reject(error);
        }
      }
    }
  }

  /** Answers requests of one kind in one pass of their network. */
  async #answer(pass: readonly Request[]): Promise<void> {
    const { model } = pass[0].client;
    await startBackend(this.#backend);
    const { Network } = await import("./network.ts");
    const known = this.#networks.get(model.parameters);
    const network = known ?? new Network(model.parameters, { schedule: model.schedule });
    this.#networks.set(model.parameters, network);
    const context = await this.#contextOf(network, pass.map(({ client }) => client));
    const asked = pass.map(({ queries }) => queries);
    const answers = asked[0] instanceof Float32Array
      ? await network.scoreImprovement(joinFloats(asked as Float32Array[]), context)
      : await network.predictVelocity(joinQueries(asked as QueryBatch[]), context);
    const size = answers.length / pass.length;
    pass.forEach(({ resolve }, b) => resolve(answers.slice(b * size, (b + 1) * size)));
  }

  /** The contexts of a pass, encoded: the same ones for all denoising steps of a suggestion. */
  async #contextOf(network: Network, clients: readonly Client[]): Promise<ContextEmbedding> {
    const key = clients.map(({ id }) => id).join();
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    if (this.#contexts.size >= 8) await this.#forget();
    const context = network.encode(contextBatchOf(clients.map(({ history }) => history)));
    this.#contexts.set(key, context);
    return context;
  }

  async #forget(): Promise<void> {
    const { release } = await import("./network.ts");
    for (const context of this.#contexts.values()) release(context);
    this.#contexts.clear();
  }
}

const models = new WeakMap<object, number>();
let modelCount = 0;

/** Requests of one kind can be answered together: same weights, same shape. */
function kindOf({ client: { model, history }, queries }: Request): string {
  const known = models.get(model.parameters) ?? modelCount++;
  models.set(model.parameters, known);
  const shape = queries instanceof Float32Array
    ? `score ${queries.length}`
    : `velocity ${queries.queries}`;
  return `${known} ${history.points[0].length} ${shape}`;
}

function joinQueries(parts: readonly QueryBatch[]): QueryBatch {
  return {
    queries: parts[0].queries,
    noisy: joinFloats(parts.map(({ noisy }) => noisy)),
    timestep: joinIntegers(parts.map(({ timestep }) => timestep)),
    improvementFlag: joinIntegers(parts.map(({ improvementFlag }) => improvementFlag)),
  };
}

function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, b) => joined.set(part, b * part.length));
  return joined;
}

function joinIntegers(parts: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(parts.length * parts[0].length);
  parts.forEach((part, b) => joined.set(part, b * part.length));
  return joined;
}
