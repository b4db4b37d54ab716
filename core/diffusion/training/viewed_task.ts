/**
 * Local views of synthetic tasks: the model is trained on what it is shown in use.
 *
 * @module
 */
import { toHistory } from "../history.ts";
import { View } from "../local_view.ts";
import type { ByDimension } from "../low_dimension.ts";
import type { TaskHistory } from "./own_histories.ts";
import type { SyntheticTask } from "./synthetic_task.ts";
import { pointsOf } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";

/** A task as it is shown: on the whole unit cube, or on a box of it that is stretched to the unit cube. */
export interface ViewedTask {
  /** True responses at points, [m, inputs], row-major, in the coordinates of the view. */
  evaluate(points: Float64Array): Float64Array;
  /** The observations inside, in the coordinates of the view. */
  readonly history: TaskHistory;
  /** Whether the optimum is rarely at a border of what is shown. */
  readonly isInterior: boolean;
  /** Rows of the measured table that the task is of, in the coordinates of the view; none where it is of no table. */
  readonly rows: readonly Float64Array[];
}

/**
 * Draws a view of a task and its history: a local one with probability `localShare` ({@linkcode View.draw}), where
 * all columns are numbers of [0, 1].
 */
export function viewTask(
  random: Random,
  task: SyntheticTask,
  history: TaskHistory,
  localShare: ByDimension,
): ViewedTask {
  const { dimension, y, measured } = history;
  const points = pointsOf(history);
  const view = task.coordinates === undefined
    ? View.draw(random, toHistory(points, measured), localShare)
    : View.whole(dimension);
  const rows = task.measuredTable === undefined ? [] : pointsOf(task.measuredTable);
  if (view.isWhole) {
    return {
      evaluate: (points) => task.evaluate(points),
      history,
      isInterior: task.isInterior,
      rows,
    };
  }
  const inside = [...points.keys()].filter((i) => view.contains(points[i]));
  return {
    evaluate: (points) => {
      const lifted = new Float64Array(points.length);
      for (let o = 0; o < points.length; o += dimension) {
        lifted.set(view.lift(points.subarray(o, o + dimension)), o);
      }
      return task.evaluate(lifted);
    },
    history: {
      dimension,
      size: inside.length,
      x: Float64Array.from(inside.flatMap((i) => [...view.project(points[i])])),
      y: Float64Array.from(inside, (i) => y[i]),
      measured: Float64Array.from(inside, (i) => measured[i]),
    },
    isInterior: false,
    rows: rows.filter((row) => view.contains(row)).map((row) => view.project(row)),
  };
}
