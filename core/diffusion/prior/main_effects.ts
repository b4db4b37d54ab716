/**
 * Additive main effects, and their soft minimum.
 *
 * @module
 */
import { chance, logUniform, softmaxNormal } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { activeInputs, type Relevance } from "./relevance.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/** Numbers kept for one input, in the order in which they lie in the parameter array. */
const fields = 8;

/**
 * Every input has an effect of its own, a random mixture of a peak -|x - c|^p, a sigmoid and a step.
 * The term is the sum of the effects, or, in 35 % of the draws, their soft minimum
 * -1/3 log sum exp(-3 effect): one badly chosen hyperparameter ruins the result.
 */
export class MainEffects implements SurfaceTerm {
  readonly #inputs: Int32Array;
  readonly #parameters: Float64Array; // [active inputs, fields]
  readonly #softMinimum: boolean;
  readonly #inactive: number;

  private constructor(
    inputs: Int32Array,
    parameters: Float64Array,
    softMinimum: boolean,
    inactive: number,
  ) {
    this.#inputs = inputs;
    this.#parameters = parameters;
    this.#softMinimum = softMinimum;
    this.#inactive = inactive;
  }

  /**
   * Draws effects for the inputs that have a positive amplitude.
   *
   * @param interior Whether peaks are inside, mostly: Beta(2, 2) in two thirds of the draws.
   */
  static draw(random: Random, relevance: Relevance, interior = false): MainEffects {
    const inputs = activeInputs(relevance);
    const parameters = new Float64Array(inputs.length * fields);
    inputs.forEach((j, i) => {
      const weight = relevance.amplitudes[j] * Math.exp(0.8 * random.normal());
      const [peak, sigmoid, step] = softmaxNormal(random, [0, 0, 0], 3);
      parameters.set([
        3 * peak * weight,
        interior && chance(random, 2 / 3) ? medianOfThree(random) : 1.5 * random.uniform() - 0.25, // c, the peak's
        1 + random.uniform(), // p, the peak's power
        2 * sigmoid * weight,
        logUniform(random, 2, 25) * (chance(random, 0.5) ? 1 : -1), // the sigmoid's slope
        1.2 * random.uniform() - 0.1, // the sigmoid's position
        step * weight * random.normal(),
        random.uniform(), // the step's position
      ], i * fields);
    });
    const inactive = relevance.amplitudes.length - inputs.length;
    return new MainEffects(inputs, parameters, chance(random, 0.35), inactive);
  }

  /** The sum or soft minimum of the effects at `point`. */
  value(point: Float64Array): number {
    const inputs = this.#inputs, p = this.#parameters;
    let sum = 0;
    let badness = this.#inactive; // inputs without effect take part in the soft minimum with exp(0)
    for (let i = 0, o = 0; i < inputs.length; i++, o += fields) {
      const x = point[inputs[i]];
      const effect = p[o + 3] / (1 + Math.exp(-p[o + 4] * (x - p[o + 5]))) +
        (x > p[o + 7] ? p[o + 6] : 0) - p[o] * Math.pow(Math.abs(x - p[o + 1]), p[o + 2]);
      sum += effect;
      if (this.#softMinimum) badness += Math.exp(Math.min(600, -3 * effect));
    }
    return this.#softMinimum ? -Math.log(badness) / 3 : sum;
  }
}

/** A draw from Beta(2, 2): the median of three uniform numbers. */
function medianOfThree(random: Random): number {
  const [a, b, c] = [random.uniform(), random.uniform(), random.uniform()];
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
