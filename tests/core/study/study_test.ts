import { assert, assertEquals, assertRejects } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { recommend } from "../../../baselines/recommend.ts";
import type { Algorithm } from "../../../core/search/algorithm.ts";
import { dimensionOf } from "../../../core/search/coordinates.ts";
import { ExhaustedError, InputError } from "../../../core/search/errors.ts";
import type { Configuration } from "../../../core/search/search_space.ts";
import { START } from "../../../core/study/storage.ts";
import { Study } from "../../../core/study/study.ts";
import { assertRefuses, grid, shared, space } from "./_studies.ts";

const algorithm = new RandomSearch({ seed: 3 });
const options = { space, goal: "maximize", algorithm } as const;

Deno.test("a study gives numbered trials with configurations of its space, and keeps what is told", async () => {
  await using study = await Study.open(options);
  const first = await study.ask(), second = await study.ask();
  assertEquals([first.number, second.number], [0, 1]);
  const configuration: Configuration<typeof space> = first.configuration;
  assert(space.contains(configuration));
  await study.tell(first.number, 0.25);
  await study.tell(second, 0.75);
  assertEquals(
    (await study.trials()).map(({ number, state, value }) => [number, state, value]),
    [[0, "complete", 0.25], [1, "complete", 0.75]],
  );
  assertEquals((await study.best())?.configuration, second.configuration);
});

Deno.test("best is the smallest value of a study that minimizes, and nothing before one is complete", async () => {
  await using study = await Study.open({ ...options, goal: "minimize" });
  assertEquals(await study.best(), undefined);
  assertEquals(await study.recommend(), undefined);
  for (const value of [2, 1, NaN, 3]) await study.tell(await study.ask(), value);
  assertEquals((await study.best())?.number, 1);
});

Deno.test("a trial fails by NaN or with a reason, and keeps no value", async () => {
  await using study = await Study.open(options);
  await study.tell(await study.ask(), NaN);
  await study.tell(await study.ask(), { state: "fail", reason: "out of memory" });
  assertEquals(
    (await study.trials()).map(({ state, reason, value }) => ({ state, reason, value })),
    [
      { state: "fail", reason: "the value is NaN", value: undefined },
      { state: "fail", reason: "out of memory", value: undefined },
    ],
  );
});

Deno.test("a pruned trial keeps its last intermediate value", async () => {
  await using study = await Study.open(options);
  const trial = await study.ask();
  await trial.report(1, 0.5);
  await trial.report(3, 0.7);
  await study.tell(trial, { state: "pruned" });
  await study.tell(await study.ask(), { state: "pruned" });
  const [reported, silent] = await study.trials();
  assertEquals([reported.state, reported.value], ["pruned", 0.7]);
  assertEquals([silent.state, silent.value], ["pruned", undefined]);
});

Deno.test("telling the same again is no error, telling something else is, and the first value stands", async () => {
  await using study = await Study.open(options);
  const trial = await study.ask();
  await study.tell(trial, 0.5);
  await study.tell(trial.number, 0.5);
  await assertRefuses(
    "finished-trial",
    () => study.tell(0, 0.6),
    "Cannot tell trial 0 as it must be running: it is complete already with 0.5, and 0.6 was told",
  );
  await assertRefuses("finished-trial", () => study.tell(0, NaN), "it is complete already");
  assertEquals((await study.best())?.value, 0.5);
});

Deno.test("unknown, waiting and foreign trials cannot be told", async () => {
  await using study = await Study.open(options);
  await using other = await Study.open(options);
  await assertRefuses("unknown-trial", () => study.tell(0, 1), 'of study "study": it has none');
  await study.enqueue({ x: 0.5, kind: "plain" });
  await assertRefuses("waiting-trial", () => study.tell(0, 1), "it waits");
  await assertRefuses("unknown-trial", () => study.tell(7, 1), "it has trials 0 to 0");
  await assertRefuses("unknown-trial", () => study.tell(0.5, 1), "Cannot tell trial 0.5");
  const foreign = await other.ask();
  await assertRefuses("foreign-trial", () => study.tell(foreign, 1), "another study's");
});

for (const value of [Infinity, -Infinity, "0.5", undefined, null, {}, { state: "done" }, [1]]) {
  Deno.test(`${JSON.stringify(value) ?? value} (${String(value)}) cannot be told, and the trial runs on`, async () => {
    await using study = await Study.open(options);
    const trial = await study.ask();
    const expected = typeof value === "number" ? RangeError : TypeError;
    await assertRejects(() => study.tell(trial, value as number), expected, "Cannot tell trial 0");
    await study.tell(trial, 1);
    assertEquals((await study.best())?.value, 1);
  });
}

Deno.test("an intermediate value must be a number at an integer step of a running trial", async () => {
  await using study = await Study.open(options);
  const { report, ...trial } = await study.ask(); // its functions need no `this`
  await assertRejects(() => report(1, "0.5" as unknown as number), TypeError, "'value'");
  await assertRejects(() => report(-1, 0.5), RangeError, "'step'");
  await assertRejects(() => report(0.5, 0.5), RangeError, "'step'");
  await report(1, NaN);
  await study.tell(trial.number, 1);
  await assertRefuses("finished-trial", () => report(2, 0.5), "Cannot go on with trial 0");
  assert(trial.signal.aborted);
  assertEquals(await trial.heartbeat(), false);
});

Deno.test("notes stand with their trial", async () => {
  await using study = await Study.open(options);
  const { note } = await study.ask();
  await note({ host: "node7", epochs: [1, 2] });
  assertEquals((await study.trials())[0].attributes, { host: "node7", epochs: [1, 2] });
});

