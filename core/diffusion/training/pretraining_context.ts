/**
 * Synthetic histories: contexts C that look like what an optimizer has seen.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import { type ByDimension, byDimension } from "../low_dimension.ts";
import type { ResponseSurface } from "../prior/response_surface.ts";
import { addNoise, defaultTableShares, drawTablePoints, type TableShares } from "../prior/table.ts";
import type { Observations } from "../../search/observations.ts";
import { indexOfLargest } from "../../numerics/arrays.ts";
import { propose, reflectInto } from "./proposal.ts";
import type { Random } from "../../search/random.ts";

/** Options of {@linkcode drawContexts}; the shares of tables are for the start points of surfaces that have none. */
export interface ContextOptions extends TableShares {
  /** n >= 1, the number of points of each context. */
  size: number;
  /**
   * Probability that a context comes from a longer search that closes in on an optimum.
   * @default {0.1 for d >= 12, rising linearly to 0.5 for d <= 4}
   */
  exploitationShare?: ByDimension;
}

/** The defaults of {@linkcode ContextOptions}. */
export const defaultContextOptions: Required<Omit<ContextOptions, "size">> = {
  ...defaultTableShares,
  exploitationShare: { low: 0.5, high: 0.1 },
};

/** What of a task a context is drawn from. */
export interface SearchedSurface
  extends
    Pick<ResponseSurface, "dimension" | "evaluate" | "evaluateInto" | "table" | "isInterior"> {
  /** The conditional hyperparameter, if one is known. */
  readonly parts: Pick<ResponseSurface["parts"], "gate">;
}

const smallestStart = 3, largestStart = 10;
const largestRounds = 12;

/**
 * Draws one context for each surface, all of the same size: 3 to 10 start points as in a table of earlier runs, then
 * up to 12 rounds of points from the proposal given all that was seen before, in a share of the contexts a local
 * search that converges, and then a random subset of n points that keeps the best one in 80 % of the draws.
 */
export function drawContexts(
  random: Random,
  surfaces: readonly SearchedSurface[],
  options: ContextOptions,
): Observations[] {
  return surfaces.map((surface) => drawContext(random, surface, options));
}

function drawContext(
  random: Random,
  surface: SearchedSurface,
  options: ContextOptions,
): Observations {
  const { dimension } = surface;
  const { size, exploitationShare } = { ...defaultContextOptions, ...options };
  const history = { dimension, size: 0, x: new Float64Array(0), y: new Float64Array(0) };
  const starts = Math.min(size, smallestStart + random.integer(largestStart - smallestStart + 1));
  const start = drawStart(random, surface, { ...options, count: starts });
  succeedOnce(random, surface, start);
  join(history, start.x, start.y);

  const surplus = [1, 1, 1.3, 2, 3][random.integer(5)];
  const searched = Math.floor(size * surplus) - starts;
  const rounds = Math.min(largestRounds, searched);
  const uniformShare = 0.8 * random.uniform() ** 2;
  for (let round = 0; round < rounds; round++) {
    const count = Math.floor(searched / rounds) + (round < searched % rounds ? 1 : 0);
    append(
      history,
      surface,
      propose(random, history, { count, uniformShare, interior: surface.isInterior }),
    );
  }
  if (chance(random, byDimension(dimension, exploitationShare))) {
    const evaluations = Math.ceil(4 * size * random.uniform());
    searchLocally(random, surface, history, evaluations);
  }
  return drawSubset(random, history, size);
}

/** Where all runs have failed, the first one is drawn anew until it does not. */
function succeedOnce(
  random: Random,
  surface: SearchedSurface,
  { x, y }: Pick<Observations, "x" | "y">,
): void {
  while (y.every((response) => response === -Infinity)) {
    x.set(random.point(surface.dimension));
    surface.evaluateInto(x.subarray(0, surface.dimension), y.subarray(0, 1));
  }
}

/**
 * Start points. Of a surrogate they are points of its table, with the measured responses in half of the contexts
 * and the surrogate's own in the others. Of another surface they are points as in a table, in 35 % of the contexts
 * measured with an error of .005 to .1 of their deviation.
 */
