import { assert, assertEquals, assertRejects } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { InputError } from "../../../core/search/errors.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import { Study } from "../../../core/study/study.ts";
import { shared, space, watchedSearch } from "./_studies.ts";

const options = { space, goal: "maximize", algorithm: new RandomSearch({ seed: 3 }) } as const;
const plain = { x: 0.5, kind: "plain" } as const;
const scaled = { x: 0.25, kind: "scaled", scale: 10 } as const;

Deno.test("enqueued configurations are tried first, in their order", async () => {
  await using study = await Study.open(options);
  assertEquals(await study.enqueue(plain), 0);
  assertEquals(await study.enqueue(scaled), 1);
  const asked = [await study.ask(), await study.ask(), await study.ask()];
  assertEquals(asked.slice(0, 2).map(({ configuration }) => configuration), [plain, scaled]);
  assertEquals(asked.map(({ number }) => number), [0, 1, 2]);
});

Deno.test("the defaults of the space are tried first, once", async () => {
  const options = {
    ...shared(),
    space: new SearchSpace({ n: { type: "integer", min: 1, max: 9, default: 7 } }),
  };
  await using study = await Study.open(options);
  await using again = await Study.open(options);
  assertEquals((await study.ask()).configuration, { n: 7 });
  assert((await again.ask()).configuration.n !== 7);
});

Deno.test("a configuration that waits, runs or was tried is not enqueued again, unless repeats are allowed or it failed", async () => {
  await using study = await Study.open(options);
  await study.enqueue(plain);
  assertEquals(await study.enqueue({ ...plain }), 0);
  const trial = await study.ask();
  assertEquals(await study.enqueue(plain), 0);
  await study.tell(trial, { state: "fail" });
  assertEquals(await study.enqueue(plain), 1);
  await using noisy = await Study.open({ ...options, repeats: true });
  assertEquals([await noisy.enqueue(plain), await noisy.enqueue(plain)], [0, 1]);
});

Deno.test("of a part of a configuration the algorithm chooses the rest, and what the part switches on", async () => {
  await using study = await Study.open(options);
  const parts = [{ x: 0.5 }, { kind: "scaled" }, { kind: "scaled", scale: 10 }] as const;
  for (const part of parts) await study.enqueue(part);
  assertEquals(await study.enqueue({ x: 0.5 }), 0);
  for (const part of parts) {
    const { configuration } = await study.ask();
    assert(space.contains(configuration));
    assertEquals({ ...configuration, ...part }, configuration);
  }
});

Deno.test("what is not in the space cannot be enqueued", async () => {
  await using study = await Study.open(options);
  for (
    const [wrong, message] of [
      [{ x: 2 }, "'x' must be a number from 0 to 1: got 2"],
      [{ kind: "round" }, "'kind' must be one of plain, scaled"],
      [{ ...plain, scale: 10 }, "'scale' must be left out as it is not active"],
      [{ y: 1 }, 'got "y"'],
    ] as const
  ) {
    await assertRejects(() => study.enqueue(wrong as unknown as typeof plain), InputError, message);
  }
  assertEquals(await study.trials(), []);
});

Deno.test("what another program enqueued with a value that is none of the space fails with the reason, and the next is given", async () => {
  const options = shared();
  await using study = await Study.open(options);
  for (const fixed of [{ kind: "round" }, { x: 3, kind: "plain" }]) {
    await options.storage.createTrial(1, {
      state: "waiting",
      systemAttributes: { fixed_params: fixed },
    });
  }
  const { configuration, number } = await study.ask();
  assertEquals([number, configuration.x, configuration.kind], [1, 1, "plain"]);
  const [{ state, reason }] = await study.trials();
  assertEquals(state, "fail");
  assert(reason?.includes("'kind' must be one of plain, scaled"), reason);
});

Deno.test("trials of another study are added once, with all they have", async () => {
  await using other = await Study.open({ ...options, asha: { minimumStep: 9 } });
  const trial = await other.ask();
  await trial.report(1, 0.5);
  await trial.note({ host: "node7" });
  await other.tell(trial, 0.75);
  await other.tell(await other.ask(), { state: "fail", reason: "no memory" });
  const pruned = await other.ask();
  await pruned.report(1, 0.25);
  await other.tell(pruned, { state: "pruned" });
  await other.ask(); // runs, and is not added
  await other.enqueue(plain); // waits, and is not added
  await using study = await Study.open(options);
  assertEquals(await study.addTrials(await other.trials()), 3);
  assertEquals(await study.addTrials(await other.trials()), 0);
  assertEquals(await study.trials(), (await other.trials()).slice(0, 3));
});

Deno.test("measurements of a list are complete with a value and failed without", async () => {
  await using study = await Study.open({ ...options, goal: "minimize" });
  const added = await study.addTrials([
    { configuration: plain, value: 2 },
    { configuration: scaled, value: 1 },
    { configuration: { ...plain, x: 0 } },
    { configuration: { ...plain, x: 1 }, value: NaN },
  ]);
  assertEquals(added, 4);
  assertEquals((await study.best())?.configuration, scaled);
  assertEquals((await study.trials()).map(({ state }) => state), [
    "complete",
    "complete",
    "fail",
    "fail",
  ]);
});

Deno.test("added trials outside of the space are refused together, clipped or left out, as told", async () => {
  await using study = await Study.open(options);
  const trials = [
    { configuration: plain, value: 1 },
    { configuration: { x: 1.5, kind: "plain" }, value: 2 },
    { configuration: { x: 0.5, kind: "scaled" }, value: 3 },
    { configuration: plain, state: "complete", value: Infinity },
  ] as const;
  await assertRejects(
    () => study.addTrials(trials),
    InputError,
    "trial 1: 'x' must be a number from 0 to 1: got 1.5\n" +
      "trial 2: 'scale' must be given: got nothing\n" +
      "trial 3: Cannot add a complete trial as 'value' must be finite: got Infinity",
  );
  assertEquals(await study.trials(), []);
  assertEquals(await study.addTrials(trials.slice(0, 2), { outside: "omit" }), 1);
  assertEquals(await study.addTrials(trials.slice(0, 2), { outside: "clip" }), 1);
  assertEquals((await study.trials())[1].configuration, { x: 1, kind: "plain" });
});

Deno.test("trials outside of a space that was narrowed are clipped or left out, as told, and that is said once", async () => {
  const narrow = new SearchSpace({
    ...space.hyperparameters,
    x: { type: "real", min: 0, max: 0.4 },
  });
  for (const outOfSpace of ["clip", "omit"] as const) {
    const options = shared();
    await (await Study.open(options)).addTrials([
      { configuration: plain, value: 1 },
      { configuration: scaled, value: 2 },
    ]);
    const seen: number[][] = [], warnings: string[] = [];
    const algorithm = watchedSearch(({ points }) => seen.push(points.map((point) => point[0])));
    await using study = await Study.open({
      ...options,
      space: narrow,
      algorithm,
      change: ["space"],
      outOfSpace,
      onWarning: (text) => warnings.push(text),
    });
    await study.ask();
    await study.ask();
    assertEquals(seen[0], outOfSpace === "clip" ? [1, 0.625] : [0.625]);
    assertEquals(warnings.length, 1);
    assert(warnings[0].endsWith(
      outOfSpace === "clip"
        ? "observed as the nearest configurations in it: 0"
        : "left out of what the algorithm sees: 0",
    ));
    assertEquals((await study.trials())[0].configuration?.x, 0.5); // stored as it was
  }
});
