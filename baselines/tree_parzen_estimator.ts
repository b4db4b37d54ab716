/**
 * Tree-structured Parzen estimator (Bergstra et al., 2011), as Optuna runs it.
 *
 * @module
 */
import type { CheckedObserved, SuggestOptions } from "../core/search/algorithm.ts";
import { type Coordinate, drawPoint, readValues, writeValues } from "../core/search/coordinates.ts";
import { isNearAny } from "../core/search/distance.ts";
import type { Random } from "../core/search/random.ts";
import { SeededAlgorithm } from "../core/search/seeded_algorithm.ts";
import { indexOfLargest } from "../core/numerics/arrays.ts";
import { scoreRows, splitTrials, suggestRow } from "./_parzen_search.ts";

/** The settings of {@linkcode TreeParzenEstimator} that have a name. */
export type TreeParzenEstimatorVariant = "tpe" | "tpe-univariate";

/** Options of {@linkcode TreeParzenEstimator}. */
export interface TreeParzenEstimatorOptions {
  /**
   * Seed of the suggestions, an integer.
   * @default {0}
   */
  seed?: number;
  /**
   * Which settings, and the name in result files:
   * - `tpe`: hyperparameters are drawn together, Optuna's default since its version 5;
   * - `tpe-univariate`: each alone, as in Bergstra et al. and Optuna's default before.
   * @default {"tpe"}
   */
  variant?: TreeParzenEstimatorVariant;
}

/** Responses before which suggestions are random. */
const STARTUP = 10;
/** Candidates of a suggestion. */
const CANDIDATES = 24;
/** Draws before a point is suggested that lies next to one to avoid. */
const ATTEMPTS = 4;

/**
 * Two densities, of the best tenth of the observations and of the others, each a mixture of one kernel an
 * observation; of 24 draws from the first, the one with the largest ratio of both is suggested. All settings are the
 * defaults of Optuna's TPESampler 5.0: random suggestions before the tenth response, prior, bandwidths with magic
 * clipping, and running points among the bad ones. What has no finite response is left out, as Optuna leaves out
 * failed trials, and not suggested again.
 *
 * The order of the observations matters in one way: in a density of more than 25, the older ones weigh less.
 */
export class TreeParzenEstimator extends SeededAlgorithm {
  /** The variant. */
  override readonly name: TreeParzenEstimatorVariant;
  readonly #multivariate: boolean;

  /** Prepares a search. @throws {RangeError} when the seed is no integer or the variant unknown. */
  constructor(options: TreeParzenEstimatorOptions = {}) {
    const { seed, variant = "tpe" } = options;
    super("tree parzen estimator", seed, { variant });
    if (variant !== "tpe" && variant !== "tpe-univariate") {
      throw new RangeError(
        `Cannot create TreeParzenEstimator as 'variant' must be one of tpe, tpe-univariate: ` +
          `got "${variant}"`,
      );
    }
    this.#multivariate = variant === "tpe";
    this.name = variant;
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override suggest(
    observed: CheckedObserved,
    random: Random,
    options: SuggestOptions,
  ): Float64Array {
    const { coordinates = reals(observed.dimension) } = options;
    const trials = splitTrials(observed, coordinates);
    const finished = trials.good.length + trials.bad.length;
    if (finished === 0) return this.firstDesign(observed, options);
    const draw = (): Float64Array => {
      if (finished < STARTUP) return drawPoint(random, coordinates);
      const row = suggestRow(trials, coordinates, {
        multivariate: this.#multivariate,
        candidates: CANDIDATES,
        uniform: () => random.uniform(),
      });
      return writeValues(row, coordinates);
    };
    const avoided = avoidedPoints(observed);
    let point = draw();
    for (let attempt = 1; attempt < ATTEMPTS && isNearAny(point, avoided); attempt++) {
      point = draw();
    }
    return point;
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override choose(
    observed: CheckedObserved,
    rows: readonly Float64Array[],
    random: Random,
    coordinates: readonly Coordinate[] = reals(observed.dimension),
  ): number {
    const avoided = avoidedPoints(observed);
    const open = [...rows.keys()].filter((i) => !isNearAny(rows[i], avoided));
    const choices = open.length > 0 ? open : [...rows.keys()];
    const trials = splitTrials(observed, coordinates);
    if (trials.good.length + trials.bad.length < STARTUP) {
      return choices[random.integer(choices.length)];
    }
    const values = choices.map((i) => readValues(rows[i], coordinates));
    return choices[indexOfLargest(scoreRows(trials, coordinates, values, this.#multivariate))];
  }
}

function reals(dimension: number): Coordinate[] {
  return Array.from({ length: dimension }, () => ({ kind: "real" }));
}

/** Points that failed, or are being evaluated. */
function avoidedPoints({ points, responses, running }: CheckedObserved): Float64Array[] {
  return [...points.filter((_, i) => !Number.isFinite(responses[i])), ...running];
}
