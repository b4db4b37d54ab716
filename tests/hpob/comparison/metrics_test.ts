import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  alignResults,
  compareByDataset,
  type Comparison,
} from "../../../hpob/comparison/aligned_results.ts";
import {
  averageRank,
  averageRanks,
  type BandCurve,
  type Curve,
  meanRegret,
  medianRegret,
  regretsAt,
} from "../../../hpob/comparison/metrics.ts";
import { parseResults } from "../../../hpob/comparison/results.ts";

/** [m][trials + 1] */
type Matrix = number[][];

/** Random results and HPO-B's metrics of them, by numpy and SciPy: goldens/make_metrics.py. */
const golden: {
  results: Record<string, unknown>;
  meanRegret: Record<"micro" | "macro", Record<"values" | "official" | "95%", Matrix>>;
  averageRank: Record<"micro" | "macro", Record<"values" | "official" | "95%", Matrix>>;
  medianRegret: Record<"micro" | "macro", Matrix>;
} = JSON.parse(Deno.readTextFileSync(new URL("../goldens/metrics.json", import.meta.url)));

const goldenComparison = alignResults(
  Object.entries(golden.results).map(([method, spaces]) =>
    parseResults(JSON.stringify(spaces), { source: `${method}.json` })
  ),
);

function assertClose(actual: Matrix, expected: Matrix): void {
  assertEquals(actual.map((row) => row.length), expected.map((row) => row.length));
  actual.forEach((row, m) =>
    row.forEach((value, k) => assertAlmostEquals(value, expected[m][k], 1e-12))
  );
}

function valuesOf(curves: readonly Curve[]): Matrix {
  return curves.map((curve) => [...curve.values]);
}

/** Half the width of the band, which must be the same on both sides. */
function halvesOf(curves: readonly BandCurve[]): Matrix {
  return curves.map(({ values, lower, upper }) =>
    values.map((value, k) => {
      assertAlmostEquals(upper[k] - value, value - lower[k], 1e-12);
      return upper[k] - value;
    })
  );
}

for (const aggregation of ["micro", "macro"] as const) {
  for (const [name, metric] of Object.entries({ meanRegret, averageRank })) {
    const expected = golden[name as "meanRegret" | "averageRank"][aggregation];
    Deno.test(`${name} over several spaces is numpy's: ${aggregation}`, () => {
      for (const band of ["official", "95%"] as const) {
        const curves = metric(goldenComparison, { aggregation, band });
        assertEquals(curves.map((curve) => curve.method), ["a", "b", "c", "d"]);
        assertClose(valuesOf(curves), expected.values);
        assertClose(halvesOf(curves), expected[band]);
      }
    });
  }

  Deno.test(`medianRegret over several spaces is numpy's: ${aggregation}`, () => {
    const curves = medianRegret(goldenComparison, { aggregation });
    assertClose(valuesOf(curves), golden.medianRegret[aggregation]);
  });
}

Deno.test("the paper's aggregation and the 95 % interval are the defaults", () => {
  assertEquals(
    meanRegret(goldenComparison),
    meanRegret(goldenComparison, { aggregation: "macro", band: "95%" }),
  );
  assertEquals(
    medianRegret(goldenComparison),
    medianRegret(goldenComparison, {
      aggregation: "macro",
    }),
  );
});

Deno.test("differences below 8 decimals do not change ranks", () => {
  const incumbents = (...values: number[]) => values.map((value) => [value]);
  const run = { searchSpaceId: "s", datasetId: "d", seed: "test0" };
  const ranks = (...values: number[]) =>
    averageRank({
      methods: values.map((_, i) => `${i}`),
      protocol: "continuous",
      trials: 0,
      runs: [{ ...run, incumbents: incumbents(...values) }],
      incompleteRuns: 0,
    }).map((curve) => curve.values[0]);
  assertEquals(ranks(0.5, 0.5 + 1e-10, 0.4), [1.5, 1.5, 3]);
  assertEquals(ranks(0.5, 0.5 + 1e-8, 0.4), [2, 1, 3]);
  // Halves go to the even neighbour as numpy has it: 2^-9 = 195312.5e-8 becomes 195312e-8.
  assertEquals(ranks(1 - 2 ** -9, 1 - 0.00195312, 1 - 0.00195313), [1.5, 1.5, 3]);
});

Deno.test("equal values share their mean rank", () => {
  assertEquals(averageRanks([0.3, 0.1, 0.3, 0.2, 0.3]), [4, 1, 4, 2, 4]);
  assertEquals(averageRanks([7, 7]), [1.5, 1.5]);
  assertEquals(averageRanks([]), []);
});

Deno.test("a single run has a band of no width", () => {
  const [{ comparison }] = compareByDataset(goldenComparison);
  const single = { ...comparison, runs: comparison.runs.slice(0, 1) };
  for (const curve of meanRegret(single)) {
    assertEquals(curve.lower, curve.values);
    assertEquals(curve.upper, curve.values);
  }
});

