/**
 * Random search (Bergstra & Bengio, 2012): the floor that every optimizer has to beat.
 *
 * @module
 */
import { type Algorithm, checkHistory } from "../core/search/algorithm.ts";
import { Random } from "../core/search/random.ts";
import { checkSeed } from "./_options.ts";

/** Options of {@linkcode RandomSearch}. */
export interface RandomSearchOptions {
  /**
   * Seed of the suggestions, an integer.
   * @default {0}
   */
  seed?: number;
}

/**
 * Suggests uniform points of [0,1]^d, or a uniform index in discrete mode. A suggestion depends on
 * the seed and the number of observations alone.
 */
export class RandomSearch implements Algorithm {
  /** The name in result files and figures. */
  readonly name = "random";
  readonly #seed: number;

  /** Prepares a search. @throws {RangeError} when the seed is not a safe integer. */
  constructor(options: RandomSearchOptions = {}) {
    this.#seed = checkSeed("RandomSearch", options.seed ?? 0);
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
    const { observations, dimension } = checkHistory(xObs, yObs, xPen);
    const random = Random.of("random search", this.#seed, observations);
    return xPen === undefined ? random.point(dimension) : random.integer(xPen.length);
  }
}
