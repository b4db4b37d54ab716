import { assert, assertEquals } from "@std/assert";
import type { Comparison } from "../../../hpob/comparison/aligned_results.ts";
import { compareRanks } from "../../../hpob/comparison/rank_comparison.ts";
import { nemenyiCriticalDifference } from "../../../hpob/comparison/statistics.ts";

/** Ten runs on two data sets; `regrets(run)` are those of the methods a, b, c after one trial. */
function comparison(regrets: (run: number) => number[]): Comparison {
  return {
    methods: ["a", "b", "c"],
    protocol: "continuous",
    trials: 1,
    incompleteRuns: 0,
    runs: Array.from({ length: 10 }, (_, run) => ({
      searchSpaceId: "space",
      datasetId: run < 5 ? "first" : "second",
      seed: `test${run % 5}`,
      incumbents: regrets(run).map((regret) => [0, 1 - regret]),
    })),
  };
}

Deno.test("methods that differ in every run are told apart, the best first", () => {
  const { ranking, groups, observations } = compareRanks(
    comparison((run) => [0.3 + run / 100, 0.1 + run / 90, 0.2 + run / 80]),
  );
  assertEquals(ranking, [
    { method: "b", averageRank: 1 },
    { method: "c", averageRank: 2 },
    { method: "a", averageRank: 3 },
  ]);
  assertEquals(groups, []);
  assertEquals(observations, 10);
});

Deno.test("methods that win in turn are joined, and one that always loses is not", () => {
  const { groups } = compareRanks(
    comparison((run) => [0.9, 0.1 + (run % 2) * 0.1, 0.2 - (run % 2) * 0.1]),
  );
  assertEquals(groups.map((group) => [...group].sort()), [["b", "c"]]);
});

Deno.test("one bar joins all methods where Friedman's test does not reject", () => {
  const { groups, friedmanPValue } = compareRanks(
    comparison((run) => [run % 3, (run + 1) % 3, (run + 2) % 3].map((place) => place / 10)),
  );
  assertEquals(groups.map((group) => group.length), [3]);
  assert(friedmanPValue > 0.05);
});

Deno.test("methods that tie everywhere are joined", () => {
  assertEquals(compareRanks(comparison(() => [0.1, 0.1, 0.1])).groups, [["a", "b", "c"]]);
});

Deno.test("differences below 8 decimals are none", () => {
  const { ranking } = compareRanks(comparison((run) => [0.1 + run * 1e-11, 0.1, 0.5]));
  assertEquals(ranking.map(({ averageRank }) => averageRank), [1.5, 1.5, 3]);
});

Deno.test("with data sets as observations, their mean regrets are ranked", () => {
  // b wins four of five runs on the first data set, but loses by more in the fifth.
  const regrets = (run: number) => [0.2, run === 0 ? 0.9 : 0.19, 0.95];
  const byRun = compareRanks(comparison(regrets));
  const byDataset = compareRanks(comparison(regrets), { unit: "dataset" });
  assertEquals(byDataset.observations, 2);
  assertEquals(byRun.ranking[0].method, "b");
  assertEquals(byDataset.ranking[0], { method: "a", averageRank: 1.5 });
});

Deno.test("Nemenyi's test joins what is closer than the critical difference", () => {
  const result = compareRanks(
    comparison((run) => [0.1 + (run % 2) * 0.2, 0.2, 0.9]),
    { test: "nemenyi" },
  );
  assertEquals(result.criticalDifference, nemenyiCriticalDifference({ methods: 3, runs: 10 }));
  assertEquals(result.groups.map((group) => [...group].sort()), [["a", "b"]]);
});
