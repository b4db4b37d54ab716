/**
 * What to deploy: estimates of the true values of what was tried, by a Gaussian process.
 *
 * @module
 */
import { checkObserved } from "../core/search/algorithm.ts";
import { type Coordinate, snap } from "../core/search/coordinates.ts";
import type { EstimateOptions, Estimates, PointEstimate } from "../core/search/estimator.ts";
import { type Observations, pointsOf } from "../core/search/observations.ts";
import { representativeRanks } from "../core/search/ranks.ts";
import { Random } from "../core/search/random.ts";
import type { Observed } from "../core/search/task.ts";
import { keyOf } from "../core/search/untried.ts";
import { LEAST_NOISE, logNormalPrior } from "./_gp_fit.ts";
import { knowledgeGradient } from "./_knowledge_gradient.ts";
import { MixedModel } from "./_mixed_model.ts";
import { representatives, standardization, usableHistory } from "./_observations.ts";
import { type Deviations, type TrueValues, trueValues } from "./_true_values.ts";
import { factorizeWithJitter, multiplyLower } from "./numerics/linalg.ts";

/** Responses below this quantile count as it: what is bad says nothing about what to deploy. */
const LOWEST_QUANTILE = 0.3;
/**
 * Of the variance of the noise, on standardized responses: wide, and larger towards none, so that responses which
 * need no noise to be explained have none.
 */
const noisePrior = logNormalPrior(-4, 3);
/** Weight of the assumption that half of the deviation is noise, in degrees of freedom. */
const PRIOR_DEGREES = 4;
/** Measurements made again after which, if none was different, there is no noise. */
const SURE_REPEATS = 3;
/**
 * What is left for roughness at least, as a part of the deviation and of the noise: the deviation is fitted to few
 * configurations, and without roughness a configuration that was measured often would be taken for what its neighbours
 * tell. Chosen on tables of real measurements (docs/noise.md).
 */
const LEAST_ROUGHNESS = 0.5;
/** Observations that the hyperparameters are fitted to, at most, and configurations that the model takes. */
const LARGEST_FIT = 200, LARGEST_MODEL = 600;
/** The best of them alone are told apart by probabilities and values of measuring; those of the others are 0. */
const CONTENDERS = 64;
/** Draws of the true values from which the probabilities are counted. */
const DRAWS = 2048;

/**
 * Estimates the true values of what was tried with a Gaussian process of the search space, whose noise is
 * inferred, and recommends the largest estimate: the best response is, with noise, above all a lucky one.
 * Measurements of the same configuration are pooled. Where no noise is seen, estimates are the responses, and what
 * is recommended is the best of them. The worst 30 % of the responses count as the best of these. Of more than 600
 * configurations, the better 300 are estimated, and 300 spread over the ranks of the others.
 *
 * An {@linkcode Estimator}: the answer depends on the arguments alone.
 *
 * @returns undefined when nothing was measured.
 * @throws {TypeError} {RangeError} for points that are none of the unit cube.
 *
 * @example
 * ```ts
 * import { recommend } from "@genhpo/genhpo";
 *
 * const points = [[0.2], [0.4], [0.4], [0.6], [0.8]];
 * const answer = await recommend({ points, responses: [0.7, 0.9, 0.8, 0.84, 0.75] });
 * console.log(answer?.recommended.point, answer?.recommended.estimate, answer?.noise);
 * ```
 */
export function recommend(
  observed: Observed,
  options: EstimateOptions = {},
): Promise<Estimates | undefined> {
  return new Promise((resolve) => resolve(estimateTried(observed, options))); // a throw rejects
}

function estimateTried(observed: Observed, options: EstimateOptions): Estimates | undefined {
  if (observed.points?.length === 0) return undefined;
  const checked = checkObserved(observed, options);
  const coordinates = options.coordinates ?? allReal(checked.dimension);
  const raw = usableHistory({ ...checked, running: [] }).observations;
  if (raw.size === 0) return undefined;
  const groups = representativeGroups(pool(raw, coordinates));
  const lowest = raw.y.slice().sort()[Math.floor(LOWEST_QUANTILE * (raw.size - 1))];
  const { values: y, center, scale } = standardization(raw.y.map((v) => Math.max(v, lowest)));
  const random = Random.of("recommend", raw.size);
  const model = scale === 0
    ? undefined
    : MixedModel.fit(representatives({ ...raw, y }, LARGEST_FIT), coordinates, noisePrior, random);
  const deviations = model && separate(model.hyperparameters.noise, groups, y);
  if (model === undefined || deviations === undefined) return ofMeans(groups);

  const values = trueValues(
    {
      x: model.embed(groups.map(({ point }) => point)),
      means: Float64Array.from(groups, ({ members }) => meanOf(members.map((i) => y[i]))),
      counts: groups.map(({ members }) => members.length),
    },
    model.hyperparameters,
    deviations,
  );
  if (values === undefined) return ofMeans(groups);
  const order = [...groups.keys()].sort((a, b) => values.means[b] - values.means[a] || a - b);
  const contenders = among(values, order.slice(0, CONTENDERS));
  const probabilities = probabilitiesOfBest(contenders, random);
  const tried = order.map((i, rank): PointEstimate => ({
    ...describe(groups[i]),
    estimate: center + scale * values.means[i],
    standardDeviation: scale * Math.sqrt(Math.max(0, values.covariances[i * groups.length + i])),
    probabilityOfBest: probabilities[rank] ?? 0,
    valueOfMeasuring: rank < CONTENDERS
      ? scale * valueOfMeasuring(contenders, rank, deviations.noise / groups[i].members.length)
      : 0,
  }));
  return { recommended: tried[0], tried, noise: scale * Math.sqrt(deviations.noise) };
}

