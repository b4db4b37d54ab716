/**
 * Diffusion search: the optimizer that draws its next configuration from a conditional DDPM.
 *
 * @module
 */
import { indexOfLargest } from "../numerics/arrays.ts";
import type { CheckedObserved, SuggestOptions } from "../search/algorithm.ts";
import type { Coordinate } from "../search/coordinates.ts";
import { isNearAny } from "../search/distance.ts";
import type { Random } from "../search/random.ts";
import { SeededAlgorithm } from "../search/seeded_algorithm.ts";
import { checkGuidance, checkInteger } from "./_option_checks.ts";
import { type BackendName, startBackend } from "./backend.ts";
import { type Conditioned, drawFresh, hostOn, type NetworkHost } from "./conditioning.ts";
import {
  defaultEdgeMargin,
  defaultProbePeriod,
  isProbe,
  leaveEdges,
  probeGap,
} from "./coverage.ts";
import { defaultDenoisingSteps } from "./denoiser.ts";
import { defaultGuidance } from "./guidance.ts";
import { condense, type History } from "./history.ts";
import { observedHistory } from "./observed_history.ts";
import { improvementScores } from "./improvement_score.ts";
import { defaultLocalShare, View } from "./local_view.ts";
import type { Model } from "./model.ts";
import type { Parameters } from "./parameters.ts";
import { pretrainedModel } from "./pretrained.ts";
import { defaultRefinements, refine } from "./refinement.ts";

/**
 * What is done with the pre-trained model. `"pretrained"`: it was trained once on synthetic tasks and is only
 * sampled from. `"adapted"`: it is trained further on the history before each suggestion.
 */
export type DiffusionMode = "pretrained" | "adapted";

/** The names of the modes. */
export const diffusionModes: readonly DiffusionMode[] = ["pretrained", "adapted"];

/** Settings of {@linkcode DiffusionSearch}. */
export interface DiffusionSearchOptions {
  /** Key of all randomness. @default {0} */
  seed?: number;
  /** What is done with the model. @default {"pretrained"} */
  mode?: DiffusionMode;
  /** Where tensors are computed. @default {"wasm"} */
  backend?: BackendName;
  /** The model. @default {the one that is part of the package} */
  model?: Model;
  /** Denoising steps of a sample, 1..1000, strided over the T = 1000 of training. @default {16} */
  denoisingSteps?: number;
  /**
   * w >= 0 of classifier-free guidance between I = 1 and I = 0.
   * @default {3}
   */
  guidance?: number;
  /**
   * Samples, of which the one is taken that the network itself scores best. 1 takes the first sample,
   * without any ranking.
   * @default {1}
   */
  candidates?: number;
  /**
   * Probability that the model is shown the surroundings of the best points in place of the whole history, so that
   * it can come closer to an optimum than its own resolution.
   * @default {0.5 for d <= 4, falling linearly to 0 for d >= 12}
   */
  localShare?: number;
  /**
   * Rounds in which a sample follows the network's own score uphill, each over d coordinates.
   * @default {4 for d <= 4, falling linearly to 0 for d >= 12}
   */
  refinements?: number;
  /**
   * How far from the edges of the cube, at most 0.5, first suggestions keep: the more observations, the less.
   * @default {0 for d <= 12, rising linearly to 0.1 for d >= 16}
   */
  edgeMargin?: number;
  /**
   * Every how many trials one coordinate of the suggestion probes the largest interval in which nothing was tried, so
   * that no search is stuck in one basin; 0 for never.
   * @default {4 for d <= 4, rising linearly to 6 for d >= 12}
   */
  probePeriod?: number;
  /** Training steps on the history before each suggestion, in mode "adapted". @default {4} */
  trainingSteps?: number;
  /** Where networks run. @default {one of its own for each suggestion} */
  host?: NetworkHost;
}

/** Settings whose default depends on the history, or is loaded. */
type OptionalSetting =
  | "model"
  | "guidance"
  | "localShare"
  | "refinements"
  | "edgeMargin"
  | "probePeriod"
  | "host";

/** Options with their defaults filled in. */
type Settings =
  & Required<Omit<DiffusionSearchOptions, OptionalSetting | "seed">>
  & { [Name in OptionalSetting]: DiffusionSearchOptions[Name] | undefined };

/** Learning rate in mode "adapted". */
const adaptationRate = 1e-4;

