/**
 * Random interleavings of everything that two workers can do with one study, against a model of what must come of it.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { ExhaustedError } from "../../../core/search/errors.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import type { TrialState } from "../../../core/study/records.ts";
import { Study } from "../../../core/study/study.ts";
import type { Told } from "../../../core/study/told.ts";
import type { Trial } from "../../../core/study/trial.ts";
import { assertRefuses, grid } from "./_studies.ts";

const retries = 1;

type Grid = typeof grid.hyperparameters;
type Handle = Trial<{ row: number; column: "a" | "b" | "c" | "d" }>;

/** What is expected of a trial. */
interface ModelTrial {
  state: TrialState;
  value?: number | undefined;
  last?: number;
  configuration: string | undefined;
  /** Whether its worker asked for a lease. */
  isLeased?: boolean;
  /** Whether its lease is over, as that of a dead worker. */
  isOver?: boolean;
  /** How many of the trials that it tries again were lost. */
  lost: number;
  isRetried?: boolean;
  /** Whether it was enqueued though an equal one had failed. */
  isRepeat?: boolean;
}

interface Model {
  trials: ModelTrial[];
}

/** The real thing: one storage, the studies of two workers, and the handles that were given. */
interface Real {
  storage: MemoryStorage;
  workers: Study<Grid>[];
  handles: Map<number, Handle>;
}

type Command = fc.AsyncCommand<Model, Real>;

function command(
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
  check: (model: Model) => boolean = () => true,
): Command {
  return {
    check,
    run: async (model, real) => {
      await run(model, real);
      await assertAgrees(model, real);
    },
    toString: () => name,
  };
}

const open = (storage: MemoryStorage) =>
  Study.open({
    storage,
    keepStorage: true,
    name: "model",
    space: grid,
    goal: "minimize",
    algorithm: new RandomSearch({ seed: 1 }),
    retries,
  });

async function assertAgrees({ trials }: Model, { workers }: Real): Promise<void> {
  for (const study of workers) {
    const seen = await study.trials();
    assertEquals(
      seen.map(({ number, state, value, configuration }) => ({
        number,
        state,
        value,
        configuration: JSON.stringify(configuration),
      })),
      trials.map(({ state, value, configuration }, number) => ({
        number,
        state,
        value,
        configuration,
      })),
    );
    const values = trials.filter(({ state }) => state === "complete").map(({ value }) => value!);
    assertEquals(
      (await study.best())?.value,
      values.length === 0 ? undefined : Math.min(...values),
    );
  }
  const tried = trials.filter(({ isRetried, isRepeat }) => !isRetried && !isRepeat).map((trial) =>
    trial.configuration
  );
  assertEquals(new Set(tried).size, tried.length, "a configuration was given twice");
}

/** What every ask does first. */
function expire(model: Model): void {
  for (const trial of [...model.trials]) {
    if (trial.state !== "running" || !trial.isOver) continue;
    trial.state = "fail";
    if (trial.lost >= retries) continue;
    trial.isRetried = true;
    const { configuration, isRepeat = false, lost } = trial;
    model.trials.push({ state: "waiting", configuration, isRepeat, lost: lost + 1 });
  }
}

const ask = (worker: number, leased: boolean) =>
  command(`ask(${worker}, ${leased})`, async (model, { workers, handles }) => {
    expire(model);
    const lease = leased ? { lease: 3600 } : {};
    const waiting = model.trials.findIndex(({ state }) => state === "waiting");
    const isFull = new Set(model.trials.map((trial) => trial.configuration)).size === 12;
    if (waiting < 0 && isFull) {
      const error = await workers[worker].ask(lease).then(() => undefined, (error) => error);
      assert(error instanceof ExhaustedError);
      return;
    }
    const trial = await workers[worker].ask(lease);
    const expected = waiting < 0 ? model.trials.length : waiting;
    assertEquals(trial.number, expected);
    if (waiting < 0) {
      model.trials.push({
        state: "running",
        configuration: JSON.stringify(trial.configuration),
        lost: 0,
      });
    }
    Object.assign(model.trials[expected], { state: "running", isLeased: leased });
    handles.set(expected, trial);
  });

/** The k-th running trial, or undefined. */
function pick(model: Model, k: number, of: TrialState[]): number | undefined {
  const numbers = model.trials.flatMap(({ state }, number) => of.includes(state) ? [number] : []);
  return numbers[k % numbers.length];
}

const has = (...states: TrialState[]) => (model: Model) => pick(model, 0, states) !== undefined;

