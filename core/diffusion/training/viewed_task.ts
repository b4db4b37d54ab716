/**
 * Local views of synthetic tasks: the model is trained on what it is shown in use.
 *
 * @module
 */
import { toHistory } from "../history.ts";
import { View } from "../local_view.ts";
import type { ByDimension } from "../low_dimension.ts";
import type { ResponseSurface } from "../prior/response_surface.ts";
import { type Observations, pointsOf } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";

/** A surface as it is shown: on the whole unit cube, or on a box of it that is stretched to the unit cube. */
export interface ViewedTask {
  /** Responses at points, [m, d], row-major, in the coordinates of the view. */
  readonly evaluate: ResponseSurface["evaluate"];
  /** The observations inside, in the coordinates of the view. */
  history: Observations;
  /** Whether the optimum is rarely at a border of what is shown. */
  readonly interior: boolean;
}

/** Draws a view of a surface and its history: a local one with probability `localShare` ({@linkcode View.draw}). */
export function viewTask(
  random: Random,
  surface: ResponseSurface,
  history: Observations,
  localShare: ByDimension,
): ViewedTask {
  const { dimension, y } = history;
  const points = pointsOf(history);
  const view = View.draw(random, toHistory(points, y), localShare);
  if (view.isWhole) {
    return {
      evaluate: (points) => surface.evaluate(points),
      history,
      interior: surface.isInterior,
    };
  }
  const inside = [...points.keys()].filter((i) => view.contains(points[i]));
  return {
    evaluate: (points) => {
      const lifted = new Float64Array(points.length);
      for (let o = 0; o < points.length; o += dimension) {
        lifted.set(view.lift(points.subarray(o, o + dimension)), o);
      }
      return surface.evaluate(lifted);
    },
    history: {
      dimension,
      size: inside.length,
      x: Float64Array.from(inside.flatMap((i) => [...view.project(points[i])])),
      y: Float64Array.from(inside, (i) => y[i]),
    },
    interior: false,
  };
}
