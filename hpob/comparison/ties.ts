/**
 * When two regrets count as equal.
 *
 * @module
 */

/** What regrets are counted in: HPO-B compares them to 8 decimals. */
export const regretUnit = 1e-8;

/**
 * A regret as a whole number of {@linkcode regretUnit}s: what differs by less is a tie, and differences
 * of such numbers are exact, so that equal differences are ties, too. As `numpy.round(regret, 8)` does,
 * halves go to the even neighbour.
 */
export function inRegretUnits(regret: number): number {
  const scaled = regret * 1e8;
  const rounded = Math.round(scaled);
  return rounded - scaled === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
