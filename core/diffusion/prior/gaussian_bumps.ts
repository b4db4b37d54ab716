/**
 * Few smooth local optima.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { type Relevance, relevantInputs } from "./relevance.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/**
 * A sum of 1 to 8 Gaussian bumps over the relevant inputs, like Hartmann's functions: centres uniform,
 * heights log-normal (one in five is a dip), widths log-normal per bump and input around a width that
 * is log-uniform in [.1, .5] times sqrt(k).
 */
export class GaussianBumps implements SurfaceTerm {
  readonly #inputs: Int32Array; // [k]
  readonly #heights: Float64Array; // [bumps]
  readonly #centres: Float64Array; // [bumps, k]
  readonly #precisions: Float64Array; // [bumps, k], 1 / (2 width^2)

  private constructor(
    inputs: Int32Array,
    heights: Float64Array,
    centres: Float64Array,
    precisions: Float64Array,
  ) {
    this.#inputs = inputs;
    this.#heights = heights;
    this.#centres = centres;
    this.#precisions = precisions;
  }

  /** Draws the bumps. */
  static draw(random: Random, relevance: Relevance): GaussianBumps {
    const inputs = relevantInputs(relevance);
    const count = 1 + random.integer(8);
    const typicalWidth = logUniform(random, 0.1, 0.5) * Math.sqrt(inputs.length);
    const heights = Float64Array.from({ length: count }, (_, bump) => {
      const height = Math.exp(0.5 * random.normal());
      return bump > 0 && chance(random, 0.2) ? -height : height;
    });
    const precisions = Float64Array.from({ length: count * inputs.length }, () => {
      const width = typicalWidth * Math.exp(0.5 * random.normal());
      return 1 / (2 * width * width);
    });
    return new GaussianBumps(inputs, heights, random.point(count * inputs.length), precisions);
  }

  /** The sum of the bumps. */
  value(point: Float64Array): number {
    const inputs = this.#inputs, heights = this.#heights;
    const centres = this.#centres, precisions = this.#precisions;
    let sum = 0;
    for (let bump = 0, o = 0; bump < heights.length; bump++) {
      let exponent = 0;
      for (let i = 0; i < inputs.length; i++, o++) {
        const distance = point[inputs[i]] - centres[o];
        exponent += precisions[o] * distance * distance;
      }
      sum += heights[bump] * Math.exp(-exponent);
    }
    return sum;
  }
}
