/**
 * The tasks of the experiments: data sets of hpob-mini, each after some trials.
 *
 * @module
 */
import { RandomSearch } from "../../baselines/random_search.ts";
import { searchTask } from "../../core/search/search_loop.ts";
import { HpobHandler } from "../../hpob/handler.ts";
import type { SurrogateTask } from "../../hpob/protocol.ts";

const searchSpaceId = "mini-xgboost";
/** The data set of the experiments that need only one. */
export const shownDataset = "vehicle";
/** Observations of every history: the five initial points and what random search found. */
export const historySize = 25;
/** Observed points with their normalized responses. */
export interface Context {
  points: readonly Float64Array[];
  responses: Float64Array;
}

/** A data set of hpob-mini after some trials: its black box, and what was observed. */
export interface ObservedTask extends Context {
  /** The data set. */
  datasetId: string;
  /** Its surrogate. */
  task: SurrogateTask;
}

/** The tasks of all experiments: every data set, {@linkcode historySize} observations each. */
export async function observedTasks(): Promise<ObservedTask[]> {
  const handler = await HpobHandler.embedded();
  return await Promise.all(
    handler.datasets(searchSpaceId).map(async (datasetId) => {
      const { task, start } = await handler.continuousTask({
        searchSpaceId,
        datasetId,
        seed: "test0",
      });
      const points = start.points.map((point) => Float64Array.from(point));
      const responses = Array.from(start.responses);
      const steps = searchTask(new RandomSearch({ seed: 1 }), task, start);
      while (points.length < historySize) {
        const { point, response } = (await steps.next()).value!;
        points.push(point);
        responses.push(response);
      }
      return { datasetId, task, points, responses: Float64Array.from(responses) };
    }),
  );
}
