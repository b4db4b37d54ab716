/**
 * Diminishing returns and sweet spots.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { type Relevance, relevantInputs } from "./relevance.ts";
import type { SurfaceTerm } from "./surface_term.ts";

const fields = 5;

/**
 * A sum over the relevant inputs, each of one of two kinds. *Budget-like* (40 %): a learning curve
 * -w (x + e)^(-p), steep at first and flat later, in either direction. *Rate-like* (60 %): a sweet spot
 * -w log cosh((x - c) / s), quadratic near the optimum and linear far from it, whose place c moves with
 * the first relevant input in half of the draws, as the best learning rate moves with the number of steps.
 */
export class SaturatingCurves implements SurfaceTerm {
  readonly #inputs: Int32Array; // [k]
  readonly #parameters: Float64Array; // [k, fields]

  private constructor(inputs: Int32Array, parameters: Float64Array) {
    this.#inputs = inputs;
    this.#parameters = parameters;
  }

  /** Draws the curves. */
  static draw(random: Random, relevance: Relevance): SaturatingCurves {
    const inputs = relevantInputs(relevance);
    const coupled = chance(random, 0.5);
    const parameters = new Float64Array(inputs.length * fields);
    inputs.forEach((_, i) => {
      const weight = Math.exp(0.6 * random.normal());
      parameters.set(
        chance(random, 0.4)
          ? [
            0,
            weight,
            logUniform(random, 0.02, 0.3), // e, where the curve starts
            logUniform(random, 0.3, 1.5), // p, its power
            chance(random, 0.7) ? 1 : -1, // more is better, or less is
          ]
          : [
            1,
            weight,
            random.uniform(), // c, the sweet spot
            logUniform(random, 0.05, 0.5), // s, its width
            coupled && i > 0 ? 0.4 * random.normal() : 0, // how it moves with the first input
          ],
        i * fields,
      );
    });
    return new SaturatingCurves(inputs, parameters);
  }

  /** The sum of the curves. */
  value(point: Float64Array): number {
    const inputs = this.#inputs, p = this.#parameters;
    const first = Math.min(1, Math.max(0, point[inputs[0]])) - 0.5;
    let sum = 0;
    for (let i = 0, o = 0; i < inputs.length; i++, o += fields) {
      const x = Math.min(1, Math.max(0, point[inputs[i]])); // quantisation may leave the cube
      if (p[o] === 0) {
        sum -= p[o + 1] * Math.pow((p[o + 4] > 0 ? x : 1 - x) + p[o + 2], -p[o + 3]);
      } else {
        sum -= p[o + 1] * logCosh((x - p[o + 2] - p[o + 4] * first) / p[o + 3]);
      }
    }
    return sum;
  }
}

function logCosh(x: number): number {
  const magnitude = Math.abs(x);
  return magnitude + Math.log1p(Math.exp(-2 * magnitude)) - Math.LN2;
}
