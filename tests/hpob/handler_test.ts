import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import type { Algorithm } from "../../core/search/algorithm.ts";
import type { Observed, Point } from "../../core/search/task.ts";
import { InputError } from "../../core/search/errors.ts";
import { HpobHandler, type TrialReport } from "../../hpob/handler.ts";

/**
 * What HPO-B's own handler returned for replayed suggestions; see "Files" in hpob/mini/README.md.
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
  /** Suggestions used before the run stopped. */
  calls: number;
  /** Newest response the method was shown at each call. */
  last_observed: number[];
  incumbents: number[];
}

/** Replays suggestions, and records the responses that it is shown. */
class Replay implements Algorithm {
  readonly name = "replay";
  readonly shown: Float64Array[] = [];

  constructor(readonly suggestions: readonly unknown[]) {}

  observeAndSuggest({ responses }: Observed): Promise<never> {
    const suggestion = this.suggestions[this.shown.length];
    this.shown.push(Float64Array.from(responses));
    const point = Array.isArray(suggestion) ? Float64Array.from(suggestion) : suggestion;
    return Promise.resolve(point as never);
  }

  observeAndChoose(observed: Observed): Promise<never> {
    return this.observeAndSuggest(observed);
  }

  get lastShown(): number[] {
    return this.shown.map((y) => y[y.length - 1]);
  }
}

const embedded = await HpobHandler.embedded();
const glass = { searchSpaceId: "mini-xgboost", datasetId: "glass", seed: "test0" };
const center = Array<number>(16).fill(0.5);

function optionsOf(run: GoldenRun) {
  const { dataset: datasetId, seed, n_trials: trials } = run;
  return { searchSpaceId: "mini-xgboost", datasetId, seed, trials };
}

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-12));
}

for (const run of goldens.continuous) {
  const title = `${run.name} on ${run.dataset} ${run.seed}`;

  Deno.test(`officialTrace is the list of HPO-B's handler: ${title}`, async () => {
    const algorithm = new Replay(run.suggestions);
    const options = { ...optionsOf(run), officialTrace: true };
    assertClose(
      await embedded.evaluateContinuous(algorithm, options),
      run.incumbents,
    );
    assertClose(algorithm.lastShown, run.last_observed);
  });

  Deno.test(`the continuous trace records every trial: ${title}`, async () => {
    // One more trial than the original shows what the last suggestion brought.
    const algorithm = new Replay([...run.suggestions, center]);
    const options = { ...optionsOf(run), trials: run.n_trials + 1 };
    const trace = await embedded.evaluateContinuous(algorithm, options);
    const best = algorithm.shown.map((y) => Math.max(...y));
    while (best.length < run.n_trials + 1) best.push(1);
    assertEquals(trace.slice(0, -1), best);
    assertEquals(algorithm.shown.length, run.name === "random" ? run.n_trials + 1 : run.calls);
  });
}

for (const run of goldens.discrete) {
  const title = `${run.name} on ${run.dataset} ${run.seed}`;

  Deno.test(`the discrete trace is the list of HPO-B's handler: ${title}`, async () => {
    const algorithm = new Replay(run.suggestions);
    assertClose(await embedded.evaluate(algorithm, optionsOf(run)), run.incumbents);
    assertClose(algorithm.lastShown, run.last_observed);
  });
}

Deno.test("in discrete mode the chosen row moves from the pending to the observed points", async () => {
  const table = await embedded.table("mini-xgboost", "glass");
  const initial = [164, 33, 220, 279, 353]; // test0 of glass in bo-initializations.json
  const calls: number[] = [];
  const takeSecond = {
    name: "take-second",
    observeAndSuggest: () => Promise.reject(new Error("not in discrete mode")),
    observeAndChoose({ points, responses }: Observed, pending: readonly Point[]) {
      const chosen = [1, 2, 3].slice(0, calls.push(0) - 1); // row 0 is never taken
      const rows = [...initial, ...chosen];
      assertEquals(points, rows.map((row) => table.x[row]));
      assertEquals(responses.length, rows.length);
      assertEquals(pending, table.x.filter((_, row) => !rows.includes(row)));
      return Promise.resolve(1);
    },
  };
  await embedded.evaluate(takeSecond, { ...glass, trials: 4 });
  assertEquals(calls.length, 4);
});

Deno.test("an algorithm may use its array for the next suggestion", async () => {
  const array = new Float64Array(16);
  const seen: number[][] = [];
  const reusing = {
    name: "reusing",
    observeAndChoose: () => Promise.resolve(0),
    observeAndSuggest({ points }: Observed) {
      seen.push(points.slice(5).map((point) => point[0]));
      array[0] += 0.25;
      return Promise.resolve(array);
    },
  };
  await embedded.evaluateContinuous(reusing, { ...glass, trials: 3 });
  assertEquals(seen, [[], [0.25], [0.25, 0.5]]);
});

