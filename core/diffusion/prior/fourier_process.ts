/**
 * Draws of a Gaussian process, approximated with random Fourier features.
 *
 * @module
 */
import { chance } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import { activeInputs, type Relevance } from "./relevance.ts";
import type { SurfaceTerm } from "./surface_term.ts";

/** Options of {@linkcode FourierProcess.draw}. */
export interface FourierProcessOptions {
  /** Median lengthscale of a relevant input, before it is multiplied by sqrt(k). @default {0.35} */
  medianLengthscale?: number;
  /** Standard deviation of log lengthscales between the inputs of one draw. @default {0.7} */
  lengthscaleSpread?: number;
  /** Probability of Student-t frequencies with 5 degrees of freedom (Matern-5/2 in place of RBF). @default {0.5} */
  maternShare?: number;
}

const features = 96;

/**
 * A draw of a Gaussian process with zero mean and unit variance: sqrt(2 / F) sum_f a_f cos(omega_f x
 * + phi_f) with F = 96 features (Rahimi & Recht 2007). Lengthscales are log-normal per input; an
 * input's amplitude multiplies its frequencies, so that nearly irrelevant inputs act almost linearly.
 */
export class FourierProcess implements SurfaceTerm {
  readonly #inputs: Int32Array;
  readonly #frequencies: Float64Array; // [active inputs, features], in turns (multiples of 2 pi)
  readonly #phases: Float64Array; // [features], in turns
  readonly #amplitudes: Float64Array; // [features]
  readonly #turns = new Float64Array(features); // scratch

  private constructor(
    inputs: Int32Array,
    frequencies: Float64Array,
    phases: Float64Array,
    amplitudes: Float64Array,
  ) {
    this.#inputs = inputs;
    this.#frequencies = frequencies;
    this.#phases = phases;
    this.#amplitudes = amplitudes;
  }

  /** Draws a process over the inputs that have a positive amplitude. */
  static draw(
    random: Random,
    relevance: Relevance,
    options: FourierProcessOptions = {},
  ): FourierProcess {
    const { medianLengthscale = 0.35, lengthscaleSpread = 0.7, maternShare = 0.5 } = options;
    const inputs = activeInputs(relevance);
    const common = medianLengthscale * Math.sqrt(relevance.relevantCount) *
      Math.exp(0.4 * random.normal());
    const rates = Float64Array.from(inputs, (j) => {
      const lengthscale = common * Math.exp(lengthscaleSpread * random.normal());
      return relevance.amplitudes[j] / lengthscale / (2 * Math.PI);
    });
    const matern = chance(random, maternShare);
    const frequencies = new Float64Array(features * inputs.length);
    for (let f = 0; f < features; f++) {
      const tail = matern ? Math.sqrt(5 / chiSquared(random, 5)) : 1;
      for (let i = 0; i < inputs.length; i++) {
        frequencies[i * features + f] = random.normal() * tail * rates[i];
      }
    }
    const phases = random.point(features);
    const amplitude = Math.sqrt(2 / features);
    const amplitudes = Float64Array.from({ length: features }, () => amplitude * random.normal());
    return new FourierProcess(inputs, frequencies, phases, amplitudes);
  }

  /** The draw's value at `point`. */
  value(point: Float64Array): number {
    const inputs = this.#inputs, frequencies = this.#frequencies;
    const amplitudes = this.#amplitudes, turns = this.#turns;
    turns.set(this.#phases);
    for (let i = 0, o = 0; i < inputs.length; i++) {
      const x = point[inputs[i]];
      for (let f = 0; f < features; f++, o++) turns[f] += frequencies[o] * x;
    }
    let sum = 0;
    for (let f = 0; f < features; f++) sum += amplitudes[f] * cosineOfTurns(turns[f]);
    return sum;
  }
}

function chiSquared(random: Random, degrees: number): number {
  let sum = 0;
  for (let i = 0; i < degrees; i++) {
    const z = random.normal();
    sum += z * z;
  }
  return sum;
}

/**
 * cos(2 pi t) to 6e-7: t is folded to a quarter turn, where the sine is a polynomial of degree 7 (minimax fit).
 * Cosines were most of what a surface costs; this takes a quarter of the time of `Math.cos`.
 */
function cosineOfTurns(turns: number): number {
  const folded = Math.abs(turns - Math.floor(turns) - 0.5) - 0.25; // in [-1/4, 1/4]
  const s = folded * folded;
  return folded * (6.28316404 + s * (-41.33714235 + s * (81.34076808 - s * 70.99342584)));
}
