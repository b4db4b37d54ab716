import { assertAlmostEquals, assertEquals } from "@std/assert";
import { HpobHandler } from "../../hpob/handler.ts";
import type { Algorithm } from "../../core/algorithm.ts";

/**
 * What HPO-B's own handler returned for replayed suggestions; see "Files" in hpob/mini/README.md of
 * how they were made.
 */
const goldens: { continuous: GoldenRun[]; discrete: GoldenRun[] } = JSON.parse(
  Deno.readTextFileSync(new URL("./goldens/handler-traces.json", import.meta.url)),
);

interface GoldenRun {
  name: string;
  dataset: string;
  seed: string;
  n_trials: number;
  suggestions: (number | number[])[];
  calls: number;
  last_observed: number[];
  incumbents: number[];
}

/** Replays recorded suggestions and records the newest response that it is shown. */
class Replay {
  readonly name = "replay";
  readonly lastObserved: number[] = [];
  constructor(readonly suggestions: (number | number[])[]) {}

  observeAndSuggest(_x: readonly Float64Array[], y: Float64Array): Promise<never> {
    const suggestion = this.suggestions[this.lastObserved.length];
    this.lastObserved.push(y[y.length - 1]);
    return Promise.resolve(
      (Array.isArray(suggestion) ? Float64Array.from(suggestion) : suggestion) as never,
    );
  }
}

const embedded = await HpobHandler.embedded();

for (const run of goldens.continuous) {
  const options = {
    searchSpaceId: "mini-xgboost",
    datasetId: run.dataset,
    seed: run.seed,
    trials: run.n_trials,
  };
  const title = `${run.name} on ${run.dataset} ${run.seed}`;
  Deno.test(`officialTrace returns the original's continuous list: ${title}`, async () => {
    const algorithm = new Replay(run.suggestions);
    const trace = await embedded.evaluateContinuous(algorithm as Algorithm, {
      ...options,
      officialTrace: true,
    });
    assertEquals(trace.length, run.incumbents.length);
    trace.forEach((value, k) => assertAlmostEquals(value, run.incumbents[k], 1e-12));
    assertEquals(algorithm.lastObserved.length, run.calls);
    algorithm.lastObserved.forEach((y, k) => assertAlmostEquals(y, run.last_observed[k], 1e-12));
  });
}

for (const run of goldens.discrete) {
  const title = `${run.name} on ${run.dataset} ${run.seed}`;
  Deno.test(`evaluate returns the original's discrete list: ${title}`, async () => {
    const algorithm = new Replay(run.suggestions);
    const trace = await embedded.evaluate(algorithm as Algorithm, {
      searchSpaceId: "mini-xgboost",
      datasetId: run.dataset,
      seed: run.seed,
      trials: run.n_trials,
    });
    assertEquals(trace.length, run.incumbents.length);
    trace.forEach((value, k) => assertAlmostEquals(value, run.incumbents[k], 1e-12));
    assertEquals(algorithm.lastObserved.length, run.calls);
    algorithm.lastObserved.forEach((y, k) => assertAlmostEquals(y, run.last_observed[k], 1e-12));
  });
}
