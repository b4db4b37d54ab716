import { assertEquals } from "@std/assert";
import type { Observed } from "../../../core/search/task.ts";
import type { AddedTrial } from "../../../core/study/new_trials.ts";
import { Study } from "../../../core/study/study.ts";
import { space, watchedSearch } from "./_studies.ts";

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
