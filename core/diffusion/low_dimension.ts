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

/** A setting that may depend on the dimension: `low` for d <= 4, `high` for d >= 12, linear in between. */
export type ByDimension = number | { readonly low: number; readonly high: number };

/** The value of a setting at a dimension. */
export function byDimension(dimension: number, setting: ByDimension): number {
  if (typeof setting === "number") return setting;
  return setting.high + (setting.low - setting.high) * lowDimensionality(dimension);
}
