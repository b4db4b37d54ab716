import { assert, assertEquals, assertRejects } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { Study } from "../../../core/study/study.ts";
import type { TrialSummary } from "../../../core/study/trial_summary.ts";
import { assertRefuses, grid, shared, space } from "./_studies.ts";

const algorithm = new RandomSearch({ seed: 3 });
const options = { space, goal: "maximize", algorithm } as const;

const states = (trials: readonly TrialSummary<unknown>[]) => trials.map(({ state }) => state);
/** Lets other promises go on. */
const pause = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("trials is the number that the study has in the end, however often it is continued", async () => {
  const options = shared();
  for (const trials of [3, 3, 5]) {
    await using study = await Study.open(options);
    await study.optimize(({ configuration: { x } }) => x, { trials });
  }
  await using study = await Study.open(options);
  assertEquals(states(await study.trials()), Array(5).fill("complete"));
});

Deno.test("an optimization that was continued tries what an uninterrupted one tries", async () => {
  const run = async (parts: readonly number[]): Promise<unknown[]> => {
    const options = shared(new MemoryStorage());
    for (const trials of parts) {
      await using study = await Study.open(options);
      await study.optimize(({ configuration: { x } }) => x, { trials });
    }
    await using study = await Study.open(options);
    return (await study.trials()).map(({ configuration }) => configuration);
  };
  assertEquals(await run([2, 5, 9]), await run([9]));
});

Deno.test("so many trials as asked for run at once", async () => {
  await using study = await Study.open(options);
  let running = 0, most = 0;
  await study.optimize(async ({ configuration: { x } }) => {
    most = Math.max(most, ++running);
    await pause();
    running--;
    return x;
  }, { trials: 12, parallel: 4 });
  assertEquals(most, 4);
  assertEquals(states(await study.trials()), Array(12).fill("complete"));
});

Deno.test("an objective that throws, or gives no finite number, fails its trial with the reason, and the rest goes on", async () => {
  await using study = await Study.open(options);
  const outcomes: (() => number)[] = [
    () => {
      throw new RangeError("no such layer");
    },
    () => {
      throw "a text";
    },
    () => NaN,
    () => Infinity,
    () => "0.5" as unknown as number,
    () => undefined as unknown as number,
    () => 1,
  ];
  await study.optimize(({ number }) => outcomes[number](), { trials: outcomes.length });
  const trials = await study.trials();
  assertEquals(states(trials), [...Array(6).fill("fail"), "complete"]);
  const reasons = trials.map(({ reason = "" }) => reason);
  assertEquals(reasons.slice(0, 3), ["RangeError: no such layer", "a text", "the value is NaN"]);
  assert(reasons[3].includes("got Infinity") && reasons[4].includes('got "0.5"'));
  assert(reasons[5].includes("got undefined"));
});

Deno.test("so many failures in a row as are allowed end the optimization with the last error", async () => {
  await using study = await Study.open(options);
  const cause = new Error("no GPU");
  const run = () =>
    study.optimize(({ number }) => {
      if (number === 1) return 1;
      throw cause;
    }, { trials: 20, maxConsecutiveFailures: 2 });
  await assertRefuses("failures", run, "it failed 2 times in a row, in trial 3 with Error: no GPU");
  assertEquals(states(await study.trials()), ["fail", "complete", "fail", "fail"]);
});

Deno.test("an objective may say that its trial failed or was pruned", async () => {
  await using study = await Study.open(options);
  await study.optimize(async ({ number, report }) => {
    await report(1, 0.25);
    return number === 0 ? { state: "pruned" } : { state: "fail", reason: "diverged" };
  }, { trials: 2 });
  const [pruned, failed] = await study.trials();
  assertEquals([pruned.state, pruned.value], ["pruned", 0.25]);
  assertEquals([failed.state, failed.reason], ["fail", "diverged"]);
});

Deno.test("a finite space ends the optimization when everything was tried", async () => {
  await using study = await Study.open({ ...options, space: grid });
  await study.optimize(({ configuration: { row } }) => row, { trials: 100, parallel: 5 });
  const trials = await study.trials();
  assertEquals(states(trials), Array(12).fill("complete"));
  assertEquals(new Set(trials.map((trial) => JSON.stringify(trial.configuration))).size, 12);
});