/** Comparisons of 1 to 5 methods on up to 12 runs in up to 3 spaces. */
const comparisons: fc.Arbitrary<Comparison> = fc
  .record({ m: fc.integer({ min: 1, max: 5 }), trials: fc.nat(4) })
  .chain(({ m, trials }) => {
    const incumbent = fc.oneof(
      fc.constantFrom(0, 0.5, 1),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    const trace = fc.array(incumbent, { minLength: trials + 1, maxLength: trials + 1 })
      .map((values) => values.sort((a, b) => a - b));
    const run = fc.record({
      searchSpaceId: fc.constantFrom("p", "q", "r"),
      datasetId: fc.constantFrom("1", "2"),
      seed: fc.constantFrom("test0", "test1"),
      incumbents: fc.array(trace, { minLength: m, maxLength: m }),
    });
    return fc.uniqueArray(run, {
      minLength: 1,
      maxLength: 12,
      selector: (run) => `${run.searchSpaceId} ${run.datasetId} ${run.seed}`,
    }).map((runs) => ({
      methods: Array.from({ length: m }, (_, i) => `method ${i}`),
      protocol: "continuous" as const,
      trials,
      runs,
      incompleteRuns: 0,
    }));
  });

const aggregations = fc.constantFrom("micro" as const, "macro" as const);

Deno.test("the ranks of a run sum to m (m + 1) / 2, and so do average ranks", () => {
  fc.assert(
    fc.property(comparisons, aggregations, (comparison, aggregation) => {
      const m = comparison.methods.length;
      const curves = averageRank(comparison, { aggregation });
      for (let trial = 0; trial <= comparison.trials; trial++) {
        for (const run of comparison.runs) {
          const ranks = averageRank({ ...comparison, runs: [run] });
          assertEquals(ranks.reduce((sum, { values }) => sum + values[trial], 0), m * (m + 1) / 2);
        }
        const sum = curves.reduce((sum, curve) => sum + curve.values[trial], 0);
        assertAlmostEquals(sum, m * (m + 1) / 2, 1e-12);
      }
    }),
    { seed: 1 },
  );
});

Deno.test("the order of runs changes no metric, that of methods only their order", () => {
  fc.assert(
    fc.property(comparisons, aggregations, fc.nat(), (comparison, aggregation, shift) => {
      const rotate = <T>(list: readonly T[]) => {
        const by = shift % list.length;
        return [...list.slice(by), ...list.slice(0, by)];
      };
      const turned = {
        ...comparison,
        methods: rotate(comparison.methods),
        runs: rotate(comparison.runs)
          .map((run) => ({ ...run, incumbents: rotate(run.incumbents) })),
      };
      for (const metric of [meanRegret, averageRank, medianRegret]) {
        const curves = metric(comparison, { aggregation });
        const turnedCurves = metric(turned, { aggregation });
        assertEquals(turnedCurves.map((curve) => curve.method), turned.methods);
        assertClose(valuesOf(turnedCurves), rotate(valuesOf(curves)));
      }
    }),
    { seed: 1 },
  );
});

Deno.test("regret curves lie in [0, 1], do not rise, and are inside their bands", () => {
  fc.assert(
    fc.property(comparisons, aggregations, (comparison, aggregation) => {
      const regrets = meanRegret(comparison, { aggregation });
      for (const { values } of [...regrets, ...medianRegret(comparison, { aggregation })]) {
        values.forEach((value, k) => {
          assertEquals(value >= 0 && value <= 1 + 1e-12, true);
          assertEquals(k === 0 || value <= values[k - 1] + 1e-12, true);
        });
      }
      for (const { values, lower, upper } of [...regrets, ...averageRank(comparison)]) {
        values.forEach((value, k) => assertEquals(lower[k] <= value && value <= upper[k], true));
      }
    }),
    { seed: 1 },
  );
});

Deno.test("over one search space the two aggregations agree", () => {
  fc.assert(
    fc.property(comparisons, (comparison) => {
      const runs = comparison.runs.filter((run) =>
        run.searchSpaceId === comparison.runs[0].searchSpaceId
      );
      for (const metric of [meanRegret, averageRank, medianRegret]) {
        assertEquals(
          metric({ ...comparison, runs }, { aggregation: "micro" }),
          metric({ ...comparison, runs }, { aggregation: "macro" }),
        );
      }
    }),
    { seed: 1 },
  );
});

Deno.test("the data sets of a comparison have each of its runs once", () => {
  fc.assert(
    fc.property(comparisons, (comparison) => {
      const parts = compareByDataset(comparison);
      assertEquals(
        new Set(parts.flatMap((part) => part.comparison.runs)),
        new Set(comparison.runs),
      );
      for (const part of parts) {
        assertEquals(part.comparison.methods, comparison.methods);
        for (const run of part.comparison.runs) {
          assertEquals([run.searchSpaceId, run.datasetId], [part.searchSpaceId, part.datasetId]);
        }
      }
      assertEquals(
        parts.flatMap((part) => regretsAt(part.comparison, 0)[0]).length,
        comparison.runs.length,
      );
    }),
    { seed: 1 },
  );
});