function drawStart(
  random: Random,
  surface: SearchedSurface,
  options: TableShares & { count: number },
): Pick<Observations, "x" | "y"> {
  const { dimension, table, parts: { gate } } = surface;
  const { count } = options;
  if (table === undefined) {
    const x = drawTablePoints(random, { ...options, dimension, gate });
    const y = surface.evaluate(x);
    const isExact = y.includes(-Infinity) || !chance(random, 0.35);
    if (!isExact) addNoise(random, y, logUniform(random, 0.005, 0.1));
    return { x, y };
  }
  // neighbours of the table are as independent as any of its points
  const first = random.integer(table.size - count + 1);
  const x = table.x.slice(first * dimension, (first + count) * dimension);
  const y = surface.evaluate(x);
  if (chance(random, 0.5)) {
    y.forEach((response, i) => y[i] = response === -Infinity ? response : table.y[first + i]);
  }
  return { x, y };
}

/**
 * A (1+1) evolution strategy from the best point on: Gaussian steps whose size grows by 1.6 after a success and
 * shrinks by .9 after a failure (Rechenberg's 1/5 rule), until it falls below a limit that is log-uniform in
 * [.002, .1], or the evaluations are used up.
 */
function searchLocally(
  random: Random,
  surface: SearchedSurface,
  history: Observations,
  evaluations: number,
): void {
  const { dimension } = history;
  const smallestStep = logUniform(random, 0.002, 0.1);
  const incumbent = indexOfLargest(history.y);
  let x = history.x.slice(incumbent * dimension, (incumbent + 1) * dimension);
  let y = history.y[incumbent];
  let step = logUniform(random, 0.05, 0.3);
  const visitedX = new Float64Array(evaluations * dimension);
  const visitedY = new Float64Array(evaluations);
  let visited = 0;
  while (visited < evaluations && step >= smallestStep) {
    const trial = visitedX.subarray(visited * dimension, (visited + 1) * dimension);
    const response = visitedY.subarray(visited, ++visited);
    for (let j = 0; j < dimension; j++) {
      const moved = x[j] + step * random.normal();
      trial[j] = surface.isInterior ? reflectInto(moved) : Math.min(1, Math.max(0, moved));
    }
    surface.evaluateInto(trial, response);
    if (response[0] > y) {
      x = trial;
      y = response[0];
      step *= 1.6;
    } else {
      step *= 0.9;
    }
  }
  join(history, visitedX.subarray(0, visited * dimension), visitedY.subarray(0, visited));
}

/**
 * Draws n points of a history, in random order. The best one is among them for sure in 80 % of the draws and
 * where all others failed, otherwise by luck.
 */
export function drawSubset(random: Random, history: Observations, size: number): Observations {
  const { dimension } = history;
  const order = random.permutation(history.size);
  const hasSuccess = order.subarray(0, size).some((i) => history.y[i] > -Infinity);
  if (history.size > size && (chance(random, 0.8) || !hasSuccess)) {
    const place = order.indexOf(indexOfLargest(history.y));
    [order[0], order[place]] = [order[place], order[0]];
  }
  const x = new Float64Array(size * dimension);
  const y = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const from = order[i];
    y[i] = history.y[from];
    x.set(history.x.subarray(from * dimension, (from + 1) * dimension), i * dimension);
  }
  return { dimension, size, x, y };
}

function append(history: Observations, surface: SearchedSurface, points: Float64Array): void {
  join(history, points, surface.evaluate(points));
}

function join(history: Observations, x: Float64Array, y: Float64Array): void {
  const { dimension, size } = history;
  const joinedX = new Float64Array((size + y.length) * dimension);
  joinedX.set(history.x);
  joinedX.set(x, size * dimension);
  const joinedY = new Float64Array(size + y.length);
  joinedY.set(history.y);
  joinedY.set(y, size);
  history.x = joinedX;
  history.y = joinedY;
  history.size = joinedY.length;
}
