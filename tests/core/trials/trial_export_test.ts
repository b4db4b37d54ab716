import { assertEquals } from "@std/assert";
import { toOptunaParameters } from "../../../core/search/formats/optuna.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import type { TrialRecord } from "../../../core/study/records.ts";
import { trialsToCsv, trialsToJson } from "../../../core/trials/trial_export.ts";
import { readTrials } from "../../../core/trials/trial_table.ts";

const space = SearchSpace.fromJSON(JSON.parse(
  '{"value": {"type": "real", "min": 0, "max": 1}, "__proto__": {"type": "choice", "values": ["a, b", null, true]}}',
));
const configurations = [[0.25, "a, b"], [0.5, null], [1, true]].map(([value, proto]) =>
  Object.fromEntries([["value", value], ["__proto__", proto]])
);
const trials = configurations.map((configuration, number): TrialRecord => ({
  id: number + 1,
  number,
  state: number === 2 ? "fail" : "complete",
  parameters: toOptunaParameters(space, configuration),
  values: number === 2 ? [] : [number + 0.5],
  intermediateValues: [],
  userAttributes: number === 0 ? { note: 'say "hi"\nand go', list: [1, 2] } : {},
  systemAttributes: {},
  startedAt: new Date(Date.UTC(2031, 0, 1)),
}));

Deno.test("what is exported is read again, with names and values of any characters", () => {
  for (const text of [trialsToCsv(trials), trialsToJson(trials)]) {
    const table = readTrials(text, { space });
    assertEquals(table.trials.map(({ configuration }) => configuration), configurations);
    assertEquals(table.trials.map(({ state, response }) => [state, response]), [
      ["complete", 0.5],
      ["complete", 1.5],
      ["fail", NaN],
    ]);
  }
});

Deno.test("trials that measured a leader again say of which trial, where there are some", () => {
  const confirming = [trials[0], { ...trials[1], systemAttributes: { "genhpo:confirms": 0 } }];
  const [header, , second] = trialsToCsv(
    confirming.map((trial) => ({ ...trial, userAttributes: {} })),
  )
    .split("\n");
  assertEquals([header.split(",").at(-1), second.split(",").at(-1)], ["confirms", "0"]);
  const rows: { confirms?: number }[] = JSON.parse(trialsToJson(confirming));
  assertEquals(rows.map(({ confirms }) => confirms), [undefined, 0]);
  assertEquals(readTrials(trialsToCsv(confirming), { space }).trials.length, 2);
  assertEquals(trialsToCsv(trials).includes("confirms"), false);
});

Deno.test("infinite values and several objectives are written as they are", () => {
  const infinite = [{ ...trials[0], values: [Infinity] }, { ...trials[1], values: [-Infinity] }];
  assertEquals(JSON.parse(trialsToJson(infinite)).map(({ value }: { value: unknown }) => value), [
    "Infinity",
    "-Infinity",
  ]);
  const several = trialsToCsv([{ ...trials[1], values: [1, 2] }]).split("\n");
  assertEquals(several[0].startsWith("number,values_0,values_1,"), true);
  assertEquals(several[1].startsWith("1,1,2,"), true);
});
