/**
 * The Sampler: turns an observed history H into training triples (x, I, C).
 *
 * @module
 */
import type { Random } from "../search/random.ts";
import { diffusionSteps } from "./schedule.ts";
import { defaultFlagDropout, flagValues, type TrainingBatch } from "./training_batch.ts";

/** Settings of {@linkcode Sampler}. */
export interface SamplerOptions {
  /** Contexts C a batch. @default {8} */
  contexts?: number;
  /** Queries x of every context. @default {8} */
  queries?: number;
  /**
   * Share of the queries whose flag is dropped, which teaches the unconditional p(x | C) as well. The Denoiser guides
   * between both flags and asks for no such sample.
   * @default {0.15}
   */
  flagDropout?: number;
}

/**
 * Draws triples (x, I, C) from a history: a subset C of H, then queries x from the rest of H, with
 * I = 1 when no response in C is above the response of x (Eq. 1: ties count as 1), else 0.
 *
 * Drawn naively, I = 1 would be as rare as 1 / (n + 1). Two measures balance the flags: half of
 * the contexts are drawn from below a random observation, so that something better exists outside, and
 * within a context both flags get the same weight wherever both occur.
 */
export class Sampler {
  readonly #contexts: number;
  readonly #queries: number;
  readonly #flagDropout: number;

  constructor(options: SamplerOptions = {}) {
    this.#contexts = options.contexts ?? 8;
    this.#queries = options.queries ?? 8;
    this.#flagDropout = options.flagDropout ?? defaultFlagDropout;
  }

  /**
   * The next batch. All its contexts have one size, drawn uniformly from 1..n-1. A single observation
   * is its own context and query.
   *
   * @param history Points in [0,1]^d and their finite responses, n >= 1.
   * @param random The stream of this training.
   */
  next(
    history: { points: readonly Float64Array[]; values: Float64Array },
    random: Random,
  ): TrainingBatch {
    const { points, values } = history;
    const n = points.length, dimension = points[0].length;
    const contextSize = n === 1 ? 1 : 1 + random.integer(n - 1);
    const B = this.#contexts, K = this.#queries;
    const batch: TrainingBatch = {
      contexts: B,
      contextSize,
      dimension,
      contextX: new Float32Array(B * contextSize * dimension),
      contextY: new Float32Array(B * contextSize),
      queries: K,
      queryX: new Float32Array(B * K * dimension),
      improvementFlag: new Int32Array(B * K),
      timestep: new Int32Array(B * K),
      noise: Float32Array.from({ length: B * K * dimension }, () => random.normal()),
      headQueries: 0,
      headX: new Float32Array(0),
      headImprovement: new Float32Array(0),
    };
    for (let b = 0; b < B; b++) {
      const { context, rest } = split(values, contextSize, random);
      let best = -Infinity;
      context.forEach((index, i) => {
        batch.contextX.set(points[index], (b * contextSize + i) * dimension);
        batch.contextY[b * contextSize + i] = values[index];
        best = Math.max(best, values[index]);
      });
      const better = rest.filter((index) => values[index] >= best);
      const worse = rest.filter((index) => values[index] < best);
      for (let k = 0; k < K; k++) {
        const pickBetter = worse.length === 0 || (better.length > 0 && random.uniform() < 0.5);
        const pool = pickBetter ? better : worse;
        const at = b * K + k;
        batch.queryX.set(points[pool[random.integer(pool.length)]], at * dimension);
        batch.improvementFlag[at] = random.uniform() < this.#flagDropout
          ? flagValues.dropped
          : pickBetter
          ? flagValues.better
          : flagValues.worse;
        batch.timestep[at] = 1 + random.integer(diffusionSteps);
      }
    }
    return batch;
  }
}

/** A random context of the given size and the rest of the history, as indices. */
function split(
  values: Float64Array,
  contextSize: number,
  random: Random,
): { context: number[]; rest: number[] } {
  const n = values.length;
  const order = [...random.permutation(n)];
  if (n === 1) return { context: order, rest: order };
  if (random.uniform() < 0.5) {
    // Below a random observation: that one goes last, behind everything that is not above it.
    const ceiling = order.pop()!;
    const below = order.filter((index) => values[index] <= values[ceiling]);
    const above = order.filter((index) => values[index] > values[ceiling]);
    order.splice(0, order.length, ...below, ...above, ceiling);
  }
  return { context: order.slice(0, contextSize), rest: order.slice(contextSize) };
}
