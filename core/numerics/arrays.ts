/**
 * Small questions about arrays of numbers.
 *
 * @module
 */

/** The index of the largest value, the first of several; 0 where no value is a number. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
