/**
 * Maximizing an acquisition function over the unit cube.
 *
 * @module
 */
import type { Random } from "../core/search/random.ts";
import { minimizeInBox } from "./numerics/lbfgsb.ts";
import { sameRadius } from "../core/search/distance.ts";
import type { Observations } from "../core/search/observations.ts";
import type { UsableHistory } from "./_observations.ts";
import { maxSobolDimension, sobolPoints } from "../core/numerics/sobol.ts";

/** A function to maximize over [0,1]^d. */
export interface Acquisition {
  /** The value at every row of `points` [m, d]. */
  values(points: Float64Array): Float64Array;
  /** The value at `point`, with the gradient written into `gradient`. */
  valueWithGradient(point: Float64Array, gradient: Float64Array): number;
}

/** How hard to search, and where. */
export interface SearchSettings {
  /** Number of scrambled Sobol points. */
  sobolPoints: number;
  /** Number of perturbations of the best observations. */
  perturbations: number;
  /** Number of candidates from which L-BFGS climbs; 0 takes the best candidate as it is. */
  polished: number;
}

/** How many of the best observations are perturbed. */
const PERTURBED_INCUMBENTS = 5;
const MAX_POLISH_ITERATIONS = 60;

/** The best point found that is not next to an avoided one. */
export function maximizeAcquisition(
  acquisition: Acquisition,
  history: UsableHistory,
  settings: SearchSettings,
  random: Random,
): Float64Array {
  const { observations, avoided } = history, d = observations.dimension;
  const candidates = new Float64Array((settings.sobolPoints + settings.perturbations) * d);
  candidates.set(spaceFillingPoints(settings.sobolPoints, d, random));
  candidates.set(
    perturbedIncumbents(settings.perturbations, observations, random),
    settings.sobolPoints * d,
  );
  const values = avoidNear(candidates, acquisition.values(candidates), avoided, d);
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
  const row = (i: number) => candidates.slice(i * d, (i + 1) * d);

  let best: Float64Array = row(order[0]), bestValue = values[order[0]];
  const lower = new Float64Array(d), upper = new Float64Array(d).fill(1);
  for (const start of pickStarts(settings.polished, order, values, random)) {
    const { x, value } = minimizeInBox(
      (point, gradient) => {
        const value = acquisition.valueWithGradient(point, gradient);
        for (let j = 0; j < d; j++) gradient[j] = -gradient[j];
        return -value;
      },
      row(start),
      { lower, upper, maxIterations: MAX_POLISH_ITERATIONS },
    );
    const polished = avoidNear(x, Float64Array.of(-value), avoided, d)[0];
    if (polished > bestValue) [best, bestValue] = [x, polished];
  }
  return best;
}

/** Scrambled Sobol points, or uniform ones in dimensions without Sobol points; [count, d]. */
export function spaceFillingPoints(count: number, d: number, random: Random): Float64Array {
  if (d <= maxSobolDimension) return sobolPoints(count, d, random);
  return Float64Array.from({ length: count * d }, () => random.uniform());
}

/** Sets the values of points next to an avoided one to -Infinity, in place: trying it again is a waste. */
export function avoidNear(
  points: Float64Array,
  values: Float64Array,
  avoided: Float64Array,
  d: number,
): Float64Array {
  for (let i = 0; i < values.length; i++) {
    for (let k = 0; k < avoided.length; k += d) {
      let distance = 0;
      for (let j = 0; j < d; j++) {
        distance = Math.max(distance, Math.abs(points[i * d + j] - avoided[k + j]));
      }
      if (distance < sameRadius) values[i] = -Infinity;
    }
  }
  return values;
}

/**
 * Gaussian steps around the best observations, of sizes 0.01 to 0.3; half of them move about three
 * coordinates, the others all.
 */
function perturbedIncumbents(count: number, observations: Observations, random: Random) {
  const { size: n, dimension: d, x, y } = observations;
  const ranking = Array.from(y, (_, i) => i).sort((a, b) => y[b] - y[a] || a - b);
  const points = new Float64Array(count * d);
  for (let row = 0; row < count; row++) {
    const incumbent = ranking[random.integer(Math.min(n, PERTURBED_INCUMBENTS))];
    const moveProbability = random.uniform() < 0.5 ? Math.min(1, 3 / d) : 1;
    const size = 10 ** (-2 + 1.5 * random.uniform());
    for (let j = 0; j < d; j++) {
      const step = random.uniform() < moveProbability ? size * random.normal() : 0;
      points[row * d + j] = Math.min(Math.max(x[incumbent * d + j] + step, 0), 1);
    }
  }
  return points;
}

/** The best half of the starts, and the others at random with probabilities that grow with value. */
function pickStarts(count: number, order: number[], values: Float64Array, random: Random) {
  const greedy = Math.ceil(count / 2), starts = new Set(order.slice(0, greedy));
  const finite = values.filter(Number.isFinite), top = values[order[0]];
  const mean = finite.reduce((sum, v) => sum + v, 0) / finite.length;
  const variance = finite.reduce((sum, v) => sum + (v - mean) ** 2, 0) / finite.length;
  const scale = Math.sqrt(variance) + 1e-9, cumulative = new Float64Array(values.length);
  let total = 0;
  values.forEach((v, i) => cumulative[i] = total += Math.exp((v - top) / scale));
  for (let k = greedy; k < count; k++) {
    const threshold = random.uniform() * total;
    starts.add(Math.max(0, cumulative.findIndex((c) => c > threshold)));
  }
  return starts;
}
