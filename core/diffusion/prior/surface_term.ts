/**
 * What every family of random functions in this folder produces.
 *
 * @module
 */

/** One random function of d inputs: a term of a response surface. */
export interface SurfaceTerm {
  /**
   * The function's value.
   * @param point d coordinates, in [0, 1] up to the half step by which quantisation may leave it.
   */
  value(point: Float64Array): number;
}
