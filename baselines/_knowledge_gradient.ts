/**
 * What one more measurement is worth to whoever takes the best afterwards.
 *
 * @module
 */
import { logH } from "../core/numerics/normal.ts";

/**
 * E[max_i (means_i + slopes_i Z)] - max_i means_i for a standard normal Z, exactly, by the upper envelope of the
 * lines (Frazier, Powell & Dayanik 2009, Algorithms 1 and 2).
 *
 * @param means Estimates before the measurement, [n], n >= 1.
 * @param slopes What a standard deviation of the measurement moves them by, [n].
 */
export function knowledgeGradient(means: Float64Array, slopes: Float64Array): number {
  const order = [...means.keys()].sort((a, b) => slopes[a] - slopes[b] || means[a] - means[b]);
  // the lines of the envelope from left to right, and where each begins
  const lines: number[] = [], begins: number[] = [];
  for (const line of order) {
    let begin = -Infinity;
    while (lines.length > 0) {
      const last = lines[lines.length - 1];
      begin = slopes[line] === slopes[last]
        ? -Infinity // parallel and not below: it hides the last one
        : (means[last] - means[line]) / (slopes[line] - slopes[last]);
      if (begin > begins[begins.length - 1]) break;
      lines.pop();
      begins.pop();
      begin = -Infinity;
    }
    lines.push(line);
    begins.push(begin);
  }
  let value = 0;
  for (let k = 1; k < lines.length; k++) {
    const change = slopes[lines[k]] - slopes[lines[k - 1]];
    value += change * Math.exp(logH(-Math.abs(begins[k])).value);
  }
  return value;
}
