/**
 * From a raw history to what a surrogate model is fitted to.
 *
 * @module
 */
import type { CheckedObserved } from "../core/search/algorithm.ts";
import { flatten, type Observations, sortTried } from "../core/search/observations.ts";
import { representativeRanks } from "../core/search/ranks.ts";

/** A history, split by whether there is something to learn from a point. */
export interface UsableHistory {
  /** Points with a response, in the canonical order. */
  observations: Observations;
  /** Points that are not to be suggested again: those without one, and those that are evaluated now; flat [m, d]. */
  avoided: Float64Array;
}

/** Splits what was measured from what was not, see {@linkcode sortTried}, and contains penalties. */
export function usableHistory(
  { dimension, points, responses, running }: CheckedObserved,
): UsableHistory {
  const { measured, failed } = sortTried(points, responses);
  const rows = (indices: readonly number[]): Float64Array[] => indices.map((i) => points[i]);
  return {
    observations: {
      dimension,
      size: measured.length,
      x: flatten(rows(measured), dimension),
      y: limitGaps(Float64Array.from(measured, (i) => responses[i]), LARGEST_GAP),
    },
    avoided: flatten([...rows(failed), ...running], dimension),
  };
}

/**
 * {@linkcode usableHistory} for a search: what failed is among the observations, as bad as the worst that was measured.
 * Left out, it would teach nothing, and a model that expects much of a region in which all fails would stay there.
 */
export function searchHistory(observed: CheckedObserved): UsableHistory {
  const { avoided } = usableHistory(observed);
  const worst = observed.responses.filter(Number.isFinite).reduce(
    (a, b) => Math.min(a, b),
    Infinity,
  );
  const responses = observed.responses.map((v) => Number.isFinite(v) ? v : worst);
  return { observations: usableHistory({ ...observed, responses }).observations, avoided };
}

/** Responses below this deviation, relative to the largest of them, are constant up to rounding. */
const CONSTANT = 1e-12;

/** Responses this many median gaps below the best, or more, are equally bad: a penalty is no measurement. */
const LARGEST_GAP = 100;

/** The responses, those that lie below the best by more than `largest` median gaps (-1e9 for a crash) raised to there. */
export function limitGaps(y: Float64Array, largest: number): Float64Array {
  const best = y.reduce((max, v) => Math.max(max, v), -Infinity);
  // halves, since the range of two doubles can be twice the largest double
  const median = y.map((v) => best / 2 - v / 2).sort()[(y.length - 1) >> 1];
  const lowest = median > CONSTANT * Math.abs(best) ? best - 2 * largest * median : -Infinity;
  return y.map((v) => Math.max(v, lowest));
}

/**
 * At most `size` observations, in their order: the best half of them, and others spread evenly over the
 * ranks of the rest.
 */
export function representatives(observations: Observations, size: number): Observations {
  const { size: n, x, y, dimension } = observations;
  if (n <= size) return observations;
  const ranking = Array.from(y, (_, i) => i).sort((a, b) => y[b] - y[a] || a - b);
  const kept = representativeRanks(n, size).map((rank) => ranking[rank]).sort((a, b) => a - b);
  const points = kept.map((i) => x.subarray(i * dimension, (i + 1) * dimension));
  return {
    x: flatten(points, dimension),
    y: Float64Array.from(kept, (i) => y[i]),
    size,
    dimension,
  };
}

/** Responses with mean 0 and standard deviation 1, or all 0 when they are constant. */
export function standardize(y: Float64Array): Float64Array {
  return standardization(y).values;
}

/** Standardized responses and the way back: response = center + scale * value. */
export interface Standardization {
  values: Float64Array;
  center: number;
  /** 0 when the responses are constant. */
  scale: number;
}

/** {@linkcode standardize} with the way back. */
export function standardization(y: Float64Array): Standardization {
  const largest = y.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  if (largest === 0) return { values: new Float64Array(y.length), center: 0, scale: 0 };
  const scaled = y.map((v) => v / largest); // squares of 1e300 overflow
  const mean = scaled.reduce((sum, v) => sum + v, 0) / y.length;
  const variance = scaled.reduce((sum, v) => sum + (v - mean) ** 2, 0) / y.length;
  const deviation = Math.sqrt(variance), isConstant = deviation < CONSTANT;
  return {
    values: scaled.map((v) => isConstant ? 0 : (v - mean) / deviation),
    center: largest * mean,
    scale: isConstant ? 0 : largest * deviation,
  };
}

/**
 * Standardized responses with the far lower tail drawn in: -asinh(gap / s), where the gap is that to
 * the best response and s the larger of the median gap and a fifth of the mean gap. Close to the best
 * it is linear; what is far below it, which an optimizer need not tell apart, is on a log scale.
 */
export function compressLowerTail(y: Float64Array): Float64Array {
  const standardized = standardize(y);
  const best = standardized.reduce((max, v) => Math.max(max, v), -Infinity);
  const gaps = standardized.map((v) => best - v).sort();
  const median = gaps[Math.floor((gaps.length - 1) / 2)];
  const mean = gaps.reduce((sum, v) => sum + v, 0) / gaps.length;
  const scale = Math.max(median, mean / 5);
  if (!(scale > 0)) return standardized;
  return standardize(standardized.map((v) => -Math.asinh((best - v) / scale)));
}
