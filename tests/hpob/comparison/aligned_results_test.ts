import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { alignResults } from "../../../hpob/comparison/aligned_results.ts";
import type { Results } from "../../../hpob/comparison/results.ts";

/** Results on the data sets of a space `s`, each one run that starts at 0.5. */
function results(method: string, datasets: string, trials: number, change = {}): Results {
  return {
    method,
    protocol: "continuous",
    trials,
    settings: {},
    runs: [...datasets].map((datasetId) => ({
      searchSpaceId: "s",
      datasetId,
      seed: "test0",
      incumbents: Array.from({ length: trials + 1 }, (_, k) => 0.5 + k / 10),
    })),
    ...change,
  };
}

Deno.test("the common runs are compared, up to the shortest number of trials", () => {
  const comparison = alignResults([results("a", "xyz", 4), results("b", "wzy", 2)]);
  assertEquals(comparison.methods, ["a", "b"]);
  assertEquals(comparison.protocol, "continuous");
  assertEquals(comparison.trials, 2);
  assertEquals(comparison.runs.map((run) => run.datasetId), ["y", "z"]);
  assertEquals(comparison.runs[0].incumbents, [[0.5, 0.6, 0.7], [0.5, 0.6, 0.7]]);
  assertEquals(comparison.incompleteRuns, 2);
});

Deno.test("results of one method are compared as well", () => {
  const comparison = alignResults([results("a", "xy", 3)]);
  assertEquals([comparison.runs.length, comparison.incompleteRuns], [2, 0]);
});

const refusals: [string, Results[], string][] = [
  ["no results", [], "there must be some"],
  [
    "different protocols",
    [results("a", "x", 2), results("b", "x", 2, { protocol: "discrete" })],
    "all must be of one protocol: a is continuous, b is discrete",
  ],
  [
    "an unknown protocol beside a known one",
    [results("a", "x", 2), results("b", "x", 2, { protocol: "unknown" })],
    "all must be of one protocol: a is continuous, b is unknown",
  ],
  [
    "a method twice",
    [results("a", "x", 2), results("a", "y", 2)],
    "each must be of another method: got a twice",
  ],
  [
    "no common run",
    [results("a", "x", 2), results("b", "y", 2)],
    "they must have a run in common: got a, b",
  ],
  [
    "other initial points",
    [
      results("a", "x", 0, { protocol: "unknown" }),
      results("b", "x", 0, {
        protocol: "unknown",
        runs: [{ searchSpaceId: "s", datasetId: "x", seed: "test0", incumbents: [0.6] }],
      }),
    ],
    "in s > x > test0, a starts at 0.5, b at 0.6",
  ],
];
for (const [kind, files, message] of refusals) {
  Deno.test(`a comparison of results with ${kind} is refused`, () => {
    assertThrows(() => alignResults(files), InputError, `Cannot compare results as `);
    assertThrows(() => alignResults(files), InputError, message);
  });
}
