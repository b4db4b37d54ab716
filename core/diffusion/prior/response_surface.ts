/**
 * Random response surfaces: the synthetic tasks that the policy is pre-trained on.
 *
 * @module
 */
import { chance } from "../../search/draw.ts";
import { type ByDimension, byDimension } from "../low_dimension.ts";
import type { Observations } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";
import { fitSurrogate, type Surrogate } from "./surrogate.ts";
import { drawRuggedParts, drawSmoothParts, type SurfaceParts } from "./surface_parts.ts";

/** Options of {@linkcode ResponseSurface.draw}. */
export interface ResponseSurfaceOptions {
  /**
   * Probability of a smooth surface; the others are rugged.
   * @default {0.1 for d >= 12, rising linearly to 0.5 for d <= 4}
   */
  smoothShare?: ByDimension;
  /**
   * Probability that everything below a random quantile (10 to 90 % of uniform points) is equally bad.
   * @default {0.12}
   */
  plateauShare?: number;
  /**
   * Probability that a rugged surface is given as the surrogate of a table of it.
   * @default {0.75}
   */
  surrogateShare?: number;
  /**
   * Probability that the range of each input was chosen with room at both ends, so that the optimum is rarely at a
   * border.
   * @default {0 for d <= 7, rising linearly to 0.75 for d >= 12}
   */
  interiorShare?: number;
}

/** The default of `interiorShare`. Where few inputs were searched, optima at borders are as common as others. */
function defaultInteriorShare(dimension: number): number {
  return 0.75 * Math.min(1, Math.max(0, (dimension - 7) / 5));
}

/** The defaults of {@linkcode ResponseSurfaceOptions} that do not depend on the dimension. */
export const defaultSurfaceOptions: Required<Omit<ResponseSurfaceOptions, "interiorShare">> = {
  smoothShare: { low: 0.5, high: 0.1 },
  plateauShare: 0.12,
  surrogateShare: 0.75,
};

/** Share of the interior surfaces that are penalized towards the border. */
const penalizedShare = 2 / 3;
/** Points by which the parts of a surface are brought to a common scale. */
const calibrationPoints = 128;

/**
 * A random function on [0,1]^d, to be maximized.
 *
 * A point is transformed input by input; a closed gate removes the effect of some inputs; the terms are
 * standardised over uniform points, weighted and summed, and the gate's shift is added; the sum is
 * standardised again and sent through the output link; the failure cliff is subtracted and the jagged
 * residual added; where the optimum is rarely at a border, points near it may be penalized; last, a plateau may cut off everything below a level. Often the response of all this is then
 * measured at the points of a table, and a surrogate fitted to the table takes its place.
 */
export class ResponseSurface {
  /** d, the number of inputs. */
  readonly dimension: number;
  /** Whether the surface was drawn from the smooth families. */
  readonly isSmooth: boolean;
  /** Whether the optimum is rarely at a border. */
  readonly isInterior: boolean;
  /** The parts that the surface is composed of. */
  readonly parts: SurfaceParts;
  readonly #factors: Float64Array; // [terms], weight / standard deviation
  readonly #shift: number; // of a closed gate, before the sum is standardised
  #mean = 0; // of the sum
  #inverseDeviation = 1;
  #residualFactor = 0;
  #edgePenalty = 0; // in all corners together
  #plateau = -Infinity;
  #surrogate: Surrogate | undefined;
  readonly #point: Float64Array; // scratch, [d]
  readonly #transformed: Float64Array; // scratch, [d]

  private constructor(
    random: Random,
    dimension: number,
    { isSmooth, isInterior, parts }: {
      isSmooth: boolean;
      isInterior: boolean;
      parts: SurfaceParts;
    },
  ) {
    this.dimension = dimension;
    this.isSmooth = isSmooth;
    this.isInterior = isInterior;
    this.parts = parts;
    this.#point = new Float64Array(dimension);
    this.#transformed = new Float64Array(dimension);
    const norm = Math.sqrt(parts.weights.reduce((sum, weight) => sum + weight * weight, 0));
    this.#shift = (parts.gate?.shift ?? 0) * norm;
    this.#factors = new Float64Array(parts.terms.length);
    const deviation = this.#calibrate(random.point(calibrationPoints * dimension));
    if (isInterior && chance(random, penalizedShare)) {
      this.#edgePenalty = (1 + 2 * random.uniform()) * deviation;
    }
  }

