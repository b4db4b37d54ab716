/**
 * One method against each of the others, run by run, and what follows from it in words.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { bootstrapInterval } from "../../hpob/comparison/bootstrap.ts";
import { compareByDataset, type Comparison } from "../../hpob/comparison/aligned_results.ts";
import { regretsAt } from "../../hpob/comparison/metrics.ts";
import { holm, signTest, wilcoxonTest } from "../../hpob/comparison/statistics.ts";
import { inRegretUnits, regretUnit } from "../../hpob/comparison/ties.ts";

/** What the tests say of a method and another one. */
export type Verdict = "beats" | "is not told apart from" | "loses to";

/** Two methods on the same observations; differences are method minus other, negative is better. */
export interface PairedStatistics {
  observations: number;
  wins: number;
  ties: number;
  losses: number;
  /** Sign test. */
  signPValue: number;
  /** Wilcoxon's signed-rank test. */
  wilcoxonPValue: number;
  /** The same, adjusted for the number of other methods (Holm). */
  adjustedPValue: number;
  meanDifference: number;
  /** 95 % bootstrap interval of the mean difference. */
  interval: readonly [number, number];
  /** By the adjusted p-value, at level 0.05. */
  verdict: Verdict;
}

/** A method against another one, by both units of observation. */
export interface Duel {
  other: string;
  runs: PairedStatistics;
  /** On the mean regrets of the data sets. */
  datasets: PairedStatistics;
}

const level = 0.05;

/** Compares `method` with every other one by the regret after `trial` trials. */
export function duels(comparison: Comparison, method: string, trial: number): Duel[] {
  const { methods } = comparison;
  const first = methods.indexOf(method);
  const others = methods.map((_, m) => m).filter((m) => m !== first);
  const byRun = regretsAt(comparison, trial).map((regrets) => regrets.map(inRegretUnits));
  const parts = compareByDataset(comparison)
    .map((part) => regretsAt(part.comparison, trial).map((regrets) => mean(regrets)));
  const byDataset = methods.map((_, m) => parts.map((means) => inRegretUnits(means[m])));
  const [runs, datasets] = [byRun, byDataset].map((samples) =>
    adjusted(others.map((m) => paired(samples[first], samples[m])))
  );
  return others.map((m, i) => ({ other: methods[m], runs: runs[i], datasets: datasets[i] }));
}

type Unadjusted = Omit<PairedStatistics, "adjustedPValue" | "verdict"> & { better: boolean };

/** Of two samples in units of regret. */
function paired(first: readonly number[], second: readonly number[]): Unadjusted {
  const { wins, ties, losses, pValue: signPValue } = signTest(first, second);
  const differences = first.map((value, i) => (value - second[i]) * regretUnit);
  return {
    observations: first.length,
    wins,
    ties,
    losses,
    signPValue,
    wilcoxonPValue: wilcoxonTest(first, second).pValue,
    better: wilcoxonTest(first, second, { alternative: "less" }).pValue < 0.5,
    meanDifference: mean(differences),
    interval: bootstrapInterval(differences),
  };
}

function adjusted(statistics: readonly Unadjusted[]): PairedStatistics[] {
  const pValues = holm(statistics.map(({ wilcoxonPValue }) => wilcoxonPValue));
  return statistics.map(({ better, ...rest }, i) => ({
    ...rest,
    adjustedPValue: pValues[i],
    verdict: pValues[i] >= level ? "is not told apart from" : better ? "beats" : "loses to",
  }));
}

/** As many names are listed where a verdict is that there is no difference; more are "the others". */
const mostListed = 3;

/** `it beats A and B, loses to C, and is not told apart from D`, after a subject. */
export function verdictSentence(
  verdicts: readonly { other: string; verdict: Verdict }[],
  label: (method: string) => string,
): string {
  // What is not told apart comes last: it may be "the others".
  const clauses = (["beats", "loses to", "is not told apart from"] as const).flatMap((verdict) => {
    const names = verdicts.filter((entry) => entry.verdict === verdict)
      .map(({ other }) => label(other));
    const isLong = verdict === "is not told apart from" && names.length > mostListed;
    const rest = names.length === verdicts.length ? "any of the others" : "the others";
    return names.length === 0 ? [] : [`${verdict} ${isLong ? rest : enumerate(names)}`];
  });
  return enumerate(clauses);
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
