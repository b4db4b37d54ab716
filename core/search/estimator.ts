/**
 * What is known of the true values of what was tried: the vocabulary of recommendations and confirmations.
 *
 * @module
 */
import type { Coordinate } from "./coordinates.ts";
import type { Observed } from "./task.ts";

/** What the measurements say about one configuration that was tried. */
export interface PointEstimate {
  /** The point of [0,1]^d. */
  readonly point: Float64Array;
  /** Number of its measurements with a finite response, at least 1. */
  readonly measurements: number;
  /** Their mean. */
  readonly mean: number;
  /** The estimate of its true value: what the mean of very many measurements would be. */
  readonly estimate: number;
  /** Standard deviation of the true value around the estimate. */
  readonly standardDeviation: number;
  /** Probability that its true value is the largest of all that were tried. */
  readonly probabilityOfBest: number;
  /**
   * By how much one more measurement of it is expected to raise the true value of what is recommended afterwards
   * (the knowledge gradient of Frazier et al. 2009), in the unit of the responses; at least 0.
   */
  readonly valueOfMeasuring: number;
}

/** What is known of everything that was tried: the answer to "what do I deploy?". */
export interface Estimates {
  /** What to deploy: the configuration with the largest estimate. */
  readonly recommended: PointEstimate;
  /** All that were measured, the largest estimate first. */
  readonly tried: readonly PointEstimate[];
  /** Standard deviation of a measurement around the true value; 0 where no noise is seen. */
  readonly noise: number;
}

/** Options of an {@linkcode Estimator}. */
export interface EstimateOptions {
  /** What the columns of a point mean. @default {all real} */
  readonly coordinates?: readonly Coordinate[];
}

/**
 * Estimates the true values of what was tried. Running points and failed evaluations say nothing.
 *
 * @returns undefined when nothing was measured.
 */
export type Estimator = (
  observed: Observed,
  options?: EstimateOptions,
) => Promise<Estimates | undefined>;
