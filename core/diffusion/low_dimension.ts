/**
 * The one rule by which the prior and the search treat few hyperparameters differently from many.
 *
 * @module
 */

/**
 * How low a dimension is: 1 for d <= 4, falling linearly to 0 for d >= 12.
 *
 * Few hyperparameters usually means numeric ones with a smooth response, where a good policy closes
 * in on the optimum within the budget; many means switches, dependent hyperparameters and jagged
 * surrogates, where finding a good region is all that can be hoped for. Shares of surface families,
 * step sizes, local views and refinement interpolate between the two by this number.
 */
function lowDimensionality(dimension: number): number {
  return Math.min(1, Math.max(0, (12 - dimension) / 8));
}

/** Linear interpolation: `high` where the dimension is high, `low` where it is low. */
export function byDimension(dimension: number, values: { low: number; high: number }): number {
  return values.high + (values.low - values.high) * lowDimensionality(dimension);
}
