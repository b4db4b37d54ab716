/**
 * Bayesian optimization with a Gaussian process: the bar to beat.
 *
 * @module
 */
import { type Algorithm, checkHistory } from "../core/search/algorithm.ts";
import { Random } from "../core/search/random.ts";
import {
  avoidFailed,
  indexOfMaximum,
  maximizeAcquisition,
  type SearchSettings,
} from "./_acquisition_search.ts";
import { ExpectedImprovement } from "./_expected_improvement.ts";
import { fitHyperparameters, gammaPrior, type GpPriors, logNormalPrior } from "./_gp_fit.ts";
import { GpPosterior } from "./_gp_posterior.ts";
import {
  compressLowerTail,
  flatten,
  type Observations,
  representatives,
  standardize,
  usableHistory,
} from "./_observations.ts";
import { checkSeed } from "./_options.ts";

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

/** Runs of L-BFGS from which the hyperparameters are taken. */
const FITS = 2;
/** Observations that the hyperparameters are fitted to, at most, and those that the process is conditioned on. */
const LARGEST_FIT = 200, LARGEST_POSTERIOR = 1000;

/**
 * Exact Gaussian process regression in float64 with a Matern-5/2 ARD kernel, a constant mean and
 * maximum a posteriori hyperparameters; expected improvement chooses the next point. A suggestion
 * depends on the options and the history alone. Points without a finite response are left out of the
 * model and not suggested again. A response more than 100 median gaps below the best, such as the -1e9 of
 * a run that failed, counts as that bad.
 *
 * Of more than 200 observations the hyperparameters are fitted to the better 100 and 100 spread over the
 * ranks of the others; of more than 1000 the process is conditioned on 1000, chosen likewise.
 */
export class GaussianProcess implements Algorithm {
  /** The variant. */
  readonly name: GaussianProcessVariant;
  readonly #seed: number;
  readonly #warn: (message: string) => void;
  readonly #settings: Settings;

  /** Prepares a search. @throws {RangeError} when the seed is no integer or the variant unknown. */
  constructor(options: GaussianProcessOptions = {}) {
    const { seed = 0, variant = "gp", onWarning = () => {} } = options;
    if (!Object.hasOwn(variants, variant)) {
      throw new RangeError(
        `Cannot create GaussianProcess as 'variant' must be one of ${
          Object.keys(variants).join(", ")
        }: got "${variant}"`,
      );
    }
    this.#seed = checkSeed("GaussianProcess", seed);
    this.#warn = onWarning;
    this.#settings = variants[variant];
    this.name = variant;
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
    const random = Random.of("gaussian process", this.#seed, tried);
    const { observations: raw, failed } = usableHistory(xObs, yObs);
    const transformed = { ...raw, y: this.#settings.transform(raw.y) };
    const observations = representatives(transformed, LARGEST_POSTERIOR);
    const posterior = this.#fit(observations, random);
    if (posterior === undefined) {
      return xPen === undefined ? random.point(dimension) : random.integer(xPen.length);
    }
    const { logarithm, search, trusted } = this.#settings;
    const best = observations.y.reduce((max, v) => Math.max(max, v));
    const acquisition = new ExpectedImprovement(posterior, best, { logarithm });
    if (xPen !== undefined) {
      const pending = flatten(xPen, dimension);
      return indexOfMaximum(avoidFailed(pending, acquisition.values(pending), failed, dimension));
    }
    const isTrusted = trusted && posterior.leaveOneOutR2(observations.y) > trusted.above;
    return maximizeAcquisition(
      acquisition,
      { observations, failed },
      isTrusted ? trusted.search : search,
      random,
    );
  }

  /** The fitted process, or undefined, with a warning if there were observations to fit it to. */
  #fit(observations: Observations, random: Random): GpPosterior | undefined {
    if (observations.n === 0) return undefined;
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
