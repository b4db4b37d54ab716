/** Whether a soak has lost or doubled anything. */
import { assert, assertEquals } from "@std/assert";
import { fromOptunaParameters } from "../../../../core/search/formats/optuna.ts";
import { openStorage } from "../../../../core/storage/mod.ts";
import { START } from "../../../../core/study/storage.ts";
import { type Entry, space, STUDY, valueOf } from "./_objective.ts";

/**
 * Checks a study against what its workers wrote down.
 *
 * @param trials Number of trials that were to be complete.
 * @returns how many were given out in all.
 */
export async function verify(url: string, trials: number, entries: Entry[]): Promise<number> {
  await using storage = await openStorage(url);
  const study = await storage.findStudy(STUDY);
  const records = (await storage.changedTrials(study!.id, START)).trials;

  assertEquals(records.map(({ number }) => number), records.map((_, i) => i), "a gap in numbers");
  const given = entries.filter(({ kind }) => kind === "given").map(({ number }) => number);
  assertEquals(new Set(given).size, given.length, "a trial was given out twice");
  for (const entry of entries) {
    const { state, values } = records[entry.number];
    if (entry.kind === "told") assertEquals([state, values[0]], ["complete", entry.value], "lost");
  }
  const complete = records.filter(({ state }) => state === "complete");
  assertEquals(complete.length, trials, "number of complete trials");
  for (const { number, state, values, parameters, systemAttributes } of records) {
    assert(state === "complete" || state === "fail", `trial ${number} is ${state}`);
    if (state === "fail") assert(systemAttributes["genhpo:reason"] !== undefined);
    else assertEquals(values, [valueOf(fromOptunaParameters(parameters))], "a wrong value");
  }
  const points = complete.map(({ parameters }) =>
    String(space.encode(fromOptunaParameters(parameters) as Parameters<typeof space.encode>[0]))
  );
  assertEquals(new Set(points).size, points.length, "a configuration was tried twice");
  return records.length;
}
