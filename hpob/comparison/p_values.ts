/**
 * p-values as readers see them.
 *
 * @module
 */

/** `p < 0.001` or `p = 0.012`. */
export function describeP(pValue: number): string {
  return pValue < 0.001 ? "p < 0.001" : `p = ${formatP(pValue)}`;
}

/** A p-value in a table. */
export function formatP(pValue: number): string {
  return pValue < 0.001 ? "< 0.001" : pValue.toFixed(pValue < 0.0995 ? 3 : 2);
}
