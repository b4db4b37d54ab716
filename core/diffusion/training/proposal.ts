/**
 * The proposal q(x | C): where the Sampler looks for points better than a history.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import { byDimension } from "../low_dimension.ts";
import type { Observations } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";

/** Options of {@linkcode propose}. */
export interface ProposalOptions {
  /** m, the number of points to draw. */
  count: number;
  /** Probability of a uniform point in place of a perturbed one. @default {0.5} */
  uniformShare?: number;
  /**
   * Smallest Gaussian step; steps are log-uniform up to 0.4.
   * @default {0.01 for d >= 12, falling geometrically to 0.001 for d <= 4}
   */
  smallestStep?: number;
  /**
   * Probability that a perturbation is a multiple of the difference of two good points.
   * @default {0 for d >= 12, rising linearly to 0.25 for d <= 4}
   */
  differenceShare?: number;
  /**
   * Whether the optimum is off the border, as in a range that was chosen with room at both ends: steps over the
   * border are reflected, fewer coordinates lie on it, and those of good points leave it in half of the draws.
   * @default {false}
   */
  interior?: boolean;
}

/** Largest Gaussian step. */
const largestStep = 0.4;
/** The r-th best point is perturbed with probability proportional to this to the power r. */
const rankDecay = 0.55;
/** Ranks beyond this have a probability below 1e-5. */
const rankedPoints = 20;
/** Partners of crossover, extrapolation and difference are drawn among so many best points. */
const partnerPoints = 10;
/** Share of uniform coordinates that lie on the border: where the optimum may be there, and where it is not. */
const borderShare = 0.05, interiorBorderShare = 0.01;

/**
 * Draws points x ~ q(x | C). With probability `uniformShare` a point is uniform, 5 % of its coordinates moved to
 * 0 or 1. Otherwise it is a good point of C (rank geometric) of which one coordinate, and each other one with
 * probability 1/d, 2/d, 3.5/d, .3 or 1, is replaced, all in one of these ways:
 *
 * | probability | way |
 * | --- | --- |
 * | .45 | a Gaussian step of log-uniform size |
 * | .30 | a uniform value |
 * | .12 | the coordinate of another good point |
 * | .13 | extrapolation: up to 1.5 times the way from another good point to this one, continued |
 *
 * Steps that leave the unit cube end at its border. With probability `differenceShare`, before the ways of the table, it is a step along the difference of two other
 * good points (differential evolution), whose length follows how far the history has converged.
 *
 * @returns [m, d], row-major, in [0, 1].
 */
export function propose(
  random: Random,
  history: Observations,
  options: ProposalOptions,
): Float64Array {
  const { dimension, x } = history;
  const {
    count,
    uniformShare = 0.5,
    smallestStep = 0.1 ** byDimension(dimension, { low: 3, high: 2 }),
    differenceShare = byDimension(dimension, { low: 0.25, high: 0 }),
    interior = false,
  } = options;
  const onBorder = interior ? interiorBorderShare : borderShare;
  const leavesBorder = interior ? columnsOffBorder(history) : undefined;
  const best = bestPoints(history, rankedPoints);
  const partners = Math.min(best.length, partnerPoints);
  const changeShares = [1 / dimension, 2 / dimension, 3.5 / dimension, 0.3, 1];
  const points = new Float64Array(count * dimension);
  for (let i = 0; i < count; i++) {
    const o = i * dimension;
    if (chance(random, uniformShare)) {
      for (let j = 0; j < dimension; j++) points[o + j] = uniformCoordinate(random, onBorder);
      continue;
    }
    const rank = Math.floor(Math.log(1 - random.uniform()) / Math.log(rankDecay));
    const base = best[Math.min(rank, best.length - 1)] * dimension;
    const partner = best[random.integer(partners)] * dimension;
    const changeShare = changeShares[random.integer(changeShares.length)];
    const forced = random.integer(dimension);
    const way = chance(random, differenceShare) ? -1 : random.uniform();
    const step = logUniform(random, smallestStep, largestStep);
    const stretch = 1.5 * random.uniform();
    const other = way < 0 ? best[random.integer(partners)] * dimension : 0;
    for (let j = 0; j < dimension; j++) {
      let value = x[base + j];
      if (j === forced || random.uniform() < changeShare) {
        if (way < 0) value += stretch * (x[partner + j] - x[other + j]);
        else if (way < 0.45) value += step * random.normal();
        else if (way < 0.75) value = uniformCoordinate(random, onBorder);
        else if (way < 0.87) value = x[partner + j];
        else value += stretch * (value - x[partner + j]);
      }
      if (leavesBorder?.[j] && (value === 0 || value === 1) && chance(random, 0.5)) {
        value = random.uniform();
      }
      points[o + j] = interior ? reflectInto(value) : Math.min(1, Math.max(0, value));
    }
  }
  return points;
}

/** The number of [0, 1] that one from -1 to 2 becomes at mirrors at 0 and 1; further away, the border. */
export function reflectInto(x: number): number {
  const mirrored = x < 0 ? -x : x > 1 ? 2 - x : x;
  return Math.min(1, Math.max(0, mirrored));
}

/** Columns that are not encoded choices: some value of theirs is between 0 and 1. */
function columnsOffBorder({ dimension, size, x }: Observations): boolean[] {
  return Array.from({ length: dimension }, (_, j) => {
    for (let i = 0; i < size; i++) {
      const value = x[i * dimension + j];
      if (value > 0 && value < 1) return true;
    }
    return false;
  });
}

function uniformCoordinate(random: Random, onBorder: number): number {
  if (random.uniform() < onBorder) return random.uniform() < 0.5 ? 0 : 1;
  return random.uniform();
}

/** Indices of the `count` largest responses (fewer if there are fewer), best first. */
function bestPoints({ size, y }: Observations, count: number): Int32Array {
  const best = new Int32Array(Math.min(size, count));
  for (let i = 0, found = 0; i < size; i++) {
    if (found === best.length && y[i] <= y[best[found - 1]]) continue;
    let place = found < best.length ? found++ : found - 1;
    for (; place > 0 && y[best[place - 1]] < y[i]; place--) best[place] = best[place - 1];
    best[place] = i;
  }
  return best;
}
