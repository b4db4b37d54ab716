/**
 * Which configuration to use in the end.
 *
 * @module
 */
import type { Estimates } from "../search/estimator.ts";
import { keyOf } from "../search/untried.ts";
import { trialsAt } from "./_confirming.ts";
import { responseOf } from "./goal.ts";
import { TrialObserver } from "./_observed_trials.ts";
import type { TrialRecord } from "./records.ts";
import type { StudyContext } from "./_study_context.ts";
import type { UntypedConfiguration } from "./_trial_reader.ts";

/** The configuration with the best estimated value. `C` is the type of the space's configurations. */
export interface Recommendation<C> {
  /** The configuration. */
  readonly configuration: C;
  /** Its estimated value: what the mean of very many measurements would be. */
  readonly estimate: number;
  /** Numbers of the trials that measured it. */
  readonly trials: readonly number[];
  /** What else is known of it, where the study was opened with an `estimator`. */
  readonly confidence?: Confidence;
}

/** How sure an estimate is. */
export interface Confidence {
  /** Standard deviation of the true value around the estimate. */
  readonly standardDeviation: number;
  /** Probability that its true value is the best of all that were tried. */
  readonly probabilityOfBest: number;
  /** By how much measuring it once more is expected to improve what is recommended then. */
  readonly valueOfMeasuring: number;
  /** Standard deviation of a measurement around the true value; 0 where no noise is seen. */
  readonly noise: number;
}

/**
 * By the estimator, or by the mean of each configuration's measurements where there is none. Complete trials alone
 * are measurements.
 */
export async function recommendTrial(
  context: StudyContext,
  trials: readonly TrialRecord[],
): Promise<Recommendation<UntypedConfiguration> | undefined> {
  const { estimator, goal, space } = context;
  const complete = trials.filter(({ state, values }) =>
    state === "complete" && Number.isFinite(values[0])
  );
  const { points, responses } = new TrialObserver(context).observe(complete);
  const { coordinates } = space;
  const estimates = await estimator?.({ points, responses }, { coordinates });
  const recommended = estimates?.recommended ?? bestMean(points, responses);
  if (recommended === undefined) return undefined;
  return {
    configuration: space.decode(recommended.point),
    estimate: responseOf(recommended.estimate, goal),
    trials: trialsAt(context, complete, recommended.point).map(({ number }) => number),
    ...(estimates && { confidence: confidenceOf(estimates) }),
  };
}

function confidenceOf({ recommended, noise }: Estimates): Confidence {
  const { standardDeviation, probabilityOfBest, valueOfMeasuring } = recommended;
  return { standardDeviation, probabilityOfBest, valueOfMeasuring, noise };
}

/** The point with the largest mean of its responses. */
function bestMean(
  points: readonly Float64Array[],
  responses: Float64Array,
): { readonly point: Float64Array; readonly estimate: number } | undefined {
  const groups = Map.groupBy(points.keys(), (i) => keyOf(points[i]));
  const means = [...groups.values()].map((members) => ({
    point: points[members[0]],
    estimate: members.reduce((sum, i) => sum + responses[i], 0) / members.length,
  }));
  return means.toSorted((one, other) => other.estimate - one.estimate)[0];
}
