/**
 * Diffusion search: the optimizer that draws its next configuration from a conditional DDPM.
 *
 * @module
 */
import { indexOfLargest } from "../numerics/arrays.ts";
import type { CheckedObserved, SuggestOptions } from "../search/algorithm.ts";
import { isNearAny, squaredDistance } from "../search/distance.ts";
import type { Random } from "../search/random.ts";
import { SeededAlgorithm } from "../search/seeded_algorithm.ts";
import { type BackendName, startBackend } from "./backend.ts";
import { denoise } from "./denoiser.ts";
import { contextBatchOf } from "./features.ts";
import { guidanceRamp } from "./guidance.ts";
import { condense, type History, toHistory, withRunning } from "./history.ts";
import { trainOnHistory } from "./history_training.ts";
import { improvementScores } from "./improvement_score.ts";
import { defaultLocalShare, View } from "./local_view.ts";
import { Network, release } from "./network.ts";
import type { Model } from "./model.ts";
import type { Parameters } from "./parameters.ts";
import { pretrainedModel } from "./pretrained.ts";
import { defaultRefinements, refine } from "./refinement.ts";
import { linearSchedule, type Schedule } from "./schedule.ts";
import type { ContextEmbedding } from "./transformer.ts";

/**
 * Where the model of a suggestion comes from. `"pretrained"`: weights that were trained once on
 * synthetic tasks and are only sampled from. `"history"`: a small network, trained anew on nothing but
 * the history before each suggestion, all of it, so that time and memory grow with n^2. `"adapted"`: the
 * pre-trained weights, trained further on the history before each suggestion.
 */
export type DiffusionMode = "pretrained" | "history" | "adapted";

/** The names of the modes. */
export const diffusionModes: readonly DiffusionMode[] = ["pretrained", "history", "adapted"];

/** Settings of {@linkcode DiffusionSearch}. */
export interface DiffusionSearchOptions {
  /** Key of all randomness. @default {0} */
  seed?: number;
  /** Where the model comes from. @default {"pretrained"} */
  mode?: DiffusionMode;
  /** Where tensors are computed. @default {"wasm"} */
  backend?: BackendName;
  /** The pre-trained model; mode "history" uses none. @default {the one that is part of the package} */
  model?: Model;
  /**
   * Denoising steps of a sample, 1..1000, strided over the T = 1000 of training.
   * @default {16, or 50 in mode "history"}
   */
  denoisingSteps?: number;
  /**
   * w >= 0 of classifier-free guidance between I = 1 and I = 0.
   * @default {rising with the finite responses, from 1.5 for 5 to 5 for 35 and more; 1 in mode "history"}
   */
  guidance?: number;
  /**
   * Samples, of which the one is taken that the network itself scores best. 1 takes the first sample,
   * without any ranking; mode "history" has no score.
   * @default {1}
   */
  candidates?: number;
  /**
   * Probability that the pre-trained model is shown the surroundings of the best points in place of the whole
   * history, so that it can come closer to an optimum than its own resolution.
   * @default {0.5 for d <= 4, falling linearly to 0 for d >= 12; 0 in mode "history"}
   */
  localShare?: number;
  /**
   * Rounds in which a sample of the pre-trained model follows the network's own score uphill, each over d coordinates.
   * @default {4 for d <= 4, falling linearly to 0 for d >= 12; 0 in mode "history"}
   */
  refinements?: number;
  /** Training steps on the history before each suggestion; none in mode "pretrained". @default {60, 4 in "adapted"} */
  trainingSteps?: number;
}

/** Settings whose default depends on the history, or is loaded. */
type OptionalSetting = "model" | "guidance" | "localShare" | "refinements";

/** Options with their defaults filled in. */
type Settings =
  & Required<Omit<DiffusionSearchOptions, OptionalSetting | "seed">>
  & { [Name in OptionalSetting]: DiffusionSearchOptions[Name] | undefined };

