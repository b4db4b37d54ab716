/**
 * Statistical tests for comparing m methods on the same n runs.
 *
 * Samples are [m][n] or pairs of [n]; smaller values are better where that matters (regret).
 *
 * Source: Demsar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7 (2006).
 *
 * @module
 */
import { binomialTail, chiSquaredTail, fTail, normalTail } from "../../core/numerics/tails.ts";
import { averageRanks } from "./metrics.ts";

/** Which deviation from "no difference" counts. `"less"`: the first sample tends to be smaller. */
export type Alternative = "two-sided" | "less" | "greater";

/** How a paired test is carried out. */
export interface PairedTestOptions {
  /**
   * Which deviation counts.
   * @default {"two-sided"}
   */
  alternative?: Alternative;
}

/** Result of {@linkcode friedmanTest}. */
export interface FriedmanResult {
  /** Friedman's chi-squared, corrected for ties. */
  readonly statistic: number;
  /** Its p-value, with m - 1 degrees of freedom. */
  readonly pValue: number;
  /** Iman and Davenport's F, which is less conservative; infinite when all runs agree. */
  readonly fStatistic: number;
  /** Its p-value, with m - 1 and (m - 1)(n - 1) degrees of freedom. */
  readonly fPValue: number;
  /** Average rank of every method, [m]; 1 is best. */
  readonly averageRanks: readonly number[];
}

/** Result of {@linkcode wilcoxonTest}. */
export interface WilcoxonResult {
  /** Sum of the ranks of the positive differences. */
  readonly statistic: number;
  /** Its p-value. */
  readonly pValue: number;
}

/** Result of {@linkcode signTest}. */
export interface SignResult {
  /** Runs in which the first sample is smaller. */
  readonly wins: number;
  /** Runs in which it is larger. */
  readonly losses: number;
  /** Runs in which both are equal; they do not count. */
  readonly ties: number;
  /** The p-value. */
  readonly pValue: number;
}

/**
 * Friedman's test that all m methods rank alike.
 *
 * @param samples Values, [m][n], m >= 2, n >= 2.
 */
export function friedmanTest(samples: readonly (readonly number[])[]): FriedmanResult {
  const m = samples.length;
  const n = samples[0]?.length ?? 0;
  if (m < 2 || n < 2) {
    throw new RangeError(
      `Cannot test as samples must be of at least 2 methods and 2 runs: got ${m} and ${n}`,
    );
  }
  samples.forEach((sample) => checkPair(samples[0], sample));
  const ranks = samples[0].map((_, run) => averageRanks(samples.map((sample) => sample[run])));
  const means = samples.map((_, j) => ranks.reduce((sum, row) => sum + row[j], 0) / n);
  const between = n * means.reduce((sum, mean) => sum + (mean - (m + 1) / 2) ** 2, 0);
  const within = ranks.flat().reduce((sum, rank) => sum + (rank - (m + 1) / 2) ** 2, 0);
  // Both sums of squares are zero when all methods tie in all runs: then nothing differs.
  const statistic = within === 0 ? 0 : (n * (m - 1) * between) / within;
  const left = n * (m - 1) - statistic;
  const fStatistic = left <= 1e-12 * n * (m - 1) ? Infinity : ((n - 1) * statistic) / left;
  return {
    statistic,
    pValue: chiSquaredTail(statistic, m - 1),
    fStatistic,
    fPValue: fTail(fStatistic, m - 1, (m - 1) * (n - 1)),
    averageRanks: means,
  };
}

/** Largest number of non-zero differences for which p-values are exact. */
const exactLimit = 50;

/**
 * Wilcoxon's signed-rank test on the differences `first - second`. Zeros are ranked and then left out
 * (Pratt 1959). Up to 50 other differences, the p-value is that of all sign patterns of the ranks at
 * hand, exact with ties and zeros too; beyond, it is the normal approximation.
 */
export function wilcoxonTest(
  first: readonly number[],
  second: readonly number[],
  { alternative = "two-sided" }: PairedTestOptions = {},
): WilcoxonResult {
  checkPair(first, second);
  const differences = first.map((value, i) => value - second[i]);
  const ranks = averageRanks(differences.map(Math.abs));
  const counted = ranks.filter((_, i) => differences[i] !== 0);
  const statistic = ranks.reduce((sum, rank, i) => differences[i] > 0 ? sum + rank : sum, 0);
  const [atMost, atLeast] = counted.length <= exactLimit
    ? exactTails(counted, statistic)
    : normalTails(counted, statistic);
  return { statistic, pValue: chooseTail(atMost, atLeast, alternative) };
}

