/**
 * Draws from small distributions that the prior, the proposal and the sampler share.
 *
 * @module
 */
import type { Random } from "./random.ts";

/** True with probability `probability`. */
export function chance(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}

/** Log-uniform in [low, high), for 0 < low <= high. */
export function logUniform(random: Random, low: number, high: number): number {
  return low * Math.exp(random.uniform() * Math.log(high / low));
}

/** Softmax of independent normals with the given means and one standard deviation. */
export function softmaxNormal(
  random: Random,
  means: readonly number[],
  deviation: number,
): number[] {
  const weights = means.map((mean) => Math.exp(mean + deviation * random.normal()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** A categorical distribution over {0, ..., n - 1}, prepared for many draws. */
export class Categorical {
  readonly #cumulative: Float64Array;

  /** @param weights n >= 1 non-negative weights, of which at least one is positive. */
  constructor(weights: Float64Array) {
    this.#cumulative = new Float64Array(weights.length);
    let total = 0;
    for (let i = 0; i < weights.length; i++) this.#cumulative[i] = total += weights[i];
    if (!(total > 0 && total < Infinity)) {
      throw new RangeError(
        `Cannot draw as 'weights' must have a positive, finite sum: got ${total}`,
      );
    }
  }

  /** An index, with probability proportional to its weight. */
  draw(random: Random): number {
    const cumulative = this.#cumulative;
    const threshold = random.uniform() * cumulative[cumulative.length - 1];
    let low = 0, high = cumulative.length - 1;
    while (low < high) { // the first index whose cumulative weight exceeds the threshold
      const middle = (low + high) >> 1;
      if (cumulative[middle] > threshold) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
