/**
 * How studies and trials come into a storage, and who gets them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { NewTrial } from "../study/records.ts";
import { all, type Checks, create, newStudy, parameters } from "./_storage_fixtures.ts";

/** Checks of creating and claiming. */
export const CREATION_CHECKS: Checks = {
  "a study is created once and found by its name": async (storage) => {
    assertEquals(await storage.findStudy("a"), undefined);
    const first = await storage.createStudy({
      name: "a",
      directions: ["minimize", "maximize"],
      userAttributes: { note: "ä 'quoted' \"twice\" 🙂" },
      systemAttributes: { "genhpo:space": { x: [1, 2.5, null, true] } },
    });
    assertEquals(await storage.createStudy({ name: "a", directions: ["maximize"] }), undefined);
    const second = await storage.createStudy({ name: "b", directions: ["maximize"] });
    assertEquals(await storage.findStudy("a"), first);
    assertEquals(await storage.studies(), [first!, second!]);
    assertEquals(first, {
      id: first!.id,
      name: "a",
      directions: ["minimize", "maximize"],
      userAttributes: { note: "ä 'quoted' \"twice\" 🙂" },
      systemAttributes: { "genhpo:space": { x: [1, 2.5, null, true] } },
    });
  },

  "one of many callers creates a study": async (storage) => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => storage.createStudy({ name: "a", directions: ["maximize"] })),
    );
    assertEquals(answers.filter((study) => study !== undefined).length, 1);
  },

  "attributes of a study are replaced one by one": async (storage) => {
    const study = await newStudy(storage);
    await storage.setStudyAttributes(study, { userAttributes: { a: 1, b: 2 } });
    await storage.setStudyAttributes(study, {
      userAttributes: { b: [NaN, Infinity, -Infinity] },
      systemAttributes: { a: null },
    });
    const record = await storage.findStudy("study");
    assertEquals(record?.userAttributes, { a: 1, b: [NaN, Infinity, -Infinity] });
    assertEquals(record?.systemAttributes, { a: null });
  },

  "trials are numbered within their study": async (storage) => {
    const [a, b] = [await newStudy(storage, "a"), await newStudy(storage, "b")];
    const trials = [
      await create(storage, a, { state: "running" }),
      await create(storage, b, { state: "running" }),
      await create(storage, a, { state: "waiting" }),
      await create(storage, b, { state: "complete", values: [1] }),
      await create(storage, a, { state: "fail" }),
    ];
    assertEquals(trials.map(({ number }) => number), [0, 0, 1, 1, 2]);
    assertEquals((await all(storage, a)).map(({ id }) => id), [0, 2, 4].map((i) => trials[i].id));
    assertEquals((await all(storage, b)).map(({ id }) => id), [1, 3].map((i) => trials[i].id));
  },

  "a trial is kept with all its parts": async (storage) => {
    const study = await newStudy(storage);
    const created = await create(storage, study, {
      state: "complete",
      parameters: parameters(0.1 + 0.2),
      values: [-1 / 3, Infinity, -Infinity],
      intermediateValues: [
        { step: 3, value: NaN },
        { step: 0, value: Infinity },
        { step: 1, value: -Infinity },
        { step: 2, value: 1e-300 },
      ],
      userAttributes: { worker: "a" },
      systemAttributes: { fixed_params: { x: 1 } },
      startedAt: new Date("2026-03-29T01:30:00.125Z"),
      finishedAt: new Date("2026-03-29T02:30:00.5Z"),
    });
    assertEquals(created, {
      id: created.id,
      number: 0,
      state: "complete",
      parameters: parameters(0.1 + 0.2),
      values: [-1 / 3, Infinity, -Infinity],
      intermediateValues: [
        { step: 0, value: Infinity },
        { step: 1, value: -Infinity },
        { step: 2, value: 1e-300 },
        { step: 3, value: NaN },
      ],
      userAttributes: { worker: "a" },
      systemAttributes: { fixed_params: { x: 1 } },
      startedAt: new Date("2026-03-29T01:30:00.125Z"),
      finishedAt: new Date("2026-03-29T02:30:00.5Z"),
    });
    assertEquals(await all(storage, study), [created]);
  },

  "what a caller changes in what it gave changes nothing that is kept": async (storage) => {
    const study = await newStudy(storage);
    const values = [1];
    const trial = await create(storage, study, { state: "complete", values });
    values[0] = 2;
    assertEquals(trial.values, [1]);
    assertEquals((await all(storage, study))[0].values, [1]);
  },

  "times are set as the state says": async (storage) => {
    const study = await newStudy(storage);
    const waiting = await create(storage, study, { state: "waiting" });
    assertEquals([waiting.startedAt, waiting.finishedAt], [undefined, undefined]);
    const running = await storage.claimTrial(study);
    assert(running?.startedAt instanceof Date && running.finishedAt === undefined);
    const { trial } = await storage.changeTrial(waiting.id, { state: "complete", values: [1] });
    assertEquals(trial.startedAt, running.startedAt);
    assert(trial.finishedAt! >= trial.startedAt!);
  },

  "a number that is asked for is given only if it is the next": async (storage) => {
    const study = await newStudy(storage);
    const trial: NewTrial = { state: "running", parameters: parameters(0.5) };
    assertEquals(await storage.createTrial(study, trial, { number: 1 }), undefined);
    assertEquals((await storage.createTrial(study, trial, { number: 0 }))?.number, 0);
    assertEquals(await storage.createTrial(study, trial, { number: 0 }), undefined);
    assertEquals((await all(storage, study)).length, 1);
  },

  "of many callers for one number one gets it": async (storage) => {
    const study = await newStudy(storage);
    const answers = await Promise.all(
      Array.from(
        { length: 8 },
        () => storage.createTrial(study, { state: "running" }, { number: 0 }),
      ),
    );
    assertEquals(answers.filter((trial) => trial !== undefined).length, 1);
    assertEquals((await all(storage, study)).length, 1);
  },

  "many callers get different numbers": async (storage) => {
    const study = await newStudy(storage);
    const trials = await Promise.all(
      Array.from(
        { length: 32 },
        (_, i) => create(storage, study, { state: "running", parameters: parameters(i / 32) }),
      ),
    );
    const numbers = trials.map(({ number }) => number).sort((a, b) => a - b);
    assertEquals(numbers, Array.from({ length: 32 }, (_, i) => i));
    const stored = await all(storage, study);
    for (const trial of trials) assertEquals(stored[trial.number], trial);
  },

  "a waiting trial is claimed by one caller, the smallest number first": async (storage) => {
    const study = await newStudy(storage);
    for (let i = 0; i < 10; i++) {
      await create(storage, study, { state: "waiting", systemAttributes: { i } });
    }
    const given = { lease: 3600, systemAttributes: { by: "a" } };
    const first = await storage.claimTrial(study, given);
    assertEquals([first?.number, first?.state], [0, "running"]);
    assertEquals(first?.systemAttributes, { i: 0, by: "a" });
    assert(first?.leasedUntil !== undefined);
    const claimed = await Promise.all(Array.from({ length: 12 }, () => storage.claimTrial(study)));
    const numbers = claimed.flatMap((trial) => trial?.number ?? []).sort((a, b) => a - b);
    assertEquals(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assertEquals(await storage.claimTrial(study), undefined);
  },
};
