/**
 * Checks of options that all baselines share.
 *
 * @module
 */

/**
 * The seed, if it is one.
 *
 * @throws {RangeError} when it is no safe integer.
 */
export function checkSeed(className: string, seed: number): number {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot create ${className} as 'seed' must be an integer: got ${seed}`);
  }
  return seed;
}
