/**
 * The network's own score of a point: how much better than the context it expects it to be.
 *
 * @module
 */
import type { ContextShape } from "./denoiser.ts";
import { binCentre } from "./improvement_bins.ts";

/** What scores clean points: a {@linkcode Network}, or what stands for one. */
export interface ImprovementScorer<C extends ContextShape> {
  /** Logits over the bins of graded improvement, [B, N, headBins], of points [B, N, D] in [0, 1]. */
  scoreImprovement(points: Float32Array, context: C): Promise<Float32Array>;
}

/** Points scored in one pass. */
const chunk = 256;

/**
 * Expected squashed improvement E[max(asinh(u / 0.05), 0)] of points under the head's distribution.
 * On the squashed scale the far tail of the distribution, which is known worst, does not decide.
 *
 * @param context Embedding of one context.
 * @param points Points in [0,1]^d.
 */
export async function improvementScores<C extends ContextShape>(
  network: ImprovementScorer<C>,
  context: C,
  points: readonly Float64Array[],
): Promise<number[]> {
  const scores: number[] = [];
  for (let start = 0; start < points.length; start += chunk) {
    const part = points.slice(start, start + chunk);
    const x = new Float32Array(part.length * context.dimension);
    part.forEach((point, i) => x.set(point, i * context.dimension));
    const logits = await network.scoreImprovement(x, context);
    const bins = logits.length / part.length;
    for (let i = 0; i < part.length; i++) {
      scores.push(expectedImprovement(logits.subarray(i * bins, (i + 1) * bins)));
    }
  }
  return scores;
}

/** The mean of the positive part of the bins' centres under softmax(logits). */
function expectedImprovement(logits: Float32Array): number {
  const bins = logits.length, largest = logits.reduce((a, b) => Math.max(a, b));
  let total = 0, score = 0;
  for (let i = 0; i < bins; i++) {
    const weight = Math.exp(logits[i] - largest);
    total += weight;
    score += weight * Math.max(binCentre(i, bins), 0);
  }
  return score / total;
}
