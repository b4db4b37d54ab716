/**
 * What the Gaussian process suggests in a search space that is not a cube of reals.
 *
 * @module
 */
import type { CheckedObserved } from "../core/search/algorithm.ts";
import { type Coordinate, readValues, writeValues } from "../core/search/coordinates.ts";
import { pointsOf } from "../core/search/observations.ts";
import type { Random } from "../core/search/random.ts";
import { keyOf } from "../core/search/untried.ts";
import { ExpectedImprovement } from "./_expected_improvement.ts";
import { logNormalPrior } from "./_gp_fit.ts";
import { MixedModel } from "./_mixed_model.ts";
import { maximizeMixed } from "./_mixed_search.ts";
import { limitGaps, representatives, searchHistory, standardize } from "./_observations.ts";

/** Responses this many median gaps below the best, or more, are equally bad. */
const LARGEST_GAP = 10;
/** Of the variance of the noise, on standardized responses: around e^-4 = .018, give or take a factor of e. */
const noisePrior = logNormalPrior(-4, 1);
/** Observations that the process is conditioned on, at most. */
const LARGEST_POSTERIOR = 800;

/** Whether the space has anything but reals that are always active. */
export function isMixed(coordinates: readonly Coordinate[]): boolean {
  return coordinates.some(({ kind, when }) => kind !== "real" || when !== undefined);
}

/**
 * The untried point with the largest expected improvement over the best posterior mean of what was measured: with
 * noise, the best response is a lucky one. Running points count as measured with what is expected of them.
 *
 * @param observed With at least one finite response.
 * @returns undefined where the model cannot be fitted or every point that was looked at was tried.
 */
export function suggestMixed(
  observed: CheckedObserved,
  coordinates: readonly Coordinate[],
  random: Random,
): Float64Array | undefined {
  const raw = searchHistory(observed).observations;
  const observations = representatives(
    { ...raw, y: standardize(limitGaps(raw.y, LARGEST_GAP)) },
    LARGEST_POSTERIOR,
  );
  const model = MixedModel.fit(observations, coordinates, noisePrior, random);
  if (model === undefined) return undefined;
  const points = pointsOf(observations), means = new Float64Array(points.length);
  model.posterior.predict(model.embed(points), means, new Float64Array(points.length));
  const order = [...points.keys()].sort((a, b) => means[b] - means[a] || a - b);
  const acquisition = new ExpectedImprovement(
    model.posterior.believing(model.embed(observed.running)),
    means[order[0]],
  );
  const tried = new Set([...observed.points, ...observed.running].map(keyOf));
  const values = maximizeMixed(acquisition, {
    coordinates,
    embedding: model.embedding,
    visited: order.map((i) => readValues(points[i], coordinates)),
    isAllowed: (values) => !tried.has(keyOf(writeValues(values, coordinates))),
    random,
  });
  return values && writeValues(values, coordinates);
}