Deno.test("an abort ends the trials: what gives a value still is told, what throws is given back", async () => {
  const options = shared();
  await using study = await Study.open(options);
  const controller = new AbortController();
  await study.optimize(async ({ number, signal }) => {
    if (number === 1) controller.abort();
    while (!signal.aborted) await pause();
    if (number === 0) return 0.5;
    throw signal.reason;
  }, { trials: 20, parallel: 2, signal: controller.signal });
  const [finished, given, again] = await study.trials();
  assertEquals([finished.state, finished.value], ["complete", 0.5]);
  assertEquals(given.reason, "its worker gave it back; it is tried again");
  assertEquals([again.state, again.configuration], ["waiting", given.configuration]);

  await study.optimize(() => 1, { trials: 2 });
  assertEquals(states(await study.trials()), ["complete", "fail", "complete"]);
});

Deno.test("an optimization whose signal is aborted already, whose time is over, or that is complete, does nothing", async () => {
  await using study = await Study.open(options);
  const objective = () => {
    throw new Error("must not be called");
  };
  await study.optimize(objective, { signal: AbortSignal.abort() });
  await study.optimize(objective, { timeout: 0 });
  await study.optimize(objective, { trials: 0 });
  assertEquals(await study.trials(), []);
});

Deno.test("closing a study ends its optimizations first", async () => {
  const options = shared();
  const study = await Study.open(options);
  const optimization = study.optimize(async ({ signal }) => {
    while (!signal.aborted) await pause();
    throw signal.reason;
  }, { trials: 5 });
  while ((await study.trials()).length === 0) await pause();
  await study.close();
  await optimization;
  await using again = await Study.open(options);
  assertEquals(states(await again.trials()), ["fail", "waiting"]);
});

Deno.test("callbacks are called with each trial that has ended, one after the other", async () => {
  await using study = await Study.open(options);
  const seen: string[] = [];
  await study.optimize(({ number }) => number === 1 ? NaN : number, {
    trials: 3,
    callbacks: [
      async ({ number }) => {
        await pause();
        seen.push(`first ${number}`);
      },
      ({ state }) => void seen.push(state),
    ],
  });
  assertEquals(seen, ["first 0", "complete", "first 1", "fail", "first 2", "complete"]);
});

Deno.test("what a callback throws ends the optimization and is thrown", async () => {
  await using study = await Study.open(options);
  const callback = ({ number }: TrialSummary<unknown>) => {
    if (number === 1) throw new TypeError("no file");
  };
  const run = () => study.optimize(() => 1, { trials: 9, callbacks: [callback] });
  await assertRejects(run, TypeError, "no file");
  assertEquals(states(await study.trials()), ["complete", "complete"]);
});

Deno.test("a value of a trial that was taken away meanwhile is said to be lost, and the optimization goes on", async () => {
  const warnings: string[] = [];
  await using study = await Study.open({ ...options, onWarning: (text) => warnings.push(text) });
  await study.optimize(async ({ number }) => {
    if (number === 0) await study.tell(0, { state: "fail", reason: "by hand" });
    return 1;
  }, { trials: 2 });
  assertEquals(states(await study.trials()), ["fail", "complete"]);
  assert(warnings[0].includes("it is fail already (by hand), and 1 was told"), warnings[0]);
});

for (
  const [wrong, message] of [
    [{}, "must say when it ends"],
    [{ trials: NaN }, "'trials'"],
    [{ trials: -1 }, "'trials'"],
    [{ trials: 1, parallel: 0 }, "'parallel'"],
    [{ trials: 1, parallel: 1.5 }, "'parallel'"],
    [{ timeout: -1 }, "'timeout'"],
    [{ trials: 1, lease: 0 }, "'lease'"],
    [{ trials: 1, lease: Infinity }, "'lease'"],
    [{ trials: 1, maxConsecutiveFailures: 0 }, "'maxConsecutiveFailures'"],
  ] as const
) {
  Deno.test(`an optimization refuses the options ${JSON.stringify(wrong)} (${message})`, async () => {
    await using study = await Study.open(options);
    await assertRejects(() => study.optimize(() => 1, wrong), Error, `Cannot optimize as`);
    await assertRejects(() => study.optimize(() => 1, wrong), Error, message);
  });
}
