/**
 * Narrow curved valleys.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { type Relevance, relevantInputs } from "./relevance.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/**
 * Rosenbrock's function on a random box, -sum_i s (z_(i+1) - z_i^2)^2 + (1 - z_i)^2, over the relevant
 * inputs in random order, half of them mirrored, with steepness s log-uniform in [3, 100]; on a log
 * scale in half of the draws. Finding the valley is easy, following it is not.
 */
export class CurvedValley implements SurfaceTerm {
  readonly #inputs: Int32Array; // [k], in the order of the chain
  readonly #origins: Float64Array; // [k], z at x = 0
  readonly #spans: Float64Array; // [k], z at x = 1 minus z at x = 0
  readonly #steepness: number;
  readonly #logarithmic: boolean;

  private constructor(
    inputs: Int32Array,
    bounds: readonly (readonly [number, number])[],
    steepness: number,
    logarithmic: boolean,
  ) {
    this.#inputs = inputs;
    this.#origins = Float64Array.from(bounds, ([atZero]) => atZero);
    this.#spans = Float64Array.from(bounds, ([atZero, atOne]) => atOne - atZero);
    this.#steepness = steepness;
    this.#logarithmic = logarithmic;
  }

  /** Draws a valley. */
  static draw(random: Random, relevance: Relevance): CurvedValley {
    const relevant = relevantInputs(relevance);
    const inputs = random.permutation(relevant.length).map((i) => relevant[i]);
    const bounds = Array.from(inputs, () => {
      const low = -0.5 - 1.5 * random.uniform();
      const high = 1 + random.uniform();
      return chance(random, 0.5) ? [low, high] as const : [high, low] as const;
    });
    return new CurvedValley(inputs, bounds, logUniform(random, 3, 100), chance(random, 0.5));
  }

  /** 0 at the optimum z = (1, ..., 1), negative elsewhere. */
  value(point: Float64Array): number {
    const inputs = this.#inputs, origins = this.#origins, spans = this.#spans;
    let z = origins[0] + spans[0] * point[inputs[0]];
    let sum = (1 - z) * (1 - z);
    for (let i = 1; i < inputs.length; i++) {
      const next = origins[i] + spans[i] * point[inputs[i]];
      const off = next - z * z;
      sum += this.#steepness * off * off + (1 - next) * (1 - next);
      z = next;
    }
    return this.#logarithmic ? -Math.log(sum + 0.1) : -sum;
  }
}