/**
 * Suggests x ~ p(x | I = 1, C) with C the whole history: "better than everything seen". The model is
 * a DDPM conditioned through an in-context set transformer; there is no surrogate and no acquisition
 * function beside it. With few hyperparameters, C is now and then the part of the history around its best
 * points ({@linkcode DiffusionSearchOptions.localShare}), and the sample is refined by the network's own score
 * ({@linkcode DiffusionSearchOptions.refinements}). First suggestions keep off the edges
 * ({@linkcode DiffusionSearchOptions.edgeMargin}), and now and then one coordinate probes where nothing was tried
 * ({@linkcode DiffusionSearchOptions.probePeriod}). A suggestion is a function of the options and of the set of
 * observations alone.
 *
 * Of more observations than the model was trained with (60 that of the package), it is shown the best ones, as one
 * half, and others spread over the ranks below. In discrete mode it ranks the rows by its own score, the expected
 * improvement of its head. {@linkcode HistorySearch} does without a pre-trained model.
 *
 * A run that failed is best reported as NaN: the model is told where it was, and keeps away from there. A penalty in
 * place of that counts as no worse than 30 times the median gap to the best. The model is also told what is running,
 * and what the columns mean where some are not real.
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
    const { mode = "pretrained", backend = "wasm", candidates = 1 } = options;
    const { denoisingSteps = defaultDenoisingSteps, trainingSteps = 4 } = options;
    const { model, guidance, localShare, refinements, edgeMargin, probePeriod, host } = options;
    super("diffusion", options.seed, {
      mode,
      denoisingSteps,
      candidates,
      guidance: guidance ?? null,
      localShare: localShare ?? null,
      refinements: refinements ?? null,
      edgeMargin: edgeMargin ?? null,
      probePeriod: probePeriod ?? null,
      trainingSteps,
    });
    if (!diffusionModes.includes(mode)) {
      throw new RangeError(
        `Cannot search as 'mode' must be one of ${diffusionModes.join(", ")}: got "${mode}"`,
      );
    }
    checkInteger("denoisingSteps", denoisingSteps, { from: 1, to: 1000 });
    checkInteger("trainingSteps", trainingSteps, { from: 1, to: Number.MAX_SAFE_INTEGER });
    checkInteger("candidates", candidates, { from: 1, to: 1024 });
    checkInteger("refinements", refinements ?? 0, { from: 0, to: 16 });
    checkInteger("probePeriod", probePeriod ?? 0, { from: 0, to: Number.MAX_SAFE_INTEGER });
    if (edgeMargin !== undefined && !(edgeMargin >= 0 && edgeMargin <= 0.5)) {
      throw new RangeError(
        `Cannot search as 'edgeMargin' must be from 0 to 0.5: got ${edgeMargin}`,
      );
    }
    if (guidance !== undefined) checkGuidance(guidance);
    if (localShare !== undefined && !(localShare >= 0 && localShare <= 1)) {
      throw new RangeError(
        `Cannot search as 'localShare' must be from 0 to 1: got ${localShare}`,
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
      edgeMargin,
      probePeriod,
      trainingSteps,
      host,
    };
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override async suggest(
    observed: CheckedObserved,
    random: Random,
    options: SuggestOptions,
  ): Promise<Float64Array> {
    const { points, running } = observed;
    const { coordinates } = options;
    const history = observedHistory(observed, coordinates);
    if (history.points.length === 0) return this.firstDesign(observed, options);
    const view = history.columns === undefined
      ? View.draw(random, history, this.#options.localShare ?? defaultLocalShare)
      : View.whole(observed.dimension);
    const tried = [...points, ...running].map((point) => view.project(point));
    const guidance = this.#options.guidance ?? defaultGuidance;
    const sample = await this.#withModel(
      view.restrict(history),
      async (model) => view.lift(await this.#sample(model, tried, { random, guidance })),
    );
    return this.#cover(sample, [...points, ...running], random);
  }

  /** Keeps first points off the edges, and probes the largest gap now and then. */
  #cover(point: Float64Array, tried: readonly Float64Array[], random: Random): Float64Array {
    const d = point.length;
    const { edgeMargin = defaultEdgeMargin(d), probePeriod = defaultProbePeriod(d) } =
      this.#options;
    const kept = leaveEdges(point, edgeMargin, tried.length);
    return isProbe(tried.length, probePeriod) ? probeGap(kept, tried, random) : kept;
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override async choose(
    observed: CheckedObserved,
    rows: readonly Float64Array[],
    random: Random,
    coordinates?: readonly Coordinate[],
  ): Promise<number> {
    const history = observedHistory(observed, coordinates);
    if (history.points.length === 0) return random.integer(rows.length);
    const avoided = [...history.failed ?? [], ...history.running ?? []];
    const scores = await this.#withModel(
      history,
      ({ network, context }) => improvementScores(network, context, rows),
    );
    return indexOfLargest(
      scores.map((score, i) => isNearAny(rows[i], avoided) ? -Infinity : score),
    );
  }

  /** Lends the model with this history encoded, as much of it as it was trained with. */
  async #withModel<T>(history: History, use: (model: Conditioned) => Promise<T>): Promise<T> {
    const { mode, backend, host = hostOn(backend) } = this.#options;
    const model = this.#options.model ?? await pretrainedModel();
    const shown = condense(history, model.facts.largestContext);
    const { schedule } = model;
    if (mode === "adapted") {
      const parameters = await this.#adapt(model, shown);
      return await host.lend({ parameters, schedule }, shown, use);
    }
    return await host.lend({ parameters: model.parameters, schedule, keep: true }, shown, use);
  }

  /** The weights of the model after some steps of training on a history. */
  async #adapt({ parameters: start, schedule }: Model, history: History): Promise<Parameters> {
    const { backend, trainingSteps: steps } = this.#options;
    await startBackend(backend);
    const { trainOnHistory } = await import("./history_training.ts");
    const options = { schedule, seed: this.seed, steps, start, learningRate: adaptationRate };
    return (await trainOnHistory(history, options)).parameters;
  }

  /** A guided sample that is not a point tried before, the best of several where they are asked for, refined. */
  async #sample(
    { network, context }: Conditioned,
    tried: readonly Float64Array[],
    { random, guidance }: { random: Random; guidance: number },
  ): Promise<Float64Array> {
    const { denoisingSteps: steps, candidates: samples } = this.#options;
    const score = (points: readonly Float64Array[]): Promise<number[]> =>
      improvementScores(network, context, points);
    const options = { random, samples, steps, guidance };
    const points = await drawFresh({ network, context }, tried, options);
    const sample = points.length === 1 ? points[0] : points[indexOfLargest(await score(points))];
    const rounds = this.#options.refinements ?? defaultRefinements(context.dimension);
    const refined = await refine(sample, rounds, score);
    return isNearAny(refined, tried) ? sample : refined;
  }
}
