/**
 * Which methods of a comparison differ in rank, and which do not by the runs at hand.
 *
 * Source: Demsar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7 (2006);
 * Wilcoxon's test with Holm's adjustment after Benavoli et al., JMLR 17 (2016).
 *
 * @module
 */
import { mean } from "simple-statistics";
import { compareByDataset, type Comparison } from "./aligned_results.ts";
import { regretsAt } from "./metrics.ts";
import { friedmanTest, holm, nemenyiCriticalDifference, wilcoxonTest } from "./statistics.ts";
import { inRegretUnits } from "./ties.ts";

/** How {@linkcode compareRanks} works. */
export interface RankComparisonOptions {
  /**
   * Number of trials after which regrets are compared.
   * @default {the last one}
   */
  trial?: number;
  /**
   * What counts as one observation: a run, or the mean regret of a data set. Runs of one data set are
   * not independent; data sets are, but they are few.
   * @default {"run"}
   */
  unit?: "run" | "dataset";
  /**
   * How pairs of methods are told apart once Friedman's test says that there is a difference.
   * @default {"wilcoxon-holm"}
   */
  test?: "wilcoxon-holm" | "nemenyi";
  /**
   * Level of all tests.
   * @default {0.05}
   */
  alpha?: number;
}

/** Result of {@linkcode compareRanks}. */
export interface RankComparison {
  /** Methods with their average ranks, the best first. */
  readonly ranking: readonly { readonly method: string; readonly averageRank: number }[];
  /** Number of observations. */
  readonly observations: number;
  /** p-value of Friedman's test (Iman and Davenport's F) that all methods rank alike. */
  readonly friedmanPValue: number;
  /**
   * Largest stretches of the ranking in which no two methods are told apart, of two methods or more;
   * all methods where Friedman's test does not reject.
   */
  readonly groups: readonly (readonly string[])[];
  /** Nemenyi's critical difference, where it is the test. */
  readonly criticalDifference?: number;
}

/** Compares at least two methods by their regrets, which are rounded to 8 decimals as for ranks. */
export function compareRanks(
  comparison: Comparison,
  { trial = comparison.trials, unit = "run", test = "wilcoxon-holm", alpha = 0.05 }:
    RankComparisonOptions = {},
): RankComparison {
  const samples = observations(comparison, trial, unit)
    .map((sample) => sample.map(inRegretUnits));
  const runs = samples[0].length;
  const { averageRanks, fPValue } = friedmanTest(samples);
  const order = averageRanks.map((_, m) => m).sort((a, b) => averageRanks[a] - averageRanks[b]);
  const criticalDifference = test === "nemenyi"
    ? nemenyiCriticalDifference({ methods: samples.length, runs, alpha })
    : undefined;
  const differ = criticalDifference === undefined
    ? wilcoxonHolm(samples, alpha)
    : (a: number, b: number) => Math.abs(averageRanks[a] - averageRanks[b]) >= criticalDifference;
  const groups = fPValue >= alpha ? [order] : indistinguishable(order, differ);
  return {
    ranking: order.map((m) => ({
      method: comparison.methods[m],
      averageRank: averageRanks[m],
    })),
    observations: runs,
    friedmanPValue: fPValue,
    groups: groups.map((group) => group.map((m) => comparison.methods[m])),
    ...(criticalDifference === undefined ? {} : { criticalDifference }),
  };
}

/** Regrets by method and observation, [m][n]. */
function observations(comparison: Comparison, trial: number, unit: "run" | "dataset"): number[][] {
  if (unit === "run") return regretsAt(comparison, trial);
  const byDataset = compareByDataset(comparison).map((dataset) =>
    regretsAt(dataset.comparison, trial).map(mean)
  );
  return comparison.methods.map((_, m) => byDataset.map((means) => means[m]));
}

/** Wilcoxon's test of every pair, adjusted for their number. */
function wilcoxonHolm(samples: readonly number[][], alpha: number) {
  const pairs = samples.flatMap((_, a) => samples.slice(a + 1).map((_, i) => [a, a + 1 + i]));
  const adjusted = holm(pairs.map(([a, b]) => wilcoxonTest(samples[a], samples[b]).pValue));
  const different = new Set(pairs.filter((_, i) => adjusted[i] < alpha).map(String));
  return (a: number, b: number): boolean => different.has(String([Math.min(a, b), Math.max(a, b)]));
}

/** Maximal stretches of `order`, longer than one, without a pair that differs. */
function indistinguishable(
  order: readonly number[],
  differ: (a: number, b: number) => boolean,
): number[][] {
  const groups: number[][] = [];
  let covered = 0; // end of the last group
  for (let start = 0; start < order.length; start++) {
    let end = start + 1;
    while (end < order.length && order.slice(start, end).every((m) => !differ(m, order[end]))) {
      end++;
    }
    if (end - start > 1 && end > covered) {
      groups.push(order.slice(start, end));
      covered = end;
    }
  }
  return groups;
}
