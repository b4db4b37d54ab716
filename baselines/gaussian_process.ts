/**
 * Bayesian optimization with a Gaussian process: the bar to beat.
 *
 * @module
 */
import { indexOfLargest } from "../core/numerics/arrays.ts";
import type { CheckedObserved, SuggestOptions } from "../core/search/algorithm.ts";
import { drawPoint } from "../core/search/coordinates.ts";
import { flatten, type Observations } from "../core/search/observations.ts";
import type { EstimateOptions, Estimates } from "../core/search/estimator.ts";
import type { Random } from "../core/search/random.ts";
import type { Observed } from "../core/search/task.ts";
import { SeededAlgorithm } from "../core/search/seeded_algorithm.ts";
import { avoidNear, maximizeAcquisition, type SearchSettings } from "./_acquisition_search.ts";
import { ExpectedImprovement } from "./_expected_improvement.ts";
import { isMixed, suggestMixed } from "./_mixed_suggestion.ts";
import { fitHyperparameters, gammaPrior, type GpPriors, logNormalPrior } from "./_gp_fit.ts";
import { GpPosterior } from "./_gp_posterior.ts";
import { compressLowerTail, representatives, searchHistory, standardize } from "./_observations.ts";
import { recommend } from "./recommend.ts";

/** The settings of {@linkcode GaussianProcess} that have a name; docs/baselines.md compares them. */
export type GaussianProcessVariant = "gp" | "gp-polished" | "gp-candidates" | "gp-hpob";

/** Options of {@linkcode GaussianProcess}. */
export interface GaussianProcessOptions {
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
  /**
   * Which settings, and the name in result files:
   * - `gp`: the best over all validation. The responses' lower tail is compressed, and LogEI is
   *   polished only while cross-validation says that the model can be trusted in detail;
   * - `gp-polished`: the textbook. LogEI, the best candidates polished with L-BFGS;
   * - `gp-candidates`: LogEI over 4096 Sobol points, no polishing;
   * - `gp-hpob`: the priors and the plain EI of the GP in HPO-B's publication.
   * @default {"gp"}
   */
  variant?: GaussianProcessVariant;
}

/** What the variants differ in. */
interface Settings {
  /** From raw responses to those that the process is fitted to. */
  transform: (y: Float64Array) => Float64Array;
  /** Priors of the hyperparameters in d dimensions. */
  priors: (dimension: number) => GpPriors;
  /** Whether the logarithm of expected improvement is climbed, or itself. */
  logarithm: boolean;
  /** How the acquisition function is maximized by default. */
  search: SearchSettings;
  /** How it is maximized when leave-one-out predictions explain more than this share of variance. */
  trusted?: { above: number; search: SearchSettings };
}

/** Dimension-scaled priors (Hvarfner et al. 2024, as in BoTorch 0.12). */
function dimensionScaledPriors(dimension: number): GpPriors {
  return {
    lengthscale: logNormalPrior(Math.SQRT2 + 0.5 * Math.log(dimension), Math.sqrt(3)),
    noise: logNormalPrior(-4, 1),
  };
}

/** The priors of BoTorch's SingleTaskGP when HPO-B was published. */
function gammaPriors(): GpPriors {
  return {
    lengthscale: gammaPrior(3, 6),
    outputscale: gammaPrior(2, 0.15),
    noise: gammaPrior(1.1, 0.05),
  };
}

const polishing: SearchSettings = { sobolPoints: 1024, perturbations: 300, polished: 8 };

const variants: Record<GaussianProcessVariant, Settings> = {
  "gp": {
    transform: compressLowerTail,
    priors: dimensionScaledPriors,
    logarithm: true,
    search: { sobolPoints: 1024, perturbations: 0, polished: 0 },
    trusted: { above: 0.8, search: polishing },
  },
  "gp-polished": {
    transform: standardize,
    priors: dimensionScaledPriors,
    logarithm: true,
    search: polishing,
  },
  "gp-candidates": {
    transform: standardize,
    priors: dimensionScaledPriors,
    logarithm: true,
    search: { sobolPoints: 4096, perturbations: 0, polished: 0 },
  },
  "gp-hpob": {
    transform: standardize,
    priors: gammaPriors,
    logarithm: false,
    search: polishing,
  },
};

/** A fitted process. */
interface Model {
  /** What it was fitted to, with transformed responses. */
  observations: Observations;
  posterior: GpPosterior;
  acquisition: ExpectedImprovement;
}

