/**
 * The same comparison under other keys of randomness.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { alignResults, type Comparison } from "../../hpob/comparison/aligned_results.ts";
import { meanRegret } from "../../hpob/comparison/metrics.ts";
import { describeP } from "../../hpob/comparison/p_values.ts";
import type { Results } from "../../hpob/comparison/results.ts";
import { runKey } from "../../hpob/comparison/run.ts";
import { duels, enumerate } from "./statistics.ts";
import { label, regret } from "./tables.ts";

/** The command that makes the results of key `N`. */
export const replicatesCommand =
  "deno task bench --methods random,gp-hpob,dgp,gp,tpe,diffusion --seed N --out docs/results/replicates/N";

/**
 * How far the main comparison depends on its key of randomness, which is 0.
 *
 * @param main The main results.
 * @param replicates Results of some of the methods under the keys 1, 2, ....
 * @param subject The method that is compared with each other one.
 * @returns "" where there are no replicates of the subject and another method.
 */
export function replicatesText(
  main: readonly Results[],
  replicates: readonly (readonly Results[])[],
  subject: string,
): string {
  const methods = main.map(({ method }) => method)
    .filter((method) => replicates.every((results) => results.some((r) => r.method === method)));
  if (replicates.length === 0 || methods.length < 2 || !methods.includes(subject)) return "";
  const byKey = [main, ...replicates].map((results) =>
    methods.map((method) => results.find((result) => result.method === method)!)
  );
  const average = alignResults(methods.map((_, m) => averageOfKeys(byKey.map((key) => key[m]))));
  const ends = (comparison: Comparison): number[] =>
    meanRegret(comparison).map(({ values }) => values[comparison.trials]);
  const perKey = byKey.map((key) => ends(alignResults(key)));
  const means = methods.map((method, m) => {
    const values = perKey.map((key) => key[m]);
    return `${label(method)} ${regret(ends(average)[m])} ` +
      `(${regret(Math.min(...values))} to ${regret(Math.max(...values))})`;
  });
  const found = duels(average, subject, average.trials);
  const verdicts = found.map((
    { other, runs: { verdict, wins, ties, losses, adjustedPValue } },
    i,
  ) =>
    `${verdict === found[i - 1]?.runs.verdict ? "" : `${verdict} `}${label(other)} ` +
    `(${wins}–${ties}–${losses}, ${describeP(adjustedPValue)})`
  );
  return `**Other keys of randomness.** All tables are of key 0. With the keys 0 to ` +
    `${replicates.length} and the same initial points, the means after ${average.trials} trials ` +
    `are (lowest to highest of a key): ${
      means.join("; ")
    }. With each run averaged over the keys, ` +
    `${label(subject).toLowerCase()} ${enumerate(verdicts)} (runs won–tied–lost, Wilcoxon). ` +
    `(\`${replicatesCommand}\`)`;
}

/** Results of one method under several keys as one: mean incumbents and mean seconds, run by run. */
export function averageOfKeys(keys: readonly Results[]): Results {
  const tables = keys.map(({ runs }) => new Map(runs.map((run) => [runKey(run), run])));
  const runs = keys[0].runs.flatMap((run) => {
    const same = tables.map((table) => table.get(runKey(run))).filter((other) =>
      other !== undefined
    );
    if (same.length < keys.length) return [];
    const seconds = same.flatMap(({ secondsPerSuggestion }) => secondsPerSuggestion ?? []);
    return [{
      ...run,
      incumbents: run.incumbents.map((_, trial) => mean(same.map((o) => o.incumbents[trial]))),
      ...(seconds.length === 0 ? {} : { secondsPerSuggestion: mean(seconds) }),
    }];
  });
  return { ...keys[0], runs };
}
