/**
 * The unit in which improvements are measured.
 *
 * @module
 */

/** The best response of a context and its scale. */
export interface ImprovementScale {
  /** The largest response. */
  best: number;
  /** s > 0; the improvement of a response y is u = (y - best) / s. */
  scale: number;
}

/**
 * Best response and scale s = max(median gap, mean gap / 5, 1e-6) of a context, where a gap is best - y and
 * the median of an even number of gaps is the lower one. The median ignores a few very bad points; the mean
 * keeps the scale positive when most points are tied at the best.
 *
 * @param responses n >= 1 finite responses.
 */
export function improvementScale(responses: Float64Array): ImprovementScale {
  let best = -Infinity, sum = 0;
  for (let i = 0; i < responses.length; i++) {
    if (responses[i] > best) best = responses[i];
    sum += responses[i];
  }
  const descending = responses.toSorted().reverse();
  const medianGap = best - descending[(responses.length - 1) >> 1];
  const meanGap = best - sum / responses.length;
  return { best, scale: Math.max(medianGap, 0.2 * meanGap, 1e-6) };
}
