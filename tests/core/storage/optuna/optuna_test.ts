import { assert, assertEquals } from "@std/assert";
import { RandomSearch } from "../../../../baselines/random_search.ts";
import {
  spaceOfOptunaTrials,
  toOptunaDistribution,
} from "../../../../core/search/formats/optuna.ts";
import { openStorage } from "../../../../core/storage/mod.ts";
import { START } from "../../../../core/study/storage.ts";
import { Study } from "../../../../core/study/study.ts";
import { hasPostgres, TestPostgres } from "../../../postgres.ts";
import { inTemporaryFolder } from "../../../tasks/_temporary_folder.ts";
import { dumpByOptuna, hasOptuna, withOptuna } from "./_optuna.ts";
import { createOurStudy, space } from "./_our_study.ts";

if (!hasOptuna()) console.log("Optuna is not installed: tests with it are skipped");

/** Registers a test on a SQLite file and on a PostgreSQL database. */
function test(name: string, check: (url: string) => Promise<void>): void {
  Deno.test({
    name: `${name} (SQLite)`,
    ignore: !hasOptuna(),
    fn: () => inTemporaryFolder((folder) => check(`sqlite:${folder}/a.db`)),
  });
  Deno.test({
    name: `${name} (PostgreSQL)`,
    ignore: !hasOptuna() || !hasPostgres(),
    fn: async () => {
      const server = await TestPostgres.start({ settings: ["fsync = off"] });
      try {
        await check(await server.database());
      } finally {
        await server.stop();
      }
    },
  });
}

/** Optuna has microseconds, we have milliseconds. */
function assertSameTime(seconds: number | null, time: Date | undefined): void {
  assertEquals(seconds === null, time === undefined);
  if (time !== undefined) assert(Math.abs(seconds! * 1000 - time.getTime()) <= 1);
}

test("Optuna reads our study whole, and draws it", async (url) => {
  await using study = await createOurStudy(url);
  const ours = await study.trials();
  const { directions, trials } = await dumpByOptuna(url, "ours");
  assertEquals(directions, ["minimize"]);
  assertEquals(trials.length, ours.length);
  for (const [i, trial] of ours.entries()) {
    const { distributions, started, finished, ...theirs } = trials[i];
    assertEquals(theirs, {
      number: i,
      state: trial.state,
      values: trial.value === undefined ? [] : [trial.value],
      params: { ...trial.configuration },
      intermediate: trial.intermediateValues.map(({ step, value }) => [step, value] as const),
      user: { ...trial.attributes },
    });
    assertSameTime(started, trial.startedAt);
    assertSameTime(finished, trial.finishedAt);
    for (const [name, distribution] of Object.entries(distributions)) {
      const one = space.hyperparameters[name as keyof typeof space.hyperparameters];
      assertEquals(distribution, toOptunaDistribution(one));
    }
  }
  assertEquals(trials.map(({ state }) => state), [
    ...Array.from({ length: 12 }, (_, i) => i === 5 ? "fail" : i === 7 ? "pruned" : "complete"),
    "running",
    "waiting",
  ]);
  assertEquals(await withOptuna("draw", url, "ours"), [
    "plot_contour",
    "plot_edf",
    "plot_intermediate_values",
    "plot_optimization_history",
    "plot_parallel_coordinate",
    "plot_param_importances",
    "plot_rank",
    "plot_slice",
    "plot_timeline",
  ]);
});

test("a study that Optuna began is read whole and continued", async (url) => {
  await withOptuna("make", url, "theirs");
  const theirs = await dumpByOptuna(url, "theirs");
  const storage = await openStorage(url);
  const record = await storage.findStudy("theirs");
  assertEquals(record?.userAttributes, {
    note: "made by Optuna",
    odd: [NaN, Infinity, -Infinity],
  });
  const { trials } = await storage.changedTrials(record!.id, START);
  assertEquals(trials.length, theirs.trials.length);
  for (const { number, state, values, userAttributes, startedAt, finishedAt } of trials) {
    const trial = theirs.trials[number];
    assertEquals({ state, values, user: userAttributes }, {
      state: trial.state as typeof state,
      values: trial.values,
      user: trial.user as typeof userAttributes,
    });
    assertSameTime(trial.started, startedAt);
    assertSameTime(trial.finished, finishedAt);
  }
  assertEquals(trials[0].intermediateValues, [
    { step: 0, value: 0.5 },
    { step: 1, value: NaN },
    { step: 2, value: Infinity },
    { step: 3, value: -Infinity },
  ]);

  const drawn = trials.filter(({ parameters }) => parameters.length > 0);
  const theirSpace = spaceOfOptunaTrials(drawn.map(({ parameters }) => parameters));
  await using study = await Study.open({
    storage,
    name: "theirs",
    space: theirSpace,
    algorithm: new RandomSearch({ seed: 1 }),
  });
  for (const trial of await study.trials()) {
    assertEquals({ ...trial.configuration }, theirs.trials[trial.number].params);
  }
  const configurations: unknown[] = [];
  for (let i = 0; i < 3; i++) {
    const trial = await study.ask();
    configurations.push({ ...trial.configuration });
    await study.tell(trial, i);
  }
  // Optuna enqueued a part of the first one.
  assertEquals((configurations[0] as Record<string, unknown>).plain, 0.5);
  const [first] = await withOptuna("optimize", url, "theirs", 2) as number[];
  assertEquals(first, theirs.trials.length + 2);
  const after = (await dumpByOptuna(url, "theirs")).trials;
  assertEquals(
    after.filter(({ values, state }) => state === "complete" && values[0] >= 0 && values[0] <= 2)
      .map(({ params }) => params).filter((params) =>
        configurations.some((one) => JSON.stringify(one) === JSON.stringify(params))
      ).length,
    3,
  );
});

test("Optuna and we ask and tell on one study at once", async (url) => {
  await withOptuna("make", url, "both");
  const before = (await dumpByOptuna(url, "both")).trials.length;
  const storage = await openStorage(url);
  const record = await storage.findStudy("both");
  const { trials } = await storage.changedTrials(record!.id, START);
  const drawn = trials.filter(({ parameters }) => parameters.length > 0);
  await using study = await Study.open({
    storage,
    name: "both",
    space: spaceOfOptunaTrials(drawn.map(({ parameters }) => parameters)),
    algorithm: new RandomSearch({ seed: 1 }),
  });
  const ours: number[] = [];
  const work = async () => {
    for (let i = 0; i < 12; i++) {
      const trial = await study.ask();
      ours.push(trial.number);
      await study.tell(trial, trial.number);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const optuna = () => withOptuna("optimize", url, "both", 12) as Promise<number[]>;
  const [first, second] = await Promise.all([optuna(), optuna(), work(), work()]);
  const numbers = [...first, ...second];
  const given = [...ours, ...numbers];
  assertEquals(new Set(given).size, given.length);
  const after = (await dumpByOptuna(url, "both")).trials;
  assertEquals(after.map(({ number }) => number), after.map((_, i) => i));
  for (const number of ours) {
    assertEquals([after[number].state, after[number].values], ["complete", [number]]);
  }
  for (const number of numbers) assertEquals(after[number].state, "complete");
  assert(after.length >= before + 47);
});