/** A configuration and its measurements. */
interface Group {
  point: Float64Array;
  /** Indices of the observations. */
  members: number[];
  responses: number[];
}

/** Observations by configuration. */
function pool(observations: Observations, coordinates: readonly Coordinate[]): Group[] {
  const groups = new Map<string, Group>();
  pointsOf(observations).forEach((given, i) => {
    const point = snap(given, coordinates), key = keyOf(point), response = observations.y[i];
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { point, members: [i], responses: [response] });
    else {
      group.members.push(i);
      group.responses.push(response);
    }
  });
  return [...groups.values()];
}

/** The better half of as many as the model takes, and a spread over the ranks of the others, in their order. */
function representativeGroups(groups: readonly Group[]): readonly Group[] {
  if (groups.length <= LARGEST_MODEL) return groups;
  const means = groups.map(({ responses }) => meanOf(responses));
  const ranking = [...groups.keys()].sort((a, b) => means[b] - means[a] || a - b);
  const kept = representativeRanks(groups.length, LARGEST_MODEL).map((rank) => ranking[rank]);
  return kept.sort((a, b) => a - b).map((i) => groups[i]);
}

/**
 * What of the deviation from the smooth process is noise, and what is roughness of the true values. Measurements of
 * one configuration tell: their variance is noise alone. Without any, half of it is taken for noise; that counts
 * as much as four degrees of freedom.
 *
 * @returns undefined where no noise is seen: nothing that was measured again deviates, and that was tried often, or
 * nothing deviates from the smooth process either.
 */
function separate(
  variance: number,
  groups: readonly Group[],
  y: Float64Array,
): Deviations | undefined {
  let squares = 0, degrees = 0;
  for (const { members } of groups) {
    const mean = meanOf(members.map((i) => y[i]));
    for (const i of members) squares += (y[i] - mean) ** 2;
    degrees += members.length - 1;
  }
  const isSmooth = variance <= LEAST_NOISE * (1 + 1e-9);
  if (squares === 0 && (isSmooth || degrees >= SURE_REPEATS)) return undefined;
  const noise = (PRIOR_DEGREES * variance / 2 + squares) / (PRIOR_DEGREES + degrees);
  const roughness = Math.max(variance - noise, LEAST_ROUGHNESS * Math.max(variance, noise));
  return { noise, roughness };
}

function meanOf(values: readonly number[]): number {
  // divided first, as the sum of two doubles can be larger than the largest double
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

function describe({ point, responses }: Group) {
  return { point, measurements: responses.length, mean: meanOf(responses) };
}

/** The joint distribution of some of the values. */
function among({ means, covariances }: TrueValues, chosen: readonly number[]): TrueValues {
  const u = means.length;
  return {
    means: Float64Array.from(chosen, (i) => means[i]),
    covariances: Float64Array.from(
      chosen.flatMap((i) => chosen.map((j) => covariances[i * u + j])),
    ),
  };
}

/** Without noise: every response is the truth, and the best of them share the probability. */
function ofMeans(groups: readonly Group[]): Estimates {
  const order = groups.map(describe).sort((a, b) => b.mean - a.mean);
  const ties = order.filter(({ mean }) => mean === order[0].mean).length;
  const tried = order.map((group, rank): PointEstimate => ({
    ...group,
    estimate: group.mean,
    standardDeviation: 0,
    probabilityOfBest: rank < ties ? 1 / ties : 0,
    valueOfMeasuring: 0,
  }));
  return { recommended: tried[0], tried, noise: 0 };
}

/** How often each is the largest in draws of all of them. */
function probabilitiesOfBest({ means, covariances }: TrueValues, random: Random): Float64Array {
  const m = means.length, shares = new Float64Array(m);
  const factorization = factorizeWithJitter(covariances, m);
  if (factorization === undefined) return shares;
  const normal = new Float64Array(m), draw = new Float64Array(m);
  for (let k = 0; k < DRAWS; k++) {
    for (let i = 0; i < m; i++) normal[i] = random.normal();
    multiplyLower(factorization.factor, m, normal, draw);
    let best = 0;
    for (let i = 0; i < m; i++) {
      draw[i] += means[i];
      if (draw[i] > draw[best]) best = i;
    }
    shares[best] += 1 / DRAWS;
  }
  return shares;
}

/** The knowledge gradient of one more measurement of `measured`. */
function valueOfMeasuring(
  { means, covariances }: TrueValues,
  measured: number,
  noise: number,
): number {
  const m = means.length, deviation = Math.sqrt(covariances[measured * m + measured] + noise);
  const slopes = covariances.subarray(measured * m, (measured + 1) * m).map((v) => v / deviation);
  return knowledgeGradient(means, slopes);
}

function allReal(dimension: number): Coordinate[] {
  return Array.from({ length: dimension }, () => ({ kind: "real" }));
}
