/**
 * Histories of the model's own making: what the policy meets when it is used, to be trained on.
 *
 * A policy that learns from histories of somebody else's making is asked, after a few suggestions of its own, about
 * histories that it has never seen the like of. So it searches random tasks while it is trained, and histories of
 * these searches are among its later contexts, with targets from the true responses (DAgger, Ross et al. 2011).
 *
 * @module
 */
import { denoise } from "../denoiser.ts";
import { contextBatchOf } from "../features.ts";
import { type History, toHistory, withStatuses } from "../history.ts";
import { defaultLocalShare, View } from "../local_view.ts";
import { type Network, release } from "../network.ts";
import { drawContexts } from "./pretraining_context.ts";
import { type Observations, pointsOf } from "../../search/observations.ts";
import { Random } from "../../search/random.ts";
import { SyntheticTask, type TaskOptions, type TaskShape } from "./synthetic_task.ts";
import { snap } from "../../search/coordinates.ts";

/** Searches of B tasks, side by side. The tasks are a function of the key and need not be stored. */
export interface OwnHistories extends TaskShape {
  /** Key of the stream that the tasks are drawn from. */
  readonly key: readonly (string | number)[];
  /** B, the number of searches. */
  readonly contexts: number;
  /** The points in the order in which they were tried, [B, {@linkcode ownHistorySize}, d], in [0, 1]. */
  readonly x: Float32Array;
}

/** Observations of a task. */
export interface TaskHistory extends Observations {
  /** Responses as they were measured, [n]; `y` holds the true ones. -Infinity where a run failed. */
  measured: Float64Array;
}

/** Points of a search: a few initial ones and then suggestions, as many as the model is shown at most. */
export const ownHistorySize = 60;
/** Initial points of a search. */
export const ownHistoryStart = 5;
/** Fewer than in use, and samples are not refined: histories are many, and need not be the best that the model can do. */
const denoisingSteps = 10;

/** The tasks that were searched. */
export function tasksOf(
  { key, contexts, ...shape }: Omit<OwnHistories, "x">,
  options?: TaskOptions,
  tables?: readonly Observations[],
): SyntheticTask[] {
  const random = Random.of(...key);
  return Array.from({ length: contexts }, () => SyntheticTask.draw(random, shape, options, tables));
}

/** The first `size` observations of each search. */
export function firstObservations(
  { key, dimension, x }: OwnHistories,
  tasks: readonly SyntheticTask[],
  size: number,
): TaskHistory[] {
  return tasks.map((task, b) => {
    const from = b * ownHistorySize * dimension;
    const columns = Float64Array.from(x.subarray(from, from + size * dimension));
    const points = task.decode(columns, dimension);
    const y = task.evaluate(points);
    const measured = task.measure(Random.of(...key, "noise", b), y);
    return { dimension: task.dimension, size, x: points, y, measured };
  });
}

/**
 * Lets a network search random tasks as it does in use, now and then in a local view of its history. The result is
 * a function of the arguments.
 */
export async function makeOwnHistories(
  network: Network,
  shape: Omit<OwnHistories, "x">,
  options?: TaskOptions,
  tables?: readonly Observations[],
): Promise<OwnHistories> {
  const { key, contexts, dimension } = shape;
  const tasks = tasksOf(shape, options, tables);
  const random = Random.of(...key, "search");
  const starts = drawContexts(random, tasks, { size: ownHistoryStart, exploitationShare: 0 });
  const histories: OwnHistories = {
    ...shape,
    x: new Float32Array(contexts * ownHistorySize * dimension),
  };
  starts.forEach((start, b) => {
    histories.x.set(tasks[b].encode(start.x), b * ownHistorySize * dimension);
  });
  for (let size = ownHistoryStart; size < ownHistorySize; size++) {
    const views = firstObservations(histories, tasks, size).map((observed, b) => {
      const history = historyOf(tasks[b], observed);
      const view = shape.isMixed
        ? View.whole(dimension)
        : View.draw(random, history, defaultLocalShare);
      return { view, shown: view.restrict(history) };
    });
    const context = network.encode(contextBatchOf(views.map(({ shown }) => shown)));
    const guidance = searchGuidance(size);
    const points = await denoise(network, context, { random, steps: denoisingSteps, guidance });
    release(context);
    for (let b = 0; b < contexts; b++) {
      const { coordinates } = tasks[b];
      const point = views[b].view.lift(
        Float64Array.from(points.subarray(b * dimension, (b + 1) * dimension)),
      );
      histories.x.set(
        coordinates === undefined ? point : snap(point, coordinates),
        (b * ownHistorySize + size) * dimension,
      );
    }
  }
  return histories;
}

/** What the model sees of the observations of a task. */
function historyOf(task: SyntheticTask, { x, size, measured }: TaskHistory): History {
  const columns = task.encode(x);
  const points = pointsOf({ dimension: columns.length / size, size, x: columns, y: measured });
  const failed = points.filter((_, i) => measured[i] === -Infinity);
  return withStatuses(toHistory(points, measured), { failed, columns: task.kinds });
}

/** Guidance of a search with n observations, from 1.5 (n <= 5) to 5 (n >= 35): histories of many kinds. */
function searchGuidance(observations: number): number {
  return 1.5 + 3.5 * Math.min(1, Math.max(0, observations - 5) / 30);
}
