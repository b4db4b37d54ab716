import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { NegativeLogPosterior } from "../../baselines/_gp_fit.ts";
import { GpPosterior, matern52, squaredDistance } from "../../baselines/_gp_posterior.ts";
import { knowledgeGradient } from "../../baselines/_knowledge_gradient.ts";
import { MixedEmbedding } from "../../baselines/_mixed_kernel.ts";
import { trueValues } from "../../baselines/_true_values.ts";
import type { Coordinate } from "../../core/search/coordinates.ts";
import golden from "./goldens/mixed_gp.json" with { type: "json" };

// Computed from the definitions with numpy and scipy, goldens/make_mixed_gp.py.

const coordinates: Coordinate[] = [
  { kind: "real" },
  { kind: "levels", positions: golden.positions },
  { kind: "choice", count: 2 },
  { kind: "choice", count: 3, when: [{ parent: 2, values: [0] }] },
  { kind: "real", when: [{ parent: 2, values: [1] }] },
];
const embedding = new MixedEmbedding(coordinates);
const configurations = (rows: (number | null)[][]) =>
  rows.map((row) => Float64Array.from(row, (value) => value ?? NaN));
const x = embedding.embed(configurations(golden.tried));
const lengthscales = Float64Array.from(embedding.groups, (j) => golden.lengthscales[j]);
const hyperparameters = { ...golden, lengthscales };
const observations = {
  x,
  y: Float64Array.from(golden.y),
  size: golden.y.length,
  dimension: embedding.dimension,
};

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) assertAlmostEquals(actual[i], expected[i], 1e-8);
}

Deno.test("the mixed kernel is Matern's of Hamming distances, with inactive ones at their centre", () => {
  const scaled = x.map((v, i) => v / lengthscales[i % embedding.dimension]);
  golden.kernel.forEach((row, i) =>
    assertClose(
      row.map((_, j) =>
        matern52(Math.sqrt(squaredDistance(scaled, i, scaled, j, embedding.dimension)))
      ),
      row,
    )
  );
});

Deno.test("the posterior of a mixed space is that of the normal equations", () => {
  const posterior = GpPosterior.condition(observations, hyperparameters)!;
  const means = new Float64Array(5), deviations = new Float64Array(5);
  posterior.predict(embedding.embed(configurations(golden.queries)), means, deviations);
  assertClose(means, golden.means);
  assertClose(deviations, golden.deviations);
});

Deno.test("columns of a choice share a lengthscale in the marginal likelihood and its gradient", () => {
  const flat = { negativeLogDensity: () => ({ value: 0, slope: 0 }), sampleLog: () => 0 };
  const posterior = new NegativeLogPosterior(
    observations,
    { lengthscale: flat, noise: flat },
    embedding.groups,
  );
  assertEquals(posterior.size, coordinates.length + 2);
  const parameters = Float64Array.of(
    ...golden.lengthscales.map(Math.log),
    Math.log(golden.noise),
    golden.mean,
  );
  const gradient = new Float64Array(parameters.length), ignored = gradient.slice();
  assertAlmostEquals(posterior.evaluate(parameters, gradient), -golden.logMarginalLikelihood, 1e-8);
  parameters.forEach((value, j) => {
    const [above, below] = [1e-5, -1e-5].map((step) =>
      posterior.evaluate(parameters.with(j, value + step), ignored)
    );
    assertAlmostEquals(gradient[j], (above - below) / 2e-5, 1e-6);
  });
});

Deno.test("true values are those of process, roughness and noise", () => {
  const measurements = { x, means: observations.y, counts: golden.counts };
  const deviations = { roughness: golden.roughness, noise: golden.measurementNoise };
  const { means, covariances } = trueValues(measurements, hyperparameters, deviations)!;
  assertClose(means, golden.trueMeans);
  assertClose(covariances, golden.trueCovariances.flat());
});

Deno.test("knowledge gradients are those of quadrature", () => {
  for (const { means, slopes, value } of golden.knowledgeGradients) {
    const actual = knowledgeGradient(Float64Array.from(means), Float64Array.from(slopes));
    assertAlmostEquals(actual, value, 1e-8);
  }
});

Deno.test("a process that believes what it expects of running points expects the same and is surer", () => {
  const posterior = GpPosterior.condition(observations, hyperparameters)!;
  const queries = embedding.embed(configurations(golden.queries));
  const running = queries.slice(0, embedding.dimension);
  const believing = posterior.believing(running);
  const means = new Float64Array(5), deviations = new Float64Array(5);
  believing.predict(queries, means, deviations);
  assertClose(means, golden.means);
  assert(deviations[0] < 0.7 * golden.deviations[0], `${deviations[0]}`);
  assert(deviations.every((v, i) => v <= golden.deviations[i] + 1e-9));
});

Deno.test("the mixed kernel is positive definite whatever is active", () => {
  const configuration = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(2),
    fc.nat(1),
    fc.nat(2),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ).map(([real, level, two, three, child]) =>
    Float64Array.of(real, level, two, two === 0 ? three : NaN, two === 1 ? child : NaN)
  );
  fc.assert(
    fc.property(fc.array(configuration, { minLength: 1, maxLength: 12 }), (rows) => {
      const all = {
        x: embedding.embed(rows),
        y: new Float64Array(rows.length),
        size: rows.length,
        dimension: embedding.dimension,
      };
      const posterior = GpPosterior.condition(all, { ...hyperparameters, noise: 1e-9 });
      assertEquals(posterior?.jitter, 0);
    }),
    { seed: 7 },
  );
});
