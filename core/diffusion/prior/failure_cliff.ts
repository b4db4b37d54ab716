/**
 * Regions in which training fails.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";

/** A slab at one border of one input in which the response drops by a constant, as a diverging run does. */
export class FailureCliff {
  readonly #input: number;
  readonly #threshold: number;
  readonly #atZero: boolean;
  readonly #drop: number;

  private constructor(input: number, threshold: number, atZero: boolean, drop: number) {
    this.#input = input;
    this.#threshold = threshold;
    this.#atZero = atZero;
    this.#drop = drop;
  }

  /** Draws a cliff: at most a quarter wide, .5 to 5 units deep. */
  static draw(random: Random, dimension: number): FailureCliff {
    return new FailureCliff(
      random.integer(dimension),
      0.75 + 0.25 * random.uniform(),
      chance(random, 0.5),
      logUniform(random, 0.5, 5),
    );
  }

  /** How much the response loses at `point`: 0 or the drop. */
  loss(point: Float64Array): number {
    const x = point[this.#input];
    return (this.#atZero ? 1 - x : x) > this.#threshold ? this.#drop : 0;
  }
}
