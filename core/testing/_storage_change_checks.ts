/**
 * How trials change and expire, and what a reader sees of it.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { START } from "../study/storage.ts";
import { all, type Checks, create, newStudy, parameters, UNIT } from "./_storage_fixtures.ts";

/** Checks of changing, reading and expiring. */
export const CHANGE_CHECKS: Checks = {
  "a running trial is told once": async (storage) => {
    const study = await newStudy(storage);
    const { id } = await create(storage, study, { state: "running", parameters: parameters(0.5) });
    const told = await storage.changeTrial(id, { state: "complete", values: [0.93] });
    assertEquals([told.changed, told.trial.state, told.trial.values], [true, "complete", [0.93]]);
    const again = await storage.changeTrial(id, { state: "complete", values: [0.5] });
    assertEquals(again, { changed: false, trial: told.trial });
    const late = await storage.changeTrial(id, { userAttributes: { late: true } });
    assertEquals(late, { changed: false, trial: told.trial });
    assertEquals(await all(storage, study), [told.trial]);
  },

  "of many callers that tell a trial one does": async (storage) => {
    const study = await newStudy(storage);
    const { id } = await create(storage, study, { state: "running" });
    const answers = await Promise.all(
      Array.from(
        { length: 8 },
        (_, i) => storage.changeTrial(id, { state: "complete", values: [i] }),
      ),
    );
    const told = answers.filter(({ changed }) => changed);
    assertEquals(told.length, 1);
    for (const { trial } of answers) assertEquals(trial, told[0].trial);
  },

  "a waiting trial changes only if the change says so": async (storage) => {
    const study = await newStudy(storage);
    const { id } = await create(storage, study, { state: "waiting" });
    assertEquals((await storage.changeTrial(id, { state: "fail" })).changed, false);
    const withdrawn = await storage.changeTrial(id, { from: ["waiting"], state: "fail" });
    assertEquals([withdrawn.changed, withdrawn.trial.state], [true, "fail"]);
    assertEquals(await storage.claimTrial(study), undefined);
  },

  "parameters, attributes and values on the way are replaced one by one": async (storage) => {
    const study = await newStudy(storage);
    const { id } = await create(storage, study, {
      state: "running",
      parameters: parameters(0.25),
      intermediateValues: [{ step: 1, value: 1 }],
      userAttributes: { a: 1 },
    });
    const { trial } = await storage.changeTrial(id, {
      parameters: [{ name: "x", value: 0.75, distribution: UNIT }, {
        name: "y",
        value: 1,
        distribution: UNIT,
      }],
      intermediateValues: [{ step: 1, value: NaN }, { step: 0, value: 5 }],
      userAttributes: { b: "two" },
      systemAttributes: { "genhpo:reason": null },
    });
    assertEquals(trial.parameters.map(({ name, value }) => [name, value]), [
      ["x", 0.75],
      ["kind", 2],
      ["y", 1],
    ]);
    assertEquals(trial.intermediateValues, [{ step: 0, value: 5 }, { step: 1, value: NaN }]);
    assertEquals(trial.userAttributes, { a: 1, b: "two" });
    assertEquals(trial.systemAttributes, { "genhpo:reason": null });
    assertEquals(trial.state, "running");
    assertEquals(await all(storage, study), [trial]);
  },

  "a pruned trial may have a value, a failed one has none": async (storage) => {
    const study = await newStudy(storage);
    const trials = await Promise.all(
      [1, 2, 3].map(() => create(storage, study, { state: "running" })),
    );
    const [pruned, bare, failed] = await Promise.all([
      storage.changeTrial(trials[0].id, { state: "pruned", values: [0.5] }),
      storage.changeTrial(trials[1].id, { state: "pruned" }),
      storage.changeTrial(trials[2].id, { state: "fail" }),
    ]);
    assertEquals([pruned, bare, failed].map(({ trial }) => trial.values), [[0.5], [], []]);
  },

  "a reader gets new and unfinished trials, and finished ones once": async (storage) => {
    const study = await newStudy(storage);
    const a = await create(storage, study, { state: "running" });
    const b = await create(storage, study, { state: "complete", values: [1] });
    const first = await storage.changedTrials(study, START);
    assertEquals(first.trials, [a, b]);
    assertEquals(first.cursor, { last: b.id, unfinished: [a.id] });

    const c = await create(storage, study, { state: "waiting" });
    const told = await storage.changeTrial(a.id, { state: "complete", values: [2] });
    const second = await storage.changedTrials(study, first.cursor);
    assertEquals(second.trials, [told.trial, c]);
    assertEquals(second.cursor, { last: c.id, unfinished: [c.id] });

    const withdrawn = await storage.changeTrial(c.id, { from: ["waiting"], state: "fail" });
    const third = await storage.changedTrials(study, second.cursor);
    assertEquals(third.trials, [withdrawn.trial]);
    assertEquals(third.cursor, { last: c.id, unfinished: [] });
    assertEquals((await storage.changedTrials(study, third.cursor)).trials, []);
    assertEquals((await storage.changedTrials(study, first.cursor)).trials, [
      told.trial,
      withdrawn.trial,
    ]);
  },

  "a trial whose lease has run out is failed by one caller and tried again": async (storage) => {
    const study = await newStudy(storage);
    const lost = await create(storage, study, {
      state: "running",
      parameters: parameters(0.5),
      lease: 0,
    });
    const held = await create(storage, study, { state: "running", lease: 3600 });
    const free = await create(storage, study, { state: "running" });
    const answers = await Promise.all(
      Array.from(
        { length: 4 },
        () =>
          storage.failExpired(study, ({ number, parameters, state }) => ({
            systemAttributes: { "genhpo:reason": `number ${number} was ${state}` },
            retry: { state: "waiting", parameters, systemAttributes: { failed_trial: number } },
          })),
      ),
    );
    assertEquals(answers.flat().map(({ number }) => number), [lost.number]);
    const trials = await all(storage, study);
    assertEquals(trials.map(({ state }) => state), ["fail", "running", "running", "waiting"]);
    assertEquals(answers.flat()[0], trials[0]);
    assertEquals(trials[0].systemAttributes, { "genhpo:reason": "number 0 was running" });
    assertEquals(trials[0].leasedUntil, undefined);
    assertEquals(trials.slice(1, 3), [held, free]);
    assertEquals(trials[3].parameters, lost.parameters);
    assertEquals(trials[3].systemAttributes, { failed_trial: 0 });
    const late = await storage.changeTrial(lost.id, { state: "complete", values: [1] });
    assertEquals(late, { changed: false, trial: trials[0] });
  },

  "a lease can be prolonged and handed back": async (storage) => {
    const study = await newStudy(storage);
    const { id } = await create(storage, study, { state: "running", lease: 0 });
    const { trial } = await storage.changeTrial(id, { lease: 3600 });
    assert(trial.leasedUntil!.getTime() - trial.startedAt!.getTime() > 3_500_000);
    assertEquals(await storage.failExpired(study, () => ({})), []);
    await storage.changeTrial(id, { lease: 0 });
    assertEquals((await storage.failExpired(study, () => ({}))).length, 1);
  },

  "what cannot be kept is refused, and nothing of it is written": async (storage) => {
    const study = await newStudy(storage);
    const { id } = await create(storage, study, { state: "running" });
    const bad: [() => Promise<unknown>, string][] = [
      [() => storage.createStudy({ name: "", directions: ["maximize"] }), "1 to 512 characters"],
      [
        () => storage.createStudy({ name: "x".repeat(513), directions: ["maximize"] }),
        "1 to 512 characters",
      ],
      [() => storage.createStudy({ name: "none", directions: [] }), "must have a direction"],
      [() => storage.createTrial(study, { state: "complete" }), "must have a value"],
      [() => storage.createTrial(study, { state: "waiting", lease: 1 }), "must be running"],
      [() => storage.createTrial(study, { state: "running", lease: -1 }), "seconds >= 0"],
      [
        () => storage.createTrial(study, { state: "running", parameters: parameters(NaN) }),
        "finite",
      ],
      [() => storage.changeTrial(id, { state: "complete", values: [NaN] }), "must not be NaN"],
      [() => storage.changeTrial(id, { state: "fail", values: [1] }), "must have no value"],
      [() => storage.changeTrial(id, { from: ["fail"], state: "complete", values: [1] }), "'from'"],
      [
        () => storage.changeTrial(id, { intermediateValues: [{ step: 0.5, value: 1 }] }),
        "'step' must be an integer",
      ],
      [() => storage.changeTrial(id, { userAttributes: { "": 1 } }), "name of the attribute"],
      [() => storage.changeTrial(id + 1, { state: "fail" }), "id must be known"],
      [() => storage.createTrial(study + 1, { state: "running" }), "id must be known"],
    ];
    for (const [call, message] of bad) await assertRejects(call, RangeError, message);
    assertEquals((await storage.studies()).length, 1);
    const trials = await all(storage, study);
    assertEquals(trials.map(({ state }) => state), ["running"]);
    assertEquals(trials[0].intermediateValues, []);
  },
};
