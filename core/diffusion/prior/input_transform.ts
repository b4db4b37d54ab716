/**
 * What a search space does to its coordinates: warps, levels and switches.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";

/** Options of {@linkcode InputTransform.draw}. */
export interface InputTransformOptions {
  /** Probability that inputs are warped. @default {0.4} */
  warpShare?: number;
  /** Probability that inputs are quantised. @default {0.6} */
  quantisedShare?: number;
  /** Probability that there are binary inputs. @default {0.6} */
  binaryShare?: number;
}

/**
 * Maps a point of the unit cube to what the response reacts to, input by input: x^w (log-normal w),
 * then 3 to 49 levels with a random offset, then a threshold for binary inputs. Several points
 * therefore share one response, as they do for integer and categorical hyperparameters and for
 * surrogates made of trees.
 */
export class InputTransform {
  readonly #powers: Float64Array; // [d], 1 = unchanged
  readonly #levels: Float64Array; // [d], 0 = continuous
  readonly #offsets: Float64Array; // [d]
  readonly #thresholds: Float64Array; // [d], NaN = not binary

  private constructor(
    powers: Float64Array,
    levels: Float64Array,
    offsets: Float64Array,
    thresholds: Float64Array,
  ) {
    this.#powers = powers;
    this.#levels = levels;
    this.#offsets = offsets;
    this.#thresholds = thresholds;
  }

  /** Draws a transform of d inputs. */
  static draw(
    random: Random,
    dimension: number,
    options: InputTransformOptions = {},
  ): InputTransform {
    const { warpShare = 0.4, quantisedShare = 0.6, binaryShare = 0.6 } = options;
    const warped = chance(random, warpShare);
    const quantised = chance(random, quantisedShare);
    const binary = chance(random, binaryShare);
    const each = (draw: () => number) => Float64Array.from({ length: dimension }, draw);
    return new InputTransform(
      each(() => warped ? Math.exp(0.4 * random.normal()) : 1),
      each(() => quantised && chance(random, 0.8) ? Math.floor(logUniform(random, 3, 50)) : 0),
      random.point(dimension),
      each(() => binary && chance(random, 0.25) ? switchThreshold(random, 0.5) : NaN),
    );
  }

  /** Writes the transformed `point` into `transformed`; both have d coordinates. */
  apply(point: Float64Array, transformed: Float64Array): void {
    const powers = this.#powers, levels = this.#levels, thresholds = this.#thresholds;
    for (let j = 0; j < point.length; j++) {
      let x = point[j];
      if (powers[j] !== 1) x = Math.pow(x, powers[j]);
      if (levels[j] !== 0) {
        const offset = this.#offsets[j];
        x = (Math.floor(x * levels[j] + offset) + 0.5 - offset) / levels[j];
      }
      const threshold = thresholds[j];
      transformed[j] = threshold === threshold ? (x > threshold ? 1 : 0) : x;
    }
  }
}

/** Where a binary hyperparameter switches: in the middle with probability `middleShare`, else anywhere. */
export function switchThreshold(random: Random, middleShare: number): number {
  return chance(random, middleShare) ? 0.5 : random.uniform();
}