/** Draws before a repeated point is accepted. */
const largestDraws = 4;

/**
 * Suggests x ~ p(x | I = 1, C) with C the whole history: "better than everything seen". The model is
 * a DDPM conditioned through an in-context set transformer; there is no surrogate and no acquisition
 * function beside it. With few hyperparameters, C is now and then the part of the history around its best
 * points ({@linkcode DiffusionSearchOptions.localShare}), and the sample is refined by the network's own score
 * ({@linkcode DiffusionSearchOptions.refinements}). A suggestion is a function of the options and of the set of
 * observations alone.
 *
 * Of more observations than it was trained with (60 those of the package), the pre-trained model is shown the
 * best, to one half, and others spread over the ranks below. In discrete mode it ranks the pending points by its own score, the expected improvement of its
 * head; in mode "history" the pending point nearest to a sample is chosen.
 *
 * A run that failed is best reported as NaN: it is not repeated, and its response is not used. A penalty in
 * place of that counts as no worse than 30 times the median gap to the best.
 *
 * @example
 * ```ts
 * import { DiffusionSearch } from "@genhpo/genhpo";
 *
 * const search = new DiffusionSearch({ seed: 1 });
 * const next = await search.observeAndSuggest({
 *   points: [[0.2, 0.7], [0.9, 0.1], [0.5, 0.5]],
 *   responses: [0.61, 0.74, 0.7],
 * });
 * console.log(next.length); // 2
 * ```
 */
export class DiffusionSearch extends SeededAlgorithm {
  /** Name in result files. */
  override readonly name: string;
  readonly #options: Settings;

  /** Prepares a search. @throws {RangeError} when a setting is out of its range. */
  constructor(options: DiffusionSearchOptions = {}) {
    super("diffusion", options.seed);
    const { mode = "pretrained", backend = "wasm", candidates = 1 } = options;
    const { model, guidance, localShare, refinements } = options;
    if (!diffusionModes.includes(mode)) {
      throw new RangeError(
        `Cannot search as 'mode' must be one of ${diffusionModes.join(", ")}: got "${mode}"`,
      );
    }
    const literal = mode === "history";
    const { denoisingSteps = literal ? 50 : 16, trainingSteps = literal ? 60 : 4 } = options;
    checkInteger("denoisingSteps", denoisingSteps, { from: 1, to: 1000 });
    checkInteger("trainingSteps", trainingSteps, { from: 1, to: Number.MAX_SAFE_INTEGER });
    checkInteger("candidates", candidates, { from: 1, to: literal ? 1 : 1024 });
    checkInteger("refinements", refinements ?? 0, { from: 0, to: literal ? 0 : 16 });
    if (guidance !== undefined && !(guidance >= 0 && guidance < Infinity)) {
      throw new RangeError(
        `Cannot search as 'guidance' must be finite and at least 0: got ${guidance}`,
      );
    }
    const largestShare = literal ? 0 : 1;
    if (localShare !== undefined && !(localShare >= 0 && localShare <= largestShare)) {
      throw new RangeError(
        `Cannot search as 'localShare' must be from 0 to ${largestShare} in mode "${mode}": ` +
          `got ${localShare}`,
      );
    }
    const base = mode === "pretrained" ? "diffusion" : `diffusion-${mode}`;
    this.name = candidates > 1 ? `${base}-ranked` : base;
    this.#options = {
      mode,
      backend,
      model,
      denoisingSteps,
      guidance,
      candidates,
      localShare,
      refinements,
      trainingSteps,
    };
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override async suggest(
    observed: CheckedObserved,
    random: Random,
    options: SuggestOptions,
  ): Promise<Float64Array> {
    const { points, running } = observed;
    const history = toHistory(points, observed.responses);
    if (history.points.length === 0) return this.firstDesign(observed, options);
    const literal = this.#options.mode === "history";
    const localShare = literal ? 0 : this.#options.localShare ?? defaultLocalShare;
    const view = View.draw(random, history, localShare);
    const tried = [...points, ...running].map((point) => view.project(point));
    const measured = history.points.length;
    return await this.#withModel(
      view.restrict(withRunning(history, running)),
      async (network, context) =>
        view.lift(await this.#sample(network, context, { tried, measured, random })),
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
    const scores = await this.#withModel(
      withRunning(history, running),
      async (network, context) => {
        if (this.#options.mode !== "history") return improvementScores(network, context, rows);
        const point = await this.#sample(network, context, { tried: [], measured: 0, random });
        return rows.map((row) => -squaredDistance(row, point));
      },
    );
    return indexOfLargest(
      scores.map((score, i) => isNearAny(rows[i], avoided) ? -Infinity : score),
    );
  }

  /** Lends the model for this history, with the history encoded. */
  async #withModel<T>(
    history: History,
    use: (network: Network, context: ContextEmbedding) => Promise<T>,
  ): Promise<T> {
    const { mode, backend, trainingSteps } = this.#options;
    await startBackend(backend);
    const training = { seed: this.seed, steps: trainingSteps };
    let parameters: Parameters, schedule: Schedule;
    if (mode === "history") {
      schedule = linearSchedule();
      ({ parameters } = await trainOnHistory(history, { ...training, schedule }));
    } else {
      const model = this.#options.model ?? await pretrainedModel();
      ({ parameters, schedule } = model);
      history = condense(history, model.facts.largestContext);
      if (mode === "adapted") {
        const adaptation = { ...training, schedule, start: parameters, learningRate: 1e-4 };
        ({ parameters } = await trainOnHistory(history, adaptation));
      }
    }
    const network = new Network(parameters, { schedule });
    let context: ContextEmbedding | undefined;
    try {
      context = network.encode(contextBatchOf([history]));
      return await use(network, context);
    } finally {
      if (context !== undefined) release(context);
      network.dispose();
    }
  }

