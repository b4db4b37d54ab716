import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaussianProcess } from "../../../baselines/gaussian_process.ts";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { InputError } from "../../../core/search/errors.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { Study } from "../../../core/study/study.ts";
import { assertRefuses, shared, space } from "./_studies.ts";

const wide = new SearchSpace({ ...space.hyperparameters, x: { type: "real", min: 0, max: 2 } });

Deno.test("a study is continued with everything it had", async () => {
  const options = shared();
  {
    await using study = await Study.open(options);
    await study.tell(await study.ask(), 0.5);
    await study.ask();
  }
  await using study = await Study.open(options);
  assertEquals((await study.trials()).map(({ state }) => state), ["complete", "running"]);
  await study.tell(1, 0.75); // asked for before
  assertEquals((await study.best())?.value, 0.75);
});

Deno.test("a study is opened by its name alone", async () => {
  const { storage, keepStorage, name, algorithm, ...created } = shared();
  await (await Study.open({ storage, keepStorage, name, algorithm, ...created })).close();
  await using study = await Study.open({ storage, name, algorithm, existing: "require" });
  assertEquals(study.goal, "maximize");
  assertEquals(study.space.difference(space), []);
});

Deno.test("a study that is required must exist, and the error names those that do", async () => {
  const { storage, algorithm } = shared();
  const open = (name: string) =>
    Study.open({ storage, name, algorithm, keepStorage: true, existing: "require" });
  await assertRefuses("unknown-study", () => open("a"), "the storage has none");
  await Study.open({ ...shared(storage), name: "b" });
  await assertRefuses("unknown-study", () => open("a"), 'the storage has "b"');
  const create = () => Study.open({ storage, name: "a", algorithm, keepStorage: true });
  await assertRefuses("unknown-study", create, "'space' be given to create it");
});

Deno.test("a study that must be new is refused when its name is taken", async () => {
  const options = shared();
  await Study.open({ ...options, existing: "refuse" });
  await assertRefuses(
    "study-exists",
    () => Study.open({ ...options, existing: "refuse" }),
    'Cannot create study "shared" as its name must be new',
  );
});

Deno.test("of many who open a new study at once all get the same", async () => {
  const options = shared();
  const studies = await Promise.all(Array.from({ length: 8 }, () => Study.open(options)));
  for (const study of studies) await study.tell(await study.ask(), 1);
  assertEquals((await studies[0].trials()).length, 8);
});

Deno.test("another space, algorithm, seed or goal is refused, and the error shows the difference", async () => {
  const options = shared();
  await Study.open(options);
  await assertRefuses(
    "other-settings",
    () => Study.open({ ...options, space: wide }),
    "'max' of 'x' is 1 in the first and 2 in the second",
  );
  await assertRefuses(
    "other-settings",
    () => Study.open({ ...options, algorithm: new RandomSearch({ seed: 4 }) }),
    "'seed' of the algorithm is 3 in the first and 4 in the second",
  );
  await assertRefuses(
    "other-settings",
    () => Study.open({ ...options, algorithm: new GaussianProcess({ seed: 3 }), seed: 1 }),
    'its algorithm and seed must be as stored, or \'change\' name them (change: ["algorithm", "seed"])',
  );
  await assertRefuses(
    "other-settings",
    () => Study.open({ ...options, goal: "minimize" }),
    `'goal' must be the stored "maximize": got "minimize"`,
  );
});

Deno.test("a change that is asked for is made, and stays", async () => {
  const options = shared();
  {
    await using study = await Study.open(options);
    await study.tell(await study.ask(), 0.5);
  }
  const changed = { ...options, space: wide, algorithm: new GaussianProcess({ seed: 3 }) };
  {
    await using study = await Study.open({ ...changed, change: ["space", "algorithm"] });
    await study.optimize(({ configuration: { x } }) => x, { trials: 10 });
    assert((await study.best())!.configuration.x > 1);
  }
  await Study.open(changed);
  await assertRefuses("other-settings", () => Study.open(options), "in the second");
});

Deno.test("studies of other programs are continued with the settings that are given", async () => {
  const options = shared();
  await options.storage.createStudy({ name: "shared", directions: ["maximize"] });
  const { space: _, ...without } = options;
  await assertRefuses("unsupported-study", () => Study.open(without), "'space' must be given");
  await Study.open(options);
  await assertRefuses("other-settings", () => Study.open({ ...options, seed: 5 }), "the seed is 0");
});

Deno.test("studies of several objectives, or of none, are refused", async () => {
  for (const directions of [["maximize", "minimize"], ["not_set"]] as const) {
    const options = shared(new MemoryStorage());
    await options.storage.createStudy({ name: "shared", directions });
    await assertRefuses(
      "unsupported-study",
      () => Study.open(options),
      `must have one objective to maximize or minimize: got ${directions.join(", ")}`,
    );
  }
});

Deno.test("a running trial is gone on with from another process, and no other trial is", async () => {
  const options = shared();
  await using first = await Study.open(options);
  const { number, configuration } = await first.ask({ lease: 60 });
  await using second = await Study.open(options);
  const resumed = await second.resume(number, { lease: 60 });
  assertEquals([resumed.number, resumed.configuration], [number, configuration]);
  await resumed.report(1, 0.5);
  assertEquals((await first.trials())[number].intermediateValues, [{ step: 1, value: 0.5 }]);
  await second.tell(resumed, 0.5);
  await assertRefuses("finished-trial", () => second.resume(number), "it is complete already");
  await assertRefuses("unknown-trial", () => second.resume(7), "it has trials 0 to 0");
  const waiting = await second.enqueue(configuration.x === 0.25 ? { x: 0.5 } : { x: 0.25 });
  await assertRefuses("waiting-trial", () => second.resume(waiting), "it is waiting");
});

Deno.test("a stored study is told and given trials without its algorithm, which stays as it is", async () => {
  const { storage, keepStorage, name, ...created } = shared();
  await Study.open({ storage, keepStorage, name, ...created, seed: 5 });
  await using study = await Study.open({ storage, keepStorage, name, space });
  assertEquals(await study.addTrials([{ configuration: { x: 0.5, kind: "plain" }, value: 2 }]), 1);
  await assertRejects(() => study.ask(), InputError, "'algorithm' must be given");
  await Study.open({ storage, keepStorage, name, ...created, seed: 5 }); // as it was
});

Deno.test("a new study needs an algorithm", async () => {
  await assertRejects(() => Study.open({ space }), InputError, "'algorithm' must be given");
});

Deno.test("a space or an algorithm that is none is refused", async () => {
  const [plain, nothing] = [space.hyperparameters as never, {} as never];
  const { algorithm } = shared();
  await assertRejects(
    () => Study.open({ space: plain, algorithm }),
    TypeError,
    "'space' must be a SearchSpace: got {\"x\":",
  );
  await assertRejects(
    () => Study.open({ space, algorithm: nothing }),
    TypeError,
    "'algorithm' must be an Algorithm: got {}",
  );
});
