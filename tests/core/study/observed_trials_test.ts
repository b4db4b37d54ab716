import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { TrialObserver } from "../../../core/study/_observed_trials.ts";
import { TrialReader } from "../../../core/study/_trial_reader.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import type { Observed } from "../../../core/search/task.ts";
import type { AddedTrial } from "../../../core/study/new_trials.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { START } from "../../../core/study/storage.ts";
import { Study } from "../../../core/study/study.ts";
import type { Trial } from "../../../core/study/trial.ts";
import { shared, space, watchedSearch } from "./_studies.ts";

/** What the algorithm of a study sees of these trials. */
async function observed(
  trials: readonly Omit<AddedTrial<never>, "configuration">[],
  goal: "maximize" | "minimize" = "maximize",
): Promise<number[]> {
  let seen: Observed | undefined;
  const algorithm = watchedSearch((observed) => seen = observed);
  await using study = await Study.open({ space, goal, algorithm });
  await study.addTrials(
    trials.map((trial, i) => ({ ...trial, configuration: { x: i / 10, kind: "plain" as const } })),
  );
  await study.ask();
  return Array.from(seen!.responses);
}

const pruned = (value: number) => ({ state: "pruned", value } as const);

Deno.test("an algorithm sees values as larger is better, and failures as NaN", async () => {
  assertEquals(await observed([{ value: 1 }, { value: NaN }, { value: -2 }]), [1, NaN, -2]);
  assertEquals(await observed([{ value: 1 }, {}, { value: -2 }], "minimize"), [-1, NaN, 2]);
});

Deno.test("a pruned trial is seen between the worst and the median of the complete ones", async () => {
  const complete = [{ value: 1 }, { value: 2 }, { value: 7 }];
  const seen = await observed([...complete, pruned(-50), pruned(1.5), pruned(9), {
    state: "pruned",
  }]);
  assertEquals(seen, [1, 2, 7, 1, 1.5, 2, NaN]);
  const losses = await observed([...complete, pruned(50), pruned(0)], "minimize");
  assertEquals(losses, [-1, -2, -7, -7, -2]);
});

Deno.test("while no trial is complete, pruned ones are seen as they are", async () => {
  assertEquals(await observed([pruned(3), pruned(5)]), [3, 5]);
});

/** A part of the space, so that some trials are outside of it. */
const narrow = new SearchSpace({ ...space.hyperparameters, x: { type: "real", min: 0, max: 0.7 } });

Deno.test("what an observer has kept of earlier looks changes nothing of what it sees", async () => {
  const step = fc.record({
    action: fc.constantFrom("ask", "ask", "complete", "fail", "prune", "lose"),
    which: fc.nat(3),
    value: fc.integer({ min: -9, max: 9 }),
  });
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 40 }),
    fc.constantFrom("clip" as const, "omit" as const),
    async (steps, outOfSpace) => {
      const storage = new MemoryStorage();
      const study = await Study.open({ ...shared(storage), retries: 1 });
      const running: Trial<unknown>[] = [];
      const observing = { reader: new TrialReader(narrow), goal: "minimize" as const, outOfSpace };
      const observer = new TrialObserver(observing);
      for (const { action, which, value } of steps) {
        const trial = running[which % running.length];
        if (action === "ask" || trial === undefined) running.push(await study.ask());
        else {
          running.splice(running.indexOf(trial), 1);
          if (action === "complete") await study.tell(trial.number, value);
          if (action === "fail") await study.tell(trial.number, NaN);
          if (action === "prune") {
            await trial.report(1, value);
            await study.tell(trial.number, { state: "pruned" });
          }
          if (action === "lose") await storage.changeTrial(trial.number + 1, { lease: 0 });
        }
        const { trials } = await storage.changedTrials(1, START);
        const [kept, anew] = [observer, new TrialObserver(observing)].map((one) =>
          one.observe(trials)
        );
        const keys = trials.map((trial) => observing.reader.point(trial)?.key ?? "");
        const seen = ({ known, ...rest }: typeof kept) => ({
          ...rest,
          size: known.size,
          has: keys.map((key) => known.has(key)),
        });
        assertEquals(seen(kept), seen(anew));
      }
    },
  );
  await fc.assert(property, { seed: 3, numRuns: 60 });
});