  /** A guided sample that is not a point tried before, the best of several where they are asked for, refined. */
  async #sample(
    network: Network,
    context: ContextEmbedding,
    { tried, measured, random }: {
      tried: readonly Float64Array[];
      measured: number;
      random: Random;
    },
  ): Promise<Float64Array> {
    const { mode, denoisingSteps, candidates } = this.#options;
    const literal = mode === "history";
    const guidance = this.#options.guidance ?? (literal ? 1 : guidanceRamp(measured));
    const rounds = literal ? 0 : this.#options.refinements ?? defaultRefinements(context.dimension);
    const isFresh = (point: Float64Array): boolean => !isNearAny(point, tried);
    const score = (points: readonly Float64Array[]): Promise<number[]> =>
      improvementScores(network, context, points);
    let points: Float64Array[] = [];
    for (let draw = 0; draw < largestDraws; draw++) {
      const options = { random, samples: candidates, steps: denoisingSteps, guidance };
      points = rows(await denoise(network, context, options), context.dimension);
      const fresh = points.filter(isFresh);
      if (fresh.length === 0) continue;
      points = fresh;
      break;
    }
    const sample = points.length === 1 ? points[0] : points[indexOfLargest(await score(points))];
    const refined = await refine(sample, rounds, score);
    return isFresh(refined) ? refined : sample;
  }
}

/** The rows of a matrix of `width` columns. */
function rows(matrix: Float32Array, width: number): Float64Array[] {
  return Array.from(
    { length: matrix.length / width },
    (_, i) => Float64Array.from(matrix.subarray(i * width, (i + 1) * width)),
  );
}

/** @throws {RangeError} when a setting is no integer, or out of its range. */
function checkInteger(name: string, value: number, range: { from: number; to: number }): void {
  if (!Number.isInteger(value) || value < range.from || value > range.to) {
    throw new RangeError(
      `Cannot search as '${name}' must be an integer from ${range.from} to ${range.to}: got ${value}`,
    );
  }
}
