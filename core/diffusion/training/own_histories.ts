/**
 * Histories of the model's own making: what the policy meets when it is used, to be trained on.
 *
 * A policy that learns from histories of somebody else's making is asked, after a few suggestions of its own, about
 * histories that it has never seen the like of. So it searches random surfaces while it is trained, and histories of
 * these searches are among its later contexts, with targets from the true surface (DAgger, Ross et al. 2011).
 *
 * @module
 */
import { denoise } from "../denoiser.ts";
import { contextBatchOf } from "../features.ts";
import { guidanceRamp } from "../guidance.ts";
import { toHistory } from "../history.ts";
import { defaultLocalShare, View } from "../local_view.ts";
import { type Network, release } from "../network.ts";
import { drawContexts } from "./pretraining_context.ts";
import { ResponseSurface, type ResponseSurfaceOptions } from "../prior/response_surface.ts";
import { type Observations, pointsOf } from "../../search/observations.ts";
import { Random } from "../../search/random.ts";

/** Searches of B surfaces, side by side. The surfaces are a function of the key and need not be stored. */
export interface OwnHistories {
  /** Key of the stream that the surfaces are drawn from. */
  key: readonly (string | number)[];
  /** B, the number of searches. */
  contexts: number;
  /** d, the number of hyperparameters. */
  dimension: number;
  /** The points in the order in which they were tried, [B, {@linkcode ownHistorySize}, d], in [0, 1]. */
  x: Float32Array;
}

/** Points of a search: a few initial ones and then suggestions, as many as the model is shown at most. */
export const ownHistorySize = 60;
/** Initial points of a search. */
export const ownHistoryStart = 5;
/** Fewer than in use, and samples are not refined: histories are many, and need not be the best that the model can do. */
const denoisingSteps = 10;

/** The surfaces that were searched. */
export function surfacesOf(
  { key, contexts, dimension }: Omit<OwnHistories, "x">,
  options?: ResponseSurfaceOptions,
): ResponseSurface[] {
  const random = Random.of(...key);
  return Array.from({ length: contexts }, () => ResponseSurface.draw(random, dimension, options));
}

/** The first `size` observations of each search. */
export function firstObservations(
  { dimension, x }: OwnHistories,
  surfaces: readonly ResponseSurface[],
  size: number,
): Observations[] {
  return surfaces.map((surface, b) => {
    const from = b * ownHistorySize * dimension;
    const points = Float64Array.from(x.subarray(from, from + size * dimension));
    return { dimension, size, x: points, y: surface.evaluate(points) };
  });
}

/**
 * Lets a network search random surfaces as it does in use, now and then in a local view of its history. The result is
 * a function of the arguments.
 */
export async function makeOwnHistories(
  network: Network,
  shape: Omit<OwnHistories, "x">,
  options?: ResponseSurfaceOptions,
): Promise<OwnHistories> {
  const { key, contexts, dimension } = shape;
  const surfaces = surfacesOf(shape, options);
  const random = Random.of(...key, "search");
  const starts = drawContexts(random, surfaces, { size: ownHistoryStart, exploitationShare: 0 });
  const histories: OwnHistories = {
    ...shape,
    x: new Float32Array(contexts * ownHistorySize * dimension),
  };
  starts.forEach((start, b) => histories.x.set(start.x, b * ownHistorySize * dimension));
  for (let size = ownHistoryStart; size < ownHistorySize; size++) {
    const views = firstObservations(histories, surfaces, size).map((observed) => {
      const history = toHistory(pointsOf(observed), observed.y);
      const view = View.draw(random, history, defaultLocalShare);
      return { view, shown: view.restrict(history) };
    });
    const context = network.encode(contextBatchOf(views.map(({ shown }) => shown)));
    const guidance = guidanceRamp(size);
    const points = await denoise(network, context, { random, steps: denoisingSteps, guidance });
    release(context);
    for (let b = 0; b < contexts; b++) {
      const point = Float64Array.from(points.subarray(b * dimension, (b + 1) * dimension));
      histories.x.set(views[b].view.lift(point), (b * ownHistorySize + size) * dimension);
    }
  }
  return histories;
}
