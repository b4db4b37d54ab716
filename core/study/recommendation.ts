/**
 * Which configuration to use in the end.
 *
 * @module
 */
import { type Goal, responseOf } from "./goal.ts";
import type { CompleteTrial } from "./trial_summary.ts";

/** The configuration with the best estimated value. `C` is the type of the space's configurations. */
export interface Recommendation<C> {
  /** The configuration. */
  readonly configuration: C;
  /** Its estimated value: the mean of its measurements. */
  readonly estimate: number;
  /** Numbers of the trials that measured it. */
  readonly trials: readonly number[];
}

/** The configuration with the best mean over all trials that measured it; undefined without any. */
export function recommendByMeans<C>(
  trials: readonly CompleteTrial<C>[],
  goal: Goal,
): Recommendation<C> | undefined {
  const groups = new Map<string, CompleteTrial<C>[]>();
  for (const trial of trials) {
    const key = JSON.stringify(trial.configuration);
    groups.set(key, [...groups.get(key) ?? [], trial]);
  }
  let best: Recommendation<C> | undefined;
  for (const group of groups.values()) {
    const estimate = group.reduce((sum, { value }) => sum + value, 0) / group.length;
    if (best === undefined || responseOf(estimate, goal) > responseOf(best.estimate, goal)) {
      best = {
        configuration: group[0].configuration,
        estimate,
        trials: group.map(({ number }) => number),
      };
    }
  }
  return best;
}