/** The sign test: how often the first sample is smaller, against a fair coin. */
export function signTest(
  first: readonly number[],
  second: readonly number[],
  { alternative = "two-sided" }: PairedTestOptions = {},
): SignResult {
  checkPair(first, second);
  const wins = first.filter((value, i) => value < second[i]).length;
  const losses = first.filter((value, i) => value > second[i]).length;
  const decided = wins + losses;
  const pValue = chooseTail(
    binomialTail(wins, decided), // few positive differences = many wins
    binomialTail(losses, decided),
    alternative,
  );
  return { wins, losses, ties: first.length - decided, pValue };
}

/** Holm's adjusted p-values, in the order given: reject where they are below the level. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, position) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - position) * pValues[index]));
    adjusted[index] = largest;
  });
  return adjusted;
}

/**
 * Nemenyi's critical difference: two of m methods differ at level `alpha` when their average ranks over
 * n runs are at least this far apart.
 */
export function nemenyiCriticalDifference(
  { methods, runs, alpha = 0.05 }: { methods: number; runs: number; alpha?: number },
): number {
  if (!(methods >= 2 && runs >= 1 && alpha > 0 && alpha < 1)) {
    throw new RangeError(
      `Cannot give a critical difference as there must be at least 2 methods, 1 run and a level in ` +
        `(0, 1): got ${methods}, ${runs} and ${alpha}`,
    );
  }
  const q = studentizedRangeQuantile(1 - alpha, methods) / Math.SQRT2;
  return q * Math.sqrt((methods * (methods + 1)) / (6 * runs));
}

/** Quantile of the range of m standard normal variables, by bisection. */
function studentizedRangeQuantile(probability: number, m: number): number {
  let [low, high] = [0, 40];
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (rangeProbability(middle, m) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(range of m standard normal variables <= q) = m Int phi(z) (Phi(z) - Phi(z - q))^(m - 1) dz. */
function rangeProbability(q: number, m: number): number {
  const step = 1 / 32; // the trapezoidal rule converges exponentially on such integrands
  let sum = 0;
  for (let z = -9; z <= 9; z += step) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    sum += density * (normalTail(z - q) - normalTail(z)) ** (m - 1);
  }
  return m * sum * step;
}

/** P(W <= w) and P(W >= w) over all 2^n signs of the ranks. */
function exactTails(ranks: readonly number[], statistic: number): [number, number] {
  const doubled = ranks.map((rank) => Math.round(2 * rank)); // mean ranks are halves of integers
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const counts = new Float64Array(total + 1); // sums of at most 2^50 are exact
  counts[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    for (let sum = reached; sum >= 0; sum--) counts[sum + rank] += counts[sum];
    reached += rank;
  }
  const at = Math.round(2 * statistic);
  const share = (part: Float64Array): number =>
    part.reduce((sum, count) => sum + count, 0) / 2 ** ranks.length;
  return [share(counts.subarray(0, at + 1)), share(counts.subarray(at))];
}

/** The same by the normal distribution with the mean and variance of W. */
function normalTails(ranks: readonly number[], statistic: number): [number, number] {
  const mean = ranks.reduce((sum, rank) => sum + rank, 0) / 2;
  const variance = ranks.reduce((sum, rank) => sum + rank * rank, 0) / 4;
  const z = (statistic - mean) / Math.sqrt(variance);
  return [normalTail(-z), normalTail(z)];
}

function chooseTail(atMost: number, atLeast: number, alternative: Alternative): number {
  if (alternative === "less") return atMost;
  return alternative === "greater" ? atLeast : Math.min(1, 2 * Math.min(atMost, atLeast));
}

function checkPair(first: readonly number[], second: readonly number[]): void {
  if (first.length !== second.length || first.length === 0) {
    throw new RangeError(
      `Cannot compare samples as they must be of the same runs: got ${first.length} and ` +
        `${second.length} values`,
    );
  }
  const wrong = [...first, ...second].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot compare samples as values must be finite: got ${wrong}`);
  }
}
