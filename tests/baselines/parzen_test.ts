import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { ParzenEstimator, recencyWeights } from "../../baselines/_parzen_estimator.ts";
import { normalKernels } from "../../baselines/_parzen_kernels.ts";
import { goodCount, splitTrials, suggestRow } from "../../baselines/_parzen_search.ts";
import { type Coordinate, writeValues } from "../../core/search/coordinates.ts";
import golden from "./goldens/tpe.json" with { type: "json" };

// Reference values: Optuna 5.0.0, goldens/make_tpe.py.

/** A row of a golden file: null is what is inactive. */
const valuesOf = (row: readonly (number | null)[]): Float64Array =>
  Float64Array.from(row, (value) => value ?? NaN);

/** Hands out written-down uniform numbers. */
function replay(uniforms: readonly number[]): () => number {
  let used = 0;
  return () => {
    assert(used < uniforms.length, "more uniform numbers are used than Optuna did");
    return uniforms[used++];
  };
}

function assertRow(actual: Float64Array, expected: readonly (number | null)[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, j) => {
    if (expected[j] === null) assert(Number.isNaN(value), `${j} is not inactive`);
    else assertAlmostEquals(value, expected[j]!, 1e-9, `coordinate ${j}`);
  });
}

Deno.test("the best tenth is good, as far as 25 trials", () => {
  for (const [n, expected] of golden.gamma) assertEquals(goodCount(n), expected, `n = ${n}`);
});

Deno.test("the weights of observations are Optuna's", () => {
  for (const [n, expected] of golden.weights as [number, number[]][]) {
    recencyWeights(n).forEach((weight, i) => assertAlmostEquals(weight, expected[i], 1e-14));
  }
});

for (const reference of golden.parzen) {
  const coordinates = reference.coordinates as Coordinate[];
  const trials = reference.rows.map((row, number) => ({ values: valuesOf(row), number }));
  const chosen = [...coordinates.keys()];

  Deno.test(`bandwidths, log densities and draws are Optuna's: ${reference.title}`, () => {
    coordinates.forEach((coordinate, j) => {
      if (coordinate.kind === "choice") return;
      // Optuna's integers 0 to k - 1, from -1/2 to k - 1/2, are k cells of the unit interval here.
      const k = coordinate.kind === "levels" ? coordinate.positions.length : 1;
      const values = reference.rows.map((row) => k === 1 ? row[j] : (row[j] + 0.5) / k);
      const { means, deviations } = normalKernels(values, 0, 1);
      const expected = reference.bandwidths[j]!;
      means.forEach((mean, i) => {
        assertAlmostEquals(
          mean,
          k === 1 ? expected.means[i] : (expected.means[i] + 0.5) / k,
          1e-14,
        );
        assertAlmostEquals(deviations[i], expected.deviations[i] / k, 1e-14);
      });
    });
    const estimator = new ParzenEstimator(trials, coordinates, chosen);
    estimator.weights.forEach((weight, i) =>
      assertAlmostEquals(weight, reference.weights[i], 1e-14)
    );
    estimator.logDensity(reference.queries.map(valuesOf)).forEach((value, i) =>
      assertAlmostEquals(value, reference.logDensity[i], 1e-10)
    );
    estimator.sample(replay(reference.uniforms), reference.sampled.length)
      .forEach((row, i) => assertRow(row, reference.sampled[i]));
  });
}

for (const reference of golden.suggestions) {
  const coordinates = reference.coordinates as Coordinate[];
  const pointOf = (row: (number | null)[]) => writeValues(valuesOf(row), coordinates);

  Deno.test(`a suggestion is Optuna's from the same uniform numbers: ${reference.title}`, () => {
    const trials = splitTrials({
      points: reference.rows.map(pointOf),
      responses: Float64Array.from(reference.responses),
      running: reference.running.map(pointOf),
    }, coordinates);
    const row = suggestRow(trials, coordinates, {
      multivariate: reference.multivariate,
      candidates: 24,
      uniform: replay(reference.uniforms),
    });
    assertRow(row, reference.suggested);
  });
}
