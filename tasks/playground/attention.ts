/**
 * Which points of the context samples look at, drawn and in words.
 *
 * @module
 */
import type { Plane } from "./plane.ts";

/** Attention of N samples to n points. */
export interface Attention {
  /** Shares of the n points of the context, [N, n]. */
  readonly shares: Float32Array;
  /** n. */
  readonly contextSize: number;
}

/** Radius of the ring around a point that gets an even share, 1 / n, and the largest radius, in CSS pixels. */
const evenRing = 13, largestRing = 60;
/** Width of the line to such a point, and the widest. */
const evenLine = 2, widestLine = 12;

/** Share of every point: of one sample, or the mean of all. */
function sharesOf({ shares, contextSize: n }: Attention, sample?: number): Float64Array {
  const rows = shares.length / n;
  return Float64Array.from({ length: n }, (_, i) => {
    if (sample !== undefined) return shares[sample * n + i];
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += shares[row * n + i];
    return sum / rows;
  });
}

/**
 * Draws a ring around every point, whose area is its share; and of one sample a line to every point.
 *
 * @param dots Where the samples are, in the coordinates of the unit square, [N, 2].
 */
export function drawAttention(
  plane: Plane,
  attention: Attention,
  given: { points: readonly Float64Array[]; dots: Float32Array; sample?: number },
): void {
  const { points, dots, sample } = given;
  const timesEven = sharesOf(attention, sample).map((share) => share * points.length);
  if (sample !== undefined) {
    const from = dots.subarray(2 * sample, 2 * sample + 2);
    points.forEach((point, i) =>
      plane.line(from, point, Math.min(evenLine * timesEven[i], widestLine))
    );
  }
  points.forEach((point, i) => {
    plane.ring(point, Math.min(evenRing * Math.sqrt(timesEven[i]), largestRing));
  });
}

/** The same in words. */
export function attentionInWords(
  attention: Attention,
  { sample, best }: { sample?: number; best: number },
): string {
  const shares = sharesOf(attention, sample), n = shares.length;
  const most = shares.indexOf(Math.max(...shares));
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const who = sample === undefined
    ? `All ${attention.shares.length / n} samples together give`
    : `Sample ${sample + 1} gives`;
  const rest = most === best ? "" : `, point ${most + 1} most of all: ${percent(shares[most])}`;
  return `${who} ${
    percent(shares[best])
  } of the attention to the best point ★${rest}. Even shares of ${n} would be ${percent(1 / n)}.`;
}
