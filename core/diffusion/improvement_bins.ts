/**
 * The axis of the head: graded improvement u, squashed, in bins of equal width.
 *
 * @module
 */

/** The unit of {@linkcode squashImprovement}: around it, improvements are resolved best. */
export const improvementUnit = 0.05;
/** Half-width of the axis: the bins divide asinh(u / 0.05) in [-6, 6] evenly. */
const range = 6;

/** asinh(u / 0.05): graded improvement on a scale that is linear near 0 and logarithmic beyond. */
export function squashImprovement(improvement: number): number {
  return Math.asinh(improvement / improvementUnit);
}

/**
 * The bin of a graded improvement u. Zero is an edge, and a tie (u <= 1e-6) belongs to the side that is not
 * better.
 */
export function improvementBin(improvement: number, bins: number): number {
  const squashed = squashImprovement(improvement);
  const onSide = improvement > 1e-6 ? Math.max(squashed, 1e-4) : Math.min(squashed, -1e-4);
  const clipped = Math.min(Math.max(onSide, -range + 0.01), range - 0.01);
  return Math.floor(((clipped + range) / (2 * range)) * bins);
}

/** The centre of a bin, on the squashed scale. */
export function binCentre(bin: number, bins: number): number {
  return range * ((2 * bin + 1) / bins - 1);
}
