/**
 * Bowls with one optimum.
 *
 * @module
 */
import { chance } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { type Relevance, relevantInputs } from "./relevance.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/**
 * -|L (x - c)|^p over the relevant inputs: L has log-normal axes, mixed with each other in 60 % of the
 * draws, so that the bowl is a rotated, elongated ellipsoid; p is 2 (a parabola) or 1 (a cone); the
 * centre c is uniform in a box a little larger than the cube, so that some optima lie on its border.
 */
export class QuadraticBowl implements SurfaceTerm {
  readonly #inputs: Int32Array; // [k]
  readonly #centre: Float64Array; // [k]
  readonly #axes: Float64Array; // [k, k]
  readonly #isCone: boolean;

  private constructor(
    inputs: Int32Array,
    centre: Float64Array,
    axes: Float64Array,
    isCone: boolean,
  ) {
    this.#inputs = inputs;
    this.#centre = centre;
    this.#axes = axes;
    this.#isCone = isCone;
  }

  /** Draws a bowl. */
  static draw(random: Random, relevance: Relevance): QuadraticBowl {
    const inputs = relevantInputs(relevance);
    const k = inputs.length;
    const centre = Float64Array.from(inputs, () => 1.1 * random.uniform() - 0.05);
    const mixing = chance(random, 0.6) ? random.uniform() / Math.sqrt(k) : 0;
    const axes = new Float64Array(k * k);
    for (let i = 0; i < k; i++) {
      const stretch = Math.exp(0.7 * random.normal());
      for (let j = 0; j < k; j++) {
        axes[i * k + j] = stretch * ((i === j ? 1 : 0) + mixing * random.normal());
      }
    }
    return new QuadraticBowl(inputs, centre, axes, chance(random, 0.25));
  }

  /** 0 at the centre, negative elsewhere. */
  value(point: Float64Array): number {
    const inputs = this.#inputs, centre = this.#centre, axes = this.#axes;
    let sum = 0;
    for (let i = 0, o = 0; i < inputs.length; i++) {
      let component = 0;
      for (let j = 0; j < inputs.length; j++) {
        component += axes[o++] * (point[inputs[j]] - centre[j]);
      }
      sum += component * component;
    }
    return this.#isCone ? -Math.sqrt(sum) : -sum;
  }
}
