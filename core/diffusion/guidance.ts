/**
 * How strongly samples are guided towards improvement.
 *
 * @module
 */

/** The default guidance for n observations: bolder as evidence grows, from 1.5 (n <= 5) to 5 (n >= 35). */
export function guidanceRamp(observations: number): number {
  return 1.5 + 3.5 * Math.min(1, Math.max(0, observations - 5) / 30);
}
