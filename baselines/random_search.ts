/**
 * Random search (Bergstra & Bengio, 2012): the floor that every optimizer has to beat.
 *
 * @module
 */
import type { CheckedObserved, SuggestOptions } from "../core/search/algorithm.ts";
import { drawPoint } from "../core/search/coordinates.ts";
import type { Random } from "../core/search/random.ts";
import { SeededAlgorithm } from "../core/search/seeded_algorithm.ts";

/** Options of {@linkcode RandomSearch}. */
export interface RandomSearchOptions {
  /**
   * Seed of the suggestions, an integer.
   * @default {0}
   */
  seed?: number;
}

/**
 * Suggests uniform points of [0,1]^d, or a uniform index in discrete mode; from the first trial on, without a first
 * design. A suggestion depends on the seed and the number of observations alone, but for what was tried already in a
 * space of which the coordinates are known.
 */
export class RandomSearch extends SeededAlgorithm {
  /** The name in result files and figures. */
  override readonly name = "random";

  /** Prepares a search. @throws {RangeError} when the seed is not a safe integer. */
  constructor(options: RandomSearchOptions = {}) {
    super("random search", options.seed);
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override suggest(
    { dimension }: CheckedObserved,
    random: Random,
    { coordinates }: SuggestOptions,
  ): Float64Array {
    return coordinates === undefined ? random.point(dimension) : drawPoint(random, coordinates);
  }

  /** See {@linkcode SeededAlgorithm}. */
  protected override choose(
    _observed: CheckedObserved,
    rows: readonly Float64Array[],
    random: Random,
  ): number {
    return random.integer(rows.length);
  }
}
