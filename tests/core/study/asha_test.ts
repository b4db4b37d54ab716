import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { RandomSearch } from "../../../baselines/random_search.ts";
import type { AshaOptions } from "../../../core/study/asha.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { START } from "../../../core/study/storage.ts";
import { Study } from "../../../core/study/study.ts";
import { shared, space } from "./_studies.ts";

const options = { space, goal: "maximize", algorithm: new RandomSearch() } as const;

/** Runs trials whose curves are constant; the numbers of steps that each is allowed. */
async function stepsOf(
  values: readonly number[],
  asha: AshaOptions | undefined,
  { goal = "maximize", steps = 16 }: { goal?: "maximize" | "minimize"; steps?: number } = {},
): Promise<number[]> {
  await using study = await Study.open({ ...options, goal, ...(asha && { asha }) });
  const taken: number[] = [];
  await study.optimize(async ({ number, report, shouldPrune }) => {
    for (let step = 1; step <= steps; step++) {
      await report(step, values[number]);
      taken[number] = step;
      if (await shouldPrune()) return { state: "pruned" };
    }
    return values[number];
  }, { trials: values.length });
  return taken;
}

Deno.test("trials below the best quarter of those before are stopped at the rungs 1, 4, 16", async () => {
  // At rung 0 the cutoffs are -, 5, 4, 7, 7.5, 8; 7 meets a second one at rung 1, which is 8 there.
  assertEquals(await stepsOf([5, 1, 9, 7, 8, 10], {}), [16, 1, 16, 4, 16, 16]);
});

Deno.test("without the option no trial is stopped", async () => {
  assertEquals(await stepsOf([5, 1, 9], undefined), [16, 16, 16]);
});

Deno.test("a goal to minimize stops the trials with large values", async () => {
  const values = [5, 1, 9, 7, 8, 0.5];
  assertEquals(
    await stepsOf(values, {}, { goal: "minimize" }),
    await stepsOf(values.map((value) => -value), {}),
  );
});

Deno.test("rungs begin at the minimal step and grow by the reduction factor", async () => {
  assertEquals(await stepsOf([5, 1], { minimumStep: 3, reductionFactor: 2 }), [16, 3]);
  // As good at step 3, worse from step 6 on.
  await using study = await Study.open({
    ...options,
    asha: { minimumStep: 3, reductionFactor: 2 },
  });
  const stopped: number[] = [];
  await study.optimize(async ({ number, report, shouldPrune }) => {
    for (let step = 1; step <= 12; step++) {
      await report(step, number === 1 && step > 3 ? 1 : 5);
      if (!await shouldPrune()) continue;
      stopped.push(number, step);
      return { state: "pruned" };
    }
    return 5;
  }, { trials: 3 });
  assertEquals(stopped, [1, 6]);
});

Deno.test("NaN at a rung stops a trial, and is nothing to compare others with", async () => {
  assertEquals(await stepsOf([NaN, 1, NaN, 0.5], {}), [1, 16, 1, 1]);
});

Deno.test("a stopped trial says at which rung it was behind what, and among how many", async () => {
  await using study = await Study.open({ ...options, asha: {} });
  await study.optimize(async ({ number, report, shouldPrune }) => {
    await report(2, 5 - number);
    return await shouldPrune() ? { state: "pruned" } : 1;
  }, { trials: 2 });
  const [, { state, value, reason }] = await study.trials();
  assertEquals(
    { state, value, reason },
    {
      state: "pruned",
      value: 4,
      reason: "4 at rung 0 (step 2) is behind 5, where the best 1/4 of 1 others begin",
    },
  );
});

Deno.test("values at rungs are kept as Optuna's successive halving keeps them", async () => {
  const options = { ...shared(new MemoryStorage()), asha: { minimumStep: 2, reductionFactor: 2 } };
  await using study = await Study.open(options);
  const trial = await study.ask();
  for (const step of [1, 2, 3, 5]) {
    await trial.report(step, step / 10);
    await trial.shouldPrune();
  }
  const { trials: [record] } = await options.storage.changedTrials(1, START);
  assertEquals(record.systemAttributes, { completed_rung_0: 0.2, completed_rung_1: 0.5 });
});

Deno.test("the best trial so far is never stopped", async () => {
  const curves = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 12,
  });
  const factors = fc.constantFrom(2, 3, 4);
  const property = fc.asyncProperty(curves, factors, async (values, reductionFactor) => {
    const taken = await stepsOf(values, { reductionFactor }, { steps: 9 });
    values.forEach((value, i) => {
      if (values.slice(0, i).every((other) => other <= value)) assertEquals(taken[i], 9);
    });
  });
  await fc.assert(property, { numRuns: 40, seed: 17 });
});

Deno.test("options out of range are refused", async () => {
  for (const asha of [{ minimumStep: 0 }, { minimumStep: 1.5 }, { reductionFactor: 1 }]) {
    await assertRejects(() => Study.open({ ...options, asha }), RangeError, "Cannot prune trials");
  }
});
