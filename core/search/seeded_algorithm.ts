/**
 * What all optimizers of this package have in common: checked arguments, streams keyed by the seed, no point twice.
 *
 * @module
 */
import {
  type Algorithm,
  answerStream,
  type CheckedObserved,
  checkObserved,
  checkRows,
  type ChooseOptions,
  type SuggestOptions,
} from "./algorithm.ts";
import type { Coordinate } from "./coordinates.ts";
import { firstDesignPoint } from "./first_design.ts";
import type { KeyPart, Random } from "./random.ts";
import type { Observed, Point } from "./task.ts";
import { suggestUntried } from "./untried.ts";

/** An {@linkcode Algorithm} of which only the two answers have to be written. */
export abstract class SeededAlgorithm implements Algorithm {
  /** See {@linkcode Algorithm}. */
  abstract readonly name: string;
  /** Key of all randomness, a safe integer. */
  protected readonly seed: number;
  /** See {@linkcode Algorithm}. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  readonly #stream: string;

  /**
   * Prepares an algorithm.
   *
   * @param stream Name of the random streams; algorithms with different ones draw unrelated numbers.
   * @param seed Key of all randomness.
   * @param settings Further options that its answers depend on.
   * @throws {RangeError} when the seed is no safe integer.
   */
  protected constructor(
    stream: string,
    seed = 0,
    settings: Readonly<Record<string, string | number | boolean | null>> = {},
  ) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`Cannot search as 'seed' must be an integer: got ${seed}`);
    }
    this.seed = seed;
    this.settings = { seed, ...settings };
    this.#stream = stream;
  }

  /** See {@linkcode Algorithm}. */
  async observeAndSuggest(observed: Observed, options: SuggestOptions = {}): Promise<Float64Array> {
    const checked = checkObserved(observed, options);
    return await suggestUntried(
      {
        suggest: (random) => this.suggest(checked, random, options),
        choose: (rows, random) => this.choose(checked, rows, random, options.coordinates),
      },
      checked,
      options,
      this.#streamKey(checked),
    );
  }

  /** See {@linkcode Algorithm}. */
  async observeAndChoose(
    observed: Observed,
    rows: readonly Point[],
    options: ChooseOptions = {},
  ): Promise<number> {
    const checkedRows = checkRows(rows, observed.points?.[0]?.length);
    const checked = checkObserved(observed, { ...options, dimension: checkedRows[0].length });
    const random = answerStream(this.#streamKey(checked), options.key);
    return await this.choose(checked, checkedRows, random);
  }

  /** A point of the cube to evaluate next, whether it was tried or not. */
  protected abstract suggest(
    observed: CheckedObserved,
    random: Random,
    options: SuggestOptions,
  ): Float64Array | Promise<Float64Array>;

  /**
   * The index of the row to evaluate next.
   *
   * @param coordinates What the numbers of rows and points mean, where it is known.
   */
  protected abstract choose(
    observed: CheckedObserved,
    rows: readonly Float64Array[],
    random: Random,
    coordinates?: readonly Coordinate[],
  ): number | Promise<number>;

  /** What to suggest while no response is known: the next point of the first design. */
  protected firstDesign(
    { dimension, points, running }: CheckedObserved,
    { coordinates }: SuggestOptions,
  ): Float64Array {
    const index = points.length + running.length;
    return firstDesignPoint({ dimension, index, seed: this.seed, coordinates });
  }

  /** Running points count, so that two workers that ask one after the other get different numbers. */
  #streamKey({ points, running }: CheckedObserved): KeyPart[] {
    const key: KeyPart[] = [this.#stream, this.seed, points.length];
    return running.length === 0 ? key : [...key, "running", running.length];
  }
}
