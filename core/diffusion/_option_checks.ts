/**
 * Checks of the options of diffusion search.
 *
 * @module
 */

/** @throws {RangeError} when an option is no integer, or out of its range. */
export function checkInteger(
  name: string,
  value: number,
  range: { from: number; to: number },
): void {
  if (!Number.isInteger(value) || value < range.from || value > range.to) {
    throw new RangeError(
      `Cannot search as '${name}' must be an integer from ${range.from} to ${range.to}: got ${value}`,
    );
  }
}

/** @throws {RangeError} when a guidance is negative or not finite. */
export function checkGuidance(guidance: number): void {
  if (!(guidance >= 0 && guidance < Infinity)) {
    throw new RangeError(
      `Cannot search as 'guidance' must be finite and at least 0: got ${guidance}`,
    );
  }
}