/** Runs of L-BFGS from which the hyperparameters are taken. */
const FITS = 2;
/** Observations that the hyperparameters are fitted to, at most, and those that the process is conditioned on. */
const LARGEST_FIT = 200, LARGEST_POSTERIOR = 1000;

/**
 * Exact Gaussian process regression in float64 with a Matern-5/2 ARD kernel, a constant mean and
 * maximum a posteriori hyperparameters; expected improvement chooses the next point. A suggestion
 * depends on the options and the history alone. Points without a finite response count
 * as bad as the worst, and are not suggested again. A response more than 100 median gaps below the best, such as the -1e9 of
 * a run that failed, counts as that bad.
 *
 * Of more than 200 observations the hyperparameters are fitted to the better 100 and 100 spread over the
 * ranks of the others; of more than 1000 the process is conditioned on 1000, chosen likewise.
 */
export class GaussianProcess extends SeededAlgorithm {
  /** The variant. */
  override readonly name: GaussianProcessVariant;
  readonly #warn: (message: string) => void;
  readonly #settings: Settings;

  /** Prepares a search. @throws {RangeError} when the seed is no integer or the variant unknown. */
  constructor(options: GaussianProcessOptions = {}) {
    const { seed, variant = "gp", onWarning = () => {} } = options;
    super("gaussian process", seed);
    if (!Object.hasOwn(variants, variant)) {
      throw new RangeError(
        `Cannot create GaussianProcess as 'variant' must be one of ${
          Object.keys(variants).join(", ")
        }: got "${variant}"`,
      );
    }
    this.#warn = onWarning;
    this.#settings = variants[variant];
    this.name = variant;
  }

  /** The true values of what was tried, see {@linkcode recommend}. */
  estimate(observed: Observed, options: EstimateOptions = {}): Promise<Estimates | undefined> {
    return recommend(observed, options);
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override suggest(
    observed: CheckedObserved,
    random: Random,
    options: SuggestOptions,
  ): Float64Array {
    const history = searchHistory(observed);
    if (history.observations.size === 0) return this.firstDesign(observed, options);
    const { coordinates } = options;
    if (coordinates !== undefined && isMixed(coordinates)) {
      const point = suggestMixed(observed, coordinates, random);
      return point ?? drawPoint(random, coordinates);
    }
    const model = this.#model(history.observations, random, observed.running);
    if (model === undefined) return random.point(observed.dimension);
    const { search, trusted } = this.#settings;
    const isTrusted = trusted &&
      model.posterior.leaveOneOutR2(model.observations.y) > trusted.above;
    return maximizeAcquisition(
      model.acquisition,
      { ...history, observations: model.observations },
      isTrusted ? trusted.search : search,
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
    const model = observations.size === 0
      ? undefined
      : this.#model(observations, random, observed.running);
    if (model === undefined) return random.integer(rows.length);
    const flat = flatten(rows, observed.dimension);
    const values = model.acquisition.values(flat);
    return indexOfLargest(avoidNear(flat, values, avoided, observed.dimension));
  }

  /** The process fitted to transformed responses, with its acquisition function; undefined where it cannot be. */
  #model(
    raw: Observations,
    random: Random,
    running: readonly Float64Array[],
  ): Model | undefined {
    const transformed = { ...raw, y: this.#settings.transform(raw.y) };
    const observations = representatives(transformed, LARGEST_POSTERIOR);
    const posterior = this.#fit(observations, random);
    if (posterior === undefined) return undefined;
    const { logarithm } = this.#settings;
    const best = observations.y.reduce((max, v) => Math.max(max, v));
    const acquisition = new ExpectedImprovement(
      posterior.believing(flatten(running, raw.dimension)),
      best,
      { logarithm },
    );
    return { observations, posterior, acquisition };
  }

  /** The fitted process, or undefined, with a warning. */
  #fit(observations: Observations, random: Random): GpPosterior | undefined {
    const priors = this.#settings.priors(observations.dimension);
    const fitted = representatives(observations, LARGEST_FIT);
    const hyperparameters = fitHyperparameters(fitted, priors, FITS, random);
    const posterior = hyperparameters && GpPosterior.condition(observations, hyperparameters);
    if (posterior === undefined) {
      this.#warn(`${this.name}: the kernel matrix cannot be factorized, suggesting at random`);
    } else if (posterior.jitter > 0) {
      this.#warn(`${this.name}: ${posterior.jitter} added to the diagonal of the kernel matrix`);
    }
    return posterior;
  }
}