  /** Draws a surface of `dimension` inputs; equal streams and options give equal surfaces. */
  static draw(
    random: Random,
    dimension: number,
    options: ResponseSurfaceOptions = {},
  ): ResponseSurface {
    const { smoothShare, plateauShare, surrogateShare } = { ...defaultSurfaceOptions, ...options };
    const { interiorShare = defaultInteriorShare(dimension) } = options;
    const isSmooth = chance(random, byDimension(dimension, smoothShare));
    const isInterior = interiorShare > 0 && chance(random, interiorShare);
    const parts = isSmooth
      ? drawSmoothParts(random, dimension)
      : drawRuggedParts(random, dimension, isInterior);
    const surface = new ResponseSurface(random, dimension, { isSmooth, isInterior, parts });
    if (chance(random, plateauShare)) {
      const values = surface.evaluate(random.point(calibrationPoints * dimension)).sort();
      const quantile = 0.1 + 0.8 * random.uniform();
      surface.#plateau = values[Math.floor(quantile * values.length)];
    }
    if (!isSmooth && chance(random, surrogateShare)) {
      surface.#surrogate = fitSurrogate(random, {
        dimension,
        gate: parts.gate,
        evaluate: (points) => surface.evaluate(points),
      });
    }
    return surface;
  }

  /** The measurements that the response was fitted to, where it is a surrogate's. */
  get table(): Observations | undefined {
    return this.#surrogate?.table;
  }

  /**
   * The responses at n points.
   * @param points [n, d], row-major, in [0, 1].
   */
  evaluate(points: Float64Array): Float64Array {
    const values = new Float64Array(points.length / this.dimension);
    this.evaluateInto(points, values);
    return values;
  }

  /** Like {@linkcode ResponseSurface.evaluate}, into an array of n values. */
  evaluateInto(points: Float64Array, values: Float64Array): void {
    const point = this.#point, dimension = this.dimension;
    const trees = this.#surrogate?.trees;
    for (let i = 0; i < values.length; i++) {
      for (let j = 0, o = i * dimension; j < dimension; j++) point[j] = points[o + j];
      values[i] = trees === undefined ? this.#response() : trees.value(point);
    }
  }

  /** The response of the parts at the point in the scratch array. */
  #response(): number {
    const { cliff, residual, link } = this.parts;
    let value = link.apply((this.#latent() - this.#mean) * this.#inverseDeviation);
    if (cliff !== undefined) value -= cliff.loss(this.#point);
    if (residual !== undefined) value += this.#residualFactor * residual.value(this.#point);
    if (this.#edgePenalty > 0) value -= this.#edgePenalty * nearnessToEdges(this.#point);
    return value > this.#plateau ? value : this.#plateau;
  }

  /** The weighted sum of the terms, and the gate's shift, at the point in the scratch array. */
  #latent(): number {
    const { terms } = this.parts;
    const closed = this.#transform();
    let sum = closed ? this.#shift : 0;
    for (let i = 0; i < terms.length; i++) {
      sum += this.#factors[i] * terms[i].value(this.#transformed);
    }
    return sum;
  }

  /** Transforms the point in the scratch array; returns whether the gate is closed. */
  #transform(): boolean {
    const { inputs, gate } = this.parts;
    inputs.apply(this.#point, this.#transformed);
    if (gate === undefined || !gate.isClosed(this.#point)) return false;
    gate.close(this.#transformed);
    return true;
  }

  /**
   * Finds the scales of the terms, of their sum and of the response over uniform points.
   *
   * @returns the standard deviation of the response, before anything is subtracted from it.
   */
  #calibrate(points: Float64Array): number {
    const { terms, weights, link, residualAmplitude } = this.parts;
    const n = calibrationPoints, dimension = this.dimension;
    const values = terms.map(() => new Float64Array(n));
    const latent = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      this.#point.set(points.subarray(i * dimension, (i + 1) * dimension));
      if (this.#transform()) latent[i] = this.#shift;
      for (let term = 0; term < terms.length; term++) {
        values[term][i] = terms[term].value(this.#transformed);
      }
    }
    for (let term = 0; term < terms.length; term++) {
      const factor = weights[term] / (moments(values[term]).deviation + 1e-6);
      this.#factors[term] = factor;
      for (let i = 0; i < n; i++) latent[i] += factor * values[term][i];
    }
    const { mean, deviation } = moments(latent);
    this.#mean = mean;
    this.#inverseDeviation = 1 / (deviation + 1e-6);
    const responses = latent.map((value) => link.apply((value - mean) * this.#inverseDeviation));
    const responseDeviation = moments(responses).deviation;
    this.#residualFactor = residualAmplitude * responseDeviation;
    return responseDeviation;
  }
}

/** 0 for a point whose coordinates are all in the middle half, 1 for a corner. */
function nearnessToEdges(point: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < point.length; j++) {
    const beyond = Math.abs(2 * point[j] - 1) - 0.5;
    if (beyond > 0) sum += 4 * beyond * beyond;
  }
  return sum / point.length;
}

/** Mean and (n - 1) standard deviation. */
function moments(values: Float64Array): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
