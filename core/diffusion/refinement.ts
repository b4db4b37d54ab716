/**
 * Refinement: a sample follows the network's own score uphill.
 *
 * Samples of a diffusion model scatter around what they aim at. Where the response is smooth, the head of the
 * same network knows the way on better than the sampler does; this is what the gradient of a classifier is for in
 * classifier guidance (Dhariwal & Nichol 2021), taken at the end, where the head is trained.
 *
 * @module
 */
import { byDimension } from "./low_dimension.ts";

/** The first step along a coordinate; each round halves it. */
const firstStep = 0.1;

/** The default number of rounds: 4 for d <= 4, falling linearly to 0 for d >= 12. */
export function defaultRefinements(dimension: number): number {
  return Math.round(byDimension(dimension, { low: 4, high: 0 }));
}

/**
 * Moves a point to where its score is higher. In each round every coordinate is moved to the top of the parabola
 * through the logarithms of three scores, at most a step away; the move of all of them together is kept if it
 * scores higher.
 *
 * @param point A point of [0,1]^d.
 * @param score Positive scores of points of [0,1]^d.
 * @returns a point of [0,1]^d that scores no lower.
 */
export async function refine(
  point: Float64Array,
  rounds: number,
  score: (points: readonly Float64Array[]) => Promise<readonly number[]>,
): Promise<Float64Array> {
  for (let round = 0, step = firstStep; round < rounds; round++, step /= 2) {
    const neighbours = [...point.keys()].flatMap((j) => [
      point.with(j, Math.max(0, point[j] - step)),
      point.with(j, Math.min(1, point[j] + step)),
    ]);
    const [here, ...around] = (await score([point, ...neighbours])).map(Math.log);
    const moved = point.map((x, j) => {
      const below = 2 * j, above = below + 1;
      const top = topOfParabola(
        { at: neighbours[below][j] - x, rise: around[below] - here },
        { at: neighbours[above][j] - x, rise: around[above] - here },
      );
      return Math.min(1, Math.max(0, x + top));
    });
    const [there] = await score([moved]);
    if (Math.log(there) > here) point = moved;
  }
  return point;
}

interface Neighbour {
  at: number;
  rise: number;
}

/** Where between two neighbours the parabola through them and (0, 0) is highest. */
function topOfParabola(below: Neighbour, above: Neighbour): number {
  const highest = [below, above].reduce((a, b) => (b.rise > a.rise ? b : a), { at: 0, rise: 0 });
  if (below.at === 0 || above.at === 0) return highest.at; // on the border there are but two points
  const [slopeBelow, slopeAbove] = [below.rise / below.at, above.rise / above.at];
  const curvature = (slopeAbove - slopeBelow) / (above.at - below.at);
  if (curvature >= 0) return highest.at;
  const top = (curvature * below.at - slopeBelow) / (2 * curvature);
  return Math.min(above.at, Math.max(below.at, top));
}
