/**
 * The normal distribution within bounds. All functions are of the standard normal, on [a, b] with a < b.
 *
 * @module
 */
import { inverseLogNormalCdf, logNormalCdf, normalCdf } from "./normal.ts";

/** log(Phi(b) - Phi(a)), the logarithm of the probability of [a, b]; -Infinity where b = a. */
export function logNormalMass(a: number, b: number): number {
  // The lower tail has more digits: what lies above 0 is mirrored.
  if (a > 0) return logNormalMass(-b, -a);
  if (b > 0) return Math.log1p(-normalCdf(a) - normalCdf(-b));
  const upper = logNormalCdf(b);
  return upper + Math.log1p(-Math.exp(logNormalCdf(a) - upper));
}

/**
 * The quantile of the normal distribution truncated to [a, b]: what inverse transform sampling maps uniform
 * numbers with.
 *
 * @param q In [0, 1].
 */
export function truncatedNormalQuantile(q: number, a: number, b: number): number {
  if (q <= 0) return a;
  if (q >= 1) return b;
  const logMass = logNormalMass(a, b);
  const z = a < 0
    ? inverseLogNormalCdf(logSum(logNormalCdf(a), Math.log(q) + logMass))
    : -inverseLogNormalCdf(logSum(logNormalCdf(-b), Math.log1p(-q) + logMass));
  return Math.min(Math.max(z, a), b);
}

/** log(exp(p) + exp(q)), at most 0: a probability. */
function logSum(p: number, q: number): number {
  const largest = Math.max(p, q);
  return Math.min(0, largest + Math.log1p(Math.exp(Math.min(p, q) - largest)));
}