Deno.test("no configuration of a finite space is given twice, and then none", async () => {
  await using study = await Study.open({ ...options, space: grid });
  const seen = new Set<string>();
  for (let trial = 0; trial < 12; trial++) {
    seen.add(JSON.stringify((await study.ask()).configuration)); // running ones count
  }
  assertEquals(seen.size, 12);
  await assertRejects(() => study.ask(), ExhaustedError, "all 12 were");
  assertEquals((await study.trials()).length, 12);
});

Deno.test("configurations may be given twice where repeats are allowed", async () => {
  await using study = await Study.open({ ...options, space: grid, repeats: true });
  for (let trial = 0; trial < 20; trial++) await study.tell(await study.ask(), trial);
  const trials = await study.trials();
  assert(new Set(trials.map(({ configuration }) => JSON.stringify(configuration))).size <= 12);
});

Deno.test("what is recommended has the best mean of its measurements, not the luckiest one", async () => {
  await using study = await Study.open({ ...options, space: grid, repeats: true });
  const values = [["a", 0], ["b", 9], ["a", 10], ["b", 8]] as const;
  await study.addTrials(
    values.map(([column, value]) => ({ configuration: { row: 1, column }, value })),
  );
  assertEquals((await study.best())?.configuration.column, "a");
  assertEquals(await study.recommend(), {
    configuration: { row: 1, column: "b" },
    estimate: 8.5,
    trials: [1, 3],
  });
});

Deno.test("an estimator recommends, and says how sure it is", async () => {
  await using study = await Study.open({ ...options, goal: "minimize", estimator: recommend });
  assertEquals(await study.recommend(), undefined);
  const measured = [[0.1, 5], [0.3, 2], [0.4, 1], [0.5, 2.1], [0.9, 6]];
  await study.addTrials(
    measured.map(([x, value]) => ({ configuration: { x, kind: "plain" as const }, value })),
  );
  await study.tell(await study.ask(), { state: "fail" });
  const answer = await study.recommend();
  assertEquals([answer?.configuration, answer?.trials], [{ x: 0.4, kind: "plain" }, [2]]);
  assert(Math.abs(answer!.estimate - 1) < 0.5, `${answer!.estimate}`);
  const { standardDeviation, probabilityOfBest, valueOfMeasuring, noise } = answer!.confidence!;
  assert([standardDeviation, valueOfMeasuring, noise].every((value) => value >= 0));
  assert(probabilityOfBest > 0.5 && probabilityOfBest <= 1);
});

Deno.test("equal seeds give equal trials, other seeds others", async () => {
  const run = async (seed: number): Promise<unknown[]> => {
    await using study = await Study.open({ ...options, seed });
    await study.optimize(({ configuration: { x } }) => x, { trials: 8 });
    return (await study.trials()).map(({ configuration, value }) => ({ configuration, value }));
  };
  assertEquals(await run(1), await run(1));
  assert(JSON.stringify(await run(1)) !== JSON.stringify(await run(2)));
});

Deno.test("two workers that see the same history get different configurations", async () => {
  const options = shared();
  await using one = await Study.open(options);
  await using two = await Study.open(options);
  const trials = await Promise.all([one, two, one, two].map((study) => study.ask()));
  assertEquals(new Set(trials.map(({ number }) => number)).size, 4);
  assertEquals(new Set(trials.map(({ configuration }) => configuration.x)).size, 4);
});

Deno.test("a study in a storage needs a name", async () => {
  const { name: _, ...nameless } = shared();
  await assertRejects(() => Study.open(nameless), InputError, "'name' must be given");
});

Deno.test("a goal, seed or number of retries out of range is refused", async () => {
  for (const wrong of [{ goal: "max" }, { seed: 0.5 }, { retries: -1 }]) {
    const open = () => Study.open({ ...options, ...wrong as { goal: "maximize" } });
    await assertRejects(open, RangeError, `'${Object.keys(wrong)[0]}' must be`);
  }
});

Deno.test("an infinite value that another program told is neither the best nor recommended", async () => {
  const options = shared();
  await using study = await Study.open(options);
  await study.tell(await study.ask(), 1);
  const { id } = (await options.storage.findStudy("shared"))!;
  const { parameters } = (await options.storage.changedTrials(id, START)).trials[0];
  await options.storage.createTrial(id, { state: "complete", parameters, values: [Infinity] });
  assertEquals((await study.best())?.value, 1);
  assertEquals((await study.recommend())?.estimate, 1);
});

Deno.test("a closed study refuses everything but to be closed again", async () => {
  const study = await Study.open(options);
  await study.close();
  await study.close();
  await assertRefuses("closed-study", () => study.ask(), "was closed");
  await assertRefuses("closed-study", () => study.trials(), "was closed");
  await assertRefuses("closed-study", () => study.tell(0, 1), "was closed");
});

Deno.test("an algorithm that repeats itself gets every configuration of a finite space tried once", async () => {
  const stubborn: Algorithm = {
    name: "stubborn",
    observeAndSuggest: (_, { coordinates } = {}) =>
      Promise.resolve(new Float64Array(dimensionOf(coordinates!))),
    observeAndChoose: () => Promise.resolve(0),
  };
  await using study = await Study.open({ space: grid, algorithm: stubborn });
  await study.optimize(({ number }) => number, { trials: grid.size });
  const tried = (await study.trials()).map(({ configuration }) => JSON.stringify(configuration));
  assertEquals(new Set(tried).size, 12);
  await assertRejects(() => study.ask(), ExhaustedError);
});
