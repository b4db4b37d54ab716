/**
 * Bayesian optimization with a deep-kernel Gaussian process: HPO-B's strongest method without
 * meta-training.
 *
 * @module
 */
import { type Algorithm, checkHistory } from "../core/search/algorithm.ts";
import { Random } from "../core/search/random.ts";
import { avoidFailed, indexOfMaximum, spaceFillingPoints } from "./_acquisition_search.ts";
import { DeepKernel, type TrainingSettings } from "./_deep_kernel.ts";
import { maximizeByEvolution } from "./numerics/differential_evolution.ts";
import { ExpectedImprovement } from "./_expected_improvement.ts";
import {
  flatten,
  type Observations,
  representatives,
  standardize,
  usableHistory,
} from "./_observations.ts";
import { checkSeed } from "./_options.ts";

/** Options of {@linkcode DeepGaussianProcess}. */
export interface DeepGaussianProcessOptions {
  /**
   * Seed of the suggestions, an integer.
   * @default {0}
   */
  seed?: number;
  /**
   * Is told of numerical trouble, in a sentence, where a suggestion is made all the same.
   * @default {nothing is done}
   */
  onWarning?: (message: string) => void;
}

/**
 * HPO-B trains on from the weights of the suggestion before, at a rate of 1e-3; from new weights
 * 150 epochs at ten times the rate get further than 1000 at that one (docs/baselines.md).
 */
const training: TrainingSettings = {
  epochs: 150,
  learningRate: 1e-2,
  patience: 16,
  lossTolerance: 1e-4,
};

/** Differential evolution: members of the population for each dimension, as in SciPy, and their cap. */
const POPULATION_PER_DIMENSION = 15;
const MAX_POPULATION = 240;
const GENERATIONS = 30;
/** Observations that the kernel is trained on, at most, and those that the process is conditioned on. */
const LARGEST_FIT = 200, LARGEST_POSTERIOR = 500;

/**
 * Deep kernel learning (Wistuba & Grabocka 2021, without their meta-training): a perceptron with four
 * layers of 32 units and an exact Gaussian process with an isotropic Matern-5/2 kernel on its
 * features, trained together by Adam; expected improvement, maximized by differential evolution,
 * chooses the next point.
 *
 * The weights start anew, from the seed, for every suggestion, so that it depends on the options and
 * the history alone. Points without a finite response are left out of the model and not suggested
 * again. A response more than 100 median gaps below the best, such as the -1e9 of a run that failed,
 * counts as that bad.
 *
 * Of more than 200 observations the kernel is trained on the better 100 and 100 spread over the ranks of
 * the others; of more than 500 the process is conditioned on 500, chosen likewise.
 */
export class DeepGaussianProcess implements Algorithm {
  /** The name in result files and figures. */
  readonly name = "dgp";
  readonly #seed: number;
  readonly #warn: (message: string) => void;

  /** Prepares a search. @throws {RangeError} when the seed is no safe integer. */
  constructor(options: DeepGaussianProcessOptions = {}) {
    this.#seed = checkSeed("DeepGaussianProcess", options.seed ?? 0);
    this.#warn = options.onWarning ?? (() => {});
  }

  /** The next point of [0,1]^d, see {@linkcode Algorithm}. */
  observeAndSuggest(xObs: readonly Float64Array[], yObs: Float64Array): Promise<Float64Array>;
  /** The index of the pending point to evaluate next, see {@linkcode Algorithm}. */
  observeAndSuggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen: readonly Float64Array[],
  ): Promise<number>;
  observeAndSuggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen?: readonly Float64Array[],
  ): Promise<Float64Array | number> {
    return new Promise((resolve) => resolve(this.#suggest(xObs, yObs, xPen))); // a throw rejects
  }

  #suggest(
    xObs: readonly Float64Array[],
    yObs: Float64Array,
    xPen?: readonly Float64Array[],
  ): Float64Array | number {
    const { observations: tried, dimension } = checkHistory(xObs, yObs, xPen);
    const random = Random.of("deep gaussian process", this.#seed, tried);
    const { observations: raw, failed } = usableHistory(xObs, yObs);
    const acquisition = this.#acquisition({ ...raw, y: standardize(raw.y) }, random);
    if (acquisition === undefined) {
      return xPen === undefined ? random.point(dimension) : random.integer(xPen.length);
    }
    if (xPen !== undefined) {
      const pending = flatten(xPen, dimension);
      return indexOfMaximum(avoidFailed(pending, acquisition(pending), failed, dimension));
    }
    const size = Math.min(MAX_POPULATION, POPULATION_PER_DIMENSION * dimension);
    return maximizeByEvolution(
      (points) => avoidFailed(points, acquisition(points), failed, dimension),
      {
        population: spaceFillingPoints(size, dimension, random),
        dimension,
        generations: GENERATIONS,
      },
      random,
    );
  }

  /** Log expected improvement as a function of points [m, d]; undefined without a model. */
  #acquisition(
    observations: Observations,
    random: Random,
  ): ((points: Float64Array) => Float64Array) | undefined {
    if (observations.n === 0) return undefined;
    const kernel = DeepKernel.initialize(observations.dimension, random);
    kernel.train(representatives(observations, LARGEST_FIT), training);
    const posterior = kernel.posterior(representatives(observations, LARGEST_POSTERIOR));
    if (posterior === undefined) {
      this.#warn(`${this.name}: the kernel matrix cannot be factorized, suggesting at random`);
      return undefined;
    }
    const best = observations.y.reduce((max, v) => Math.max(max, v));
    const improvement = new ExpectedImprovement(posterior, best);
    return (points) => improvement.values(kernel.features(points));
  }
}