Deno.test("an algorithm that changes what it is shown does not change the benchmark", async () => {
  const vandal = {
    name: "vandal",
    observeAndChoose: () => Promise.resolve(0),
    observeAndSuggest(shown: Observed) {
      const observed = shown as { points: Float64Array[]; responses: Float64Array };
      observed.points.forEach((point) => point.fill(0));
      observed.points.length = 0;
      observed.responses.fill(1);
      return Promise.resolve(Float64Array.from(center));
    },
  };
  const before = structuredClone(await embedded.table("mini-xgboost", "glass"));
  const options = { ...glass, trials: 3 };
  const trace = await embedded.evaluateContinuous(vandal, options);
  assertEquals(await embedded.table("mini-xgboost", "glass"), before);
  const replay = new Replay([center, center, center]);
  assertEquals(await embedded.evaluateContinuous(replay, options), trace);
});

Deno.test("onTrial reports trials, incumbents and times, and can end the evaluation", async () => {
  const reports: TrialReport[] = [];
  const points = [center, center.map(() => 0.25), center.map(() => 0.75)];
  const trace = await embedded.evaluateContinuous(new Replay(points), {
    ...glass,
    trials: 3,
    onTrial: (report) => reports.push(report),
  });
  assertEquals(reports.map((report) => report.trial), [1, 2, 3]);
  assertEquals(reports.map((report) => report.incumbent), trace.slice(1));
  assertEquals(reports.every((report) => report.seconds >= 0), true);

  const algorithm = new Replay(points);
  const stop = () => {
    throw new Error("stopped");
  };
  const options = { ...glass, trials: 3, onTrial: stop };
  await assertRejects(
    () => embedded.evaluateContinuous(algorithm, options),
    Error,
    "stopped",
  );
  assertEquals(algorithm.shown.length, 1);
});

type ErrorClass = new (...args: never[]) => Error;

const wrongPoints: [string, unknown, ErrorClass, string][] = [
  ["an index", 3, TypeError, "trial 2 must be a Float64Array: got 3"],
  ["an array", new Set([1]), TypeError, "trial 2 must be a Float64Array: got Set"],
  ["nothing", undefined, TypeError, "trial 2 must be a Float64Array: got undefined"],
  ["a short point", [0.5, 0.5], TypeError, "trial 2 must have 16 coordinates: got 2"],
  ["NaN", center.with(3, NaN), RangeError, "trial 2 must be in [0, 1]: coordinate 3 is NaN"],
  ["above 1", center.with(15, 1.1), RangeError, "trial 2 must be in [0, 1]: coordinate 15 is 1.1"],
  ["below 0", center.with(0, -1e-9), RangeError, "must be in [0, 1]: coordinate 0 is -1e-9"],
];
for (const [kind, suggestion, error, message] of wrongPoints) {
  Deno.test(`a wrong suggestion in continuous mode is refused: ${kind}`, async () => {
    const algorithm = new Replay([center, suggestion]);
    await assertRejects(
      () => embedded.evaluateContinuous(algorithm, { ...glass, trials: 3 }),
      error,
      message,
    );
  });
}

const wrongChoices: [string, unknown, ErrorClass, string][] = [
  ["a point", center, TypeError, "trial 2 must be an integer index: got Float64Array"],
  ["a fraction", 0.5, TypeError, "trial 2 must be an integer index: got 0.5"],
  ["NaN", NaN, TypeError, "trial 2 must be an integer index: got NaN"],
  ["below 0", -1, RangeError, "trial 2 must be an index in 0..393: got -1"],
  ["too large", 394, RangeError, "trial 2 must be an index in 0..393: got 394"],
];
for (const [kind, suggestion, error, message] of wrongChoices) {
  Deno.test(`a wrong suggestion in discrete mode is refused: ${kind}`, async () => {
    await assertRejects(
      () => embedded.evaluate(new Replay([0, suggestion]), { ...glass, trials: 3 }),
      error,
      message,
    );
  });
}

for (const trials of [0, -1, 1.5, NaN, Infinity]) {
  Deno.test(`the number of trials must be a positive integer: ${trials}`, async () => {
    await assertRejects(
      () => embedded.evaluate(new Replay([]), { ...glass, trials }),
      RangeError,
      `Cannot evaluate as 'trials' must be a positive integer: got ${trials}`,
    );
  });
}

const unknownNames: [string, Partial<typeof glass>, string][] = [
  [
    "search space",
    { searchSpaceId: "mini-xgbost" },
    `Cannot find search space "mini-xgbost" as it must be one of mini-xgboost; ` +
    `did you mean "mini-xgboost"?`,
  ],
  [
    "data set",
    { datasetId: "grass" },
    `Cannot find data set "grass" as it must be one of spambase, vehicle, sonar, pima, vowel, glass; ` +
    `did you mean "glass"?`,
  ],
  [
    "seed",
    { seed: "test5" },
    `Cannot find seed "test5" as it must be one of test0, test1, test2, test3, test4`,
  ],
];
for (const [kind, change, message] of unknownNames) {
  Deno.test(`an unknown ${kind} is refused with the known ones`, async () => {
    const options = { ...glass, ...change, trials: 1 };
    await assertRejects(
      () => embedded.evaluate(new Replay([0]), options),
      InputError,
      message,
    );
    await assertRejects(
      () => embedded.evaluateContinuous(new Replay([center]), options),
      InputError,
      message,
    );
  });
}
