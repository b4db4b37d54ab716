/**
 * Diffusion search: the optimizer that draws its next configuration from a conditional DDPM.
 *
 * @module
 */
import { type Algorithm, checkHistory } from "./algorithm.ts";
import { type BackendName, startBackend } from "./backend.ts";
import { denoise } from "./denoiser.ts";
import type { ContextBatch } from "./features.ts";
import { type History, toHistory } from "./history.ts";
import { trainOnHistory } from "./history_training.ts";
import { Network, release } from "./network.ts";
import { Random } from "./random.ts";
import { linearSchedule, type Schedule } from "./schedule.ts";

/** Settings of {@linkcode DiffusionSearch}. */
export interface DiffusionSearchOptions {
  /** Key of all randomness. @default 0 */
  seed?: number;
  /** Where tensors are computed. @default "wasm" */
  backend?: BackendName;
  /** Denoising steps of a suggestion, 1..1000: strided over the T = 1000 of training. @default 50 */
  denoisingSteps?: number;
  /** w of classifier-free guidance between I = 1 and I = 0. @default 1 */
  guidance?: number;
  /** Training steps before each suggestion. @default 60 */
  trainingSteps?: number;
}

/** A sample closer than this (largest coordinate difference) to an observed point is drawn again. */
const duplicateDistance = 1e-3;
/** Draws before a repeated point is accepted. */
const draws = 4;

/**
 * Suggests x ~ p(x | I = 1, C) with C the whole history: "better than everything seen". The model is
 * a DDPM conditioned through an in-context set transformer; there is no surrogate and no acquisition
 * function beside it. A suggestion is a function of the options and of the set of observations alone.
 *
 * In discrete mode the pending point nearest to the generated one is chosen.
 *
 * @example
 * ```ts
 * import { DiffusionSearch } from "@genhpo/genhpo";
 *
 * const search = new DiffusionSearch({ seed: 1 });
 * const xObs = [Float64Array.of(0.2, 0.7), Float64Array.of(0.9, 0.1), Float64Array.of(0.5, 0.5)];
 * const next = await search.observeAndSuggest(xObs, Float64Array.of(0.61, 0.74, 0.7));
 * console.log(next.length); // 2
 * ```
 */
export class DiffusionSearch implements Algorithm {
  /** Name in result files. */
  readonly name = "diffusion";
  readonly #options: Required<DiffusionSearchOptions>;
  readonly #schedule: Schedule = linearSchedule();

  /** @throws {RangeError} when a setting is out of its range. */
  constructor(options: DiffusionSearchOptions = {}) {
    this.#options = {
      seed: 0,
      backend: "wasm",
      denoisingSteps: 50,
      guidance: 1,
      trainingSteps: 60,
      ...options,
    };
    const { denoisingSteps, trainingSteps, guidance } = this.#options;
    checkInteger("denoisingSteps", denoisingSteps, this.#schedule.steps);
    checkInteger("trainingSteps", trainingSteps, Number.MAX_SAFE_INTEGER);
    if (!(guidance >= 0)) {
      throw new RangeError(`Cannot search as 'guidance' must be at least 0: got ${guidance}`);
    }
  }

  /** See {@linkcode Algorithm}. */
  observeAndSuggest(xObs: readonly Float64Array[], yObs: Float64Array): Promise<Float64Array>;
  observeAndSuggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen: readonly Float64Array[],
  ): Promise<number>;
  async observeAndSuggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen?: readonly Float64Array[],
  ): Promise<Float64Array | number> {
    const { observations, dimension } = checkHistory(xObs, yObs, xPen);
    const random = Random.of("diffusion", this.#options.seed, observations);
    const history = toHistory(xObs, yObs);
    const point = history.points.length === 0
      ? random.point(dimension)
      : await this.#generate(history, { tried: xPen ? [] : xObs, random });
    return xPen === undefined ? point : nearest(xPen, point);
  }

  /** One guided sample of the model trained on the history. */
  async #generate(
    history: History,
    given: { tried: readonly Float64Array[]; random: Random },
  ): Promise<Float64Array> {
    const { seed, backend, denoisingSteps, guidance, trainingSteps } = this.#options;
    await startBackend(backend);
    const { parameters } = await trainOnHistory(history, {
      schedule: this.#schedule,
      seed,
      steps: trainingSteps,
    });
    const network = new Network(parameters, { schedule: this.#schedule });
    const context = network.encode(contextOf(history));
    try {
      let point = new Float64Array();
      for (let draw = 0; draw < draws; draw++) {
        const { random, tried } = given;
        const options = { random, steps: denoisingSteps, guidance };
        point = Float64Array.from(await denoise(network, context, options));
        if (!tried.some((other) => distance(other, point) < duplicateDistance)) break;
      }
      return point;
    } finally {
      release(context);
      network.dispose();
    }
  }
}

/** A history as a batch of one context. */
function contextOf({ points, values }: History): ContextBatch {
  const dimension = points[0].length;
  const contextX = new Float32Array(points.length * dimension);
  points.forEach((point, i) => contextX.set(point, i * dimension));
  return {
    contexts: 1,
    contextSize: points.length,
    dimension,
    contextX,
    contextY: Float32Array.from(values),
  };
}

/** Index of the point nearest to `target` (Euclidean; the first of equals). */
function nearest(points: readonly Float64Array[], target: Float64Array): number {
  const squares = points.map((point) => point.reduce((sum, x, j) => sum + (x - target[j]) ** 2, 0));
  return squares.indexOf(Math.min(...squares));
}

/** Largest difference of two points in one coordinate. */
function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, x, j) => Math.max(largest, Math.abs(x - b[j])), 0);
}

function checkInteger(name: string, value: number, maximum: number): void {
  if (!Number.isInteger(value) || value < 1 || value > maximum) {
    throw new RangeError(
      `Cannot search as '${name}' must be an integer from 1 to ${maximum}: got ${value}`,
    );
  }
}
