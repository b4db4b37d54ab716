/**
 * Bayesian optimization with a deep-kernel Gaussian process: HPO-B's strongest method without
 * meta-training.
 *
 * @module
 */
import { indexOfLargest } from "../core/numerics/arrays.ts";
import type { CheckedObserved, SuggestOptions } from "../core/search/algorithm.ts";
import { flatten, type Observations } from "../core/search/observations.ts";
import type { Random } from "../core/search/random.ts";
import { SeededAlgorithm } from "../core/search/seeded_algorithm.ts";
import { avoidNear, spaceFillingPoints } from "./_acquisition_search.ts";
import { DeepKernel, type TrainingSettings } from "./_deep_kernel.ts";
import { ExpectedImprovement } from "./_expected_improvement.ts";
import { representatives, searchHistory, standardize } from "./_observations.ts";
import { maximizeByEvolution } from "./numerics/differential_evolution.ts";

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
 * the history alone. Points without a finite response count as bad as the worst, and are not suggested
 * again. A response more than 100 median gaps below the best, such as the -1e9 of a run that failed,
 * counts as that bad.
 *
 * Of more than 200 observations the kernel is trained on the better 100 and 100 spread over the ranks of
 * the others; of more than 500 the process is conditioned on 500, chosen likewise.
 */
export class DeepGaussianProcess extends SeededAlgorithm {
  /** The name in result files and figures. */
  override readonly name = "dgp";
  readonly #warn: (message: string) => void;

  /** Prepares a search. @throws {RangeError} when the seed is no safe integer. */
  constructor(options: DeepGaussianProcessOptions = {}) {
    super("deep gaussian process", options.seed);
    this.#warn = options.onWarning ?? (() => {});
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override suggest(
    observed: CheckedObserved,
    random: Random,
    options: SuggestOptions,
  ): Float64Array {
    const { observations, avoided } = searchHistory(observed);
    if (observations.size === 0) return this.firstDesign(observed, options);
    const { dimension } = observed;
    const acquisition = this.#acquisition(observations, random);
    if (acquisition === undefined) return random.point(dimension);
    const size = Math.min(MAX_POPULATION, POPULATION_PER_DIMENSION * dimension);
    return maximizeByEvolution(
      (points) => avoidNear(points, acquisition(points), avoided, dimension),
      {
        population: spaceFillingPoints(size, dimension, random),
        dimension,
        generations: GENERATIONS,
      },
      random,
    );
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override choose(
    observed: CheckedObserved,
    rows: readonly Float64Array[],
    random: Random,
  ): number {
    const { observations, avoided } = searchHistory(observed);
    const acquisition = observations.size === 0
      ? undefined
      : this.#acquisition(observations, random);
    if (acquisition === undefined) return random.integer(rows.length);
    const flat = flatten(rows, observed.dimension);
    return indexOfLargest(avoidNear(flat, acquisition(flat), avoided, observed.dimension));
  }

  /** Log expected improvement as a function of points [m, d]; undefined without a model. */
  #acquisition(
    raw: Observations,
    random: Random,
  ): ((points: Float64Array) => Float64Array) | undefined {
    const observations = { ...raw, y: standardize(raw.y) };
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
