/**
 * History search: the challenge's method to the letter, a DDPM trained on nothing but the history.
 *
 * @module
 */
import { indexOfLargest } from "../numerics/arrays.ts";
import type { CheckedObserved, SuggestOptions } from "../search/algorithm.ts";
import { isNearAny, squaredDistance } from "../search/distance.ts";
import type { Random } from "../search/random.ts";
import { SeededAlgorithm } from "../search/seeded_algorithm.ts";
import { checkGuidance, checkInteger } from "./_option_checks.ts";
import { type BackendName, startBackend } from "./backend.ts";
import { type Conditioned, drawFresh, withHistory } from "./conditioning.ts";
import { type History, toHistory, withRunning } from "./history.ts";
import { View } from "./local_view.ts";
import { linearSchedule } from "./schedule.ts";

/** Settings of {@linkcode HistorySearch}. */
export interface HistorySearchOptions {
  /** Key of all randomness. @default {0} */
  seed?: number;
  /** Where tensors are computed. @default {"wasm"} */
  backend?: BackendName;
  /** Denoising steps of a sample, 1..1000, strided over the T = 1000 of training. @default {50} */
  denoisingSteps?: number;
  /** w >= 0 of classifier-free guidance between I = 1 and I = 0. @default {1} */
  guidance?: number;
  /** Training steps on the history before each suggestion. @default {60} */
  trainingSteps?: number;
}

/**
 * Trains a small network anew before each suggestion, on triples (x, I, C) of the history and nothing else, and
 * suggests x ~ p(x | I = 1, C) with C all of it. Time and memory grow with n^2. In discrete mode the row nearest to
 * a sample is chosen, as the network is not trained to score points.
 *
 * With a handful of observations there is little to learn a distribution from: {@linkcode DiffusionSearch}, which is
 * trained in advance, is better. This is the method to compare it with, and the one that needs no weights.
 */
export class HistorySearch extends SeededAlgorithm {
  /** Name in result files. */
  override readonly name = "diffusion-history";
  readonly #options: Required<Omit<HistorySearchOptions, "seed">>;

  /** Prepares a search. @throws {RangeError} when a setting is out of its range. */
  constructor(options: HistorySearchOptions = {}) {
    const { backend = "wasm", denoisingSteps = 50, guidance = 1, trainingSteps = 60 } = options;
    super("diffusion", options.seed, { denoisingSteps, guidance, trainingSteps });
    checkInteger("denoisingSteps", denoisingSteps, { from: 1, to: 1000 });
    checkInteger("trainingSteps", trainingSteps, { from: 1, to: Number.MAX_SAFE_INTEGER });
    checkGuidance(guidance);
    this.#options = { backend, denoisingSteps, guidance, trainingSteps };
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override async suggest(
    observed: CheckedObserved,
    random: Random,
    options: SuggestOptions,
  ): Promise<Float64Array> {
    const { points, responses, running } = observed;
    const history = toHistory(points, responses);
    if (history.points.length === 0) return this.firstDesign(observed, options);
    // Never a local one; but drawn, as the streams of the results on record have it.
    const view = View.draw(random, history, 0);
    return await this.#withTrained(
      view.restrict(withRunning(history, running)),
      (trained) => this.#sample(trained, [...points, ...running], random),
    );
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override async choose(
    { points, responses, running }: CheckedObserved,
    rows: readonly Float64Array[],
    random: Random,
  ): Promise<number> {
    const history = toHistory(points, responses);
    if (history.points.length === 0) return random.integer(rows.length);
    const avoided = [...points.filter((_, i) => !Number.isFinite(responses[i])), ...running];
    const sample = await this.#withTrained(
      withRunning(history, running),
      (trained) => this.#sample(trained, [], random),
    );
    return indexOfLargest(
      rows.map((row) => isNearAny(row, avoided) ? -Infinity : -squaredDistance(row, sample)),
    );
  }

  async #withTrained<T>(history: History, use: (trained: Conditioned) => Promise<T>): Promise<T> {
    const { backend, trainingSteps } = this.#options;
    await startBackend(backend);
    const { trainOnHistory } = await import("./history_training.ts");
    const schedule = linearSchedule();
    const { parameters } = await trainOnHistory(history, {
      schedule,
      seed: this.seed,
      steps: trainingSteps,
    });
    return await withHistory({ parameters, schedule }, history, backend, use);
  }

  async #sample(
    trained: Conditioned,
    tried: readonly Float64Array[],
    random: Random,
  ): Promise<Float64Array> {
    const { denoisingSteps: steps, guidance } = this.#options;
    const [sample] = await drawFresh(trained, tried, { random, steps, guidance });
    return sample;
  }
}