const tell = (worker: number, k: number, told: Told) =>
  command(`tell(${worker}, ${k}, ${JSON.stringify(told)})`, async (model, { workers }) => {
    const number = pick(model, k, ["running"])!;
    await workers[worker].tell(number, told);
    const trial = model.trials[number];
    if (typeof told === "number" && !Number.isNaN(told)) {
      Object.assign(trial, { state: "complete", value: told });
    } else if (typeof told === "object" && told.state === "pruned") {
      Object.assign(trial, { state: "pruned", value: trial.last });
    } else trial.state = "fail";
    await workers[1 - worker].tell(number, told); // the same again is no error
  }, has("running"));

const tellFinished = (worker: number, k: number) =>
  command(`tellFinished(${worker}, ${k})`, async (model, { workers }) => {
    const number = pick(model, k, ["complete", "pruned", "fail"])!;
    await assertRefuses("finished-trial", () => workers[worker].tell(number, 12345.5), "already");
  }, has("complete", "pruned", "fail"));

const tellWaiting = (worker: number) =>
  command(`tellWaiting(${worker})`, async (model, { workers }) => {
    const number = pick(model, 0, ["waiting"])!;
    await assertRefuses("waiting-trial", () => workers[worker].tell(number, 1), "it waits");
  }, has("waiting"));

const report = (k: number, step: number, value: number) =>
  command(`report(${k}, ${step}, ${value})`, async (model, { handles, storage }) => {
    const number = pick(model, k, ["running"])!;
    await handles.get(number)!.report(step, value);
    const { trials } = await storage.changedTrials(1, { last: number, unfinished: [] });
    const trial = model.trials[number], [record] = trials;
    trial.last = record.intermediateValues.at(-1)!.value;
    if (trial.isLeased) trial.isOver = false;
  }, has("running"));

const heartbeat = (k: number) =>
  command(`heartbeat(${k})`, async (model, { handles }) => {
    const numbers = [...handles.keys()];
    const number = numbers[k % numbers.length], trial = model.trials[number];
    assertEquals(await handles.get(number)!.heartbeat(), trial.state === "running");
    assertEquals(handles.get(number)!.signal.aborted, trial.state !== "running");
    if (trial.isLeased) trial.isOver = false;
  }, ({ trials }) => trials.some(({ state }) => state !== "waiting"));

const die = (k: number) =>
  command(`die(${k})`, async (model, { storage }) => {
    const number = pick(model, k, ["running"])!;
    await storage.changeTrial(number + 1, { lease: 0 });
    model.trials[number].isOver = true;
  }, has("running"));

const restart = (worker: number) =>
  command(`restart(${worker})`, async (_model, { storage, workers }) => {
    await workers[worker].close();
    workers[worker] = await open(storage);
  });

const enqueue = (worker: number, row: number, column: "a" | "b" | "c" | "d") =>
  command(`enqueue(${worker}, ${row}, ${column})`, async (model, { workers }) => {
    const configuration = JSON.stringify({ row, column });
    const same = model.trials.findIndex((trial) =>
      trial.state !== "fail" && trial.configuration === configuration
    );
    const number = await workers[worker].enqueue({ row, column });
    assertEquals(number, same < 0 ? model.trials.length : same);
    const isRepeat = model.trials.some((trial) => trial.configuration === configuration);
    if (same < 0) model.trials.push({ state: "waiting", configuration, lost: 0, isRepeat });
  });

Deno.test("whatever two workers do, in whatever order, no trial is lost or given twice", async () => {
  const worker = fc.constantFrom(0, 1),
    k = fc.nat(11),
    column = fc.constantFrom("a", "b", "c", "d");
  const value = fc.integer({ min: -9, max: 9 });
  const told = fc.oneof(
    value,
    fc.constant(NaN),
    fc.constant({ state: "fail", reason: "out of memory" } as const),
    fc.constant({ state: "pruned" } as const),
  );
  const commands = fc.commands([
    fc.tuple(worker, fc.boolean()).map((args) => ask(...args)),
    fc.tuple(worker, fc.boolean()).map((args) => ask(...args)),
    fc.tuple(worker, k, told).map((args) => tell(...args)),
    fc.tuple(worker, k).map((args) => tellFinished(...args)),
    worker.map(tellWaiting),
    fc.tuple(k, fc.integer({ min: 0, max: 5 }), value).map((args) => report(...args)),
    k.map(heartbeat),
    k.map(die),
    worker.map(restart),
    fc.tuple(worker, fc.integer({ min: 1, max: 3 }), column).map((args) => enqueue(...args)),
  ], { size: "+1" });
  const property = fc.asyncProperty(commands, async (steps) => {
    const storage = new MemoryStorage();
    const workers = [await open(storage), await open(storage)];
    const real = { storage, workers, handles: new Map() };
    await fc.asyncModelRun(() => ({ model: { trials: [] }, real }), steps);
  });
  await fc.assert(property, { numRuns: 150, seed: 17 });
});
