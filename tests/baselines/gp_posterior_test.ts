import { assert, assertAlmostEquals } from "@std/assert";
import { ExpectedImprovement } from "../../baselines/_expected_improvement.ts";
import { gammaPrior, logNormalPrior, NegativeLogPosterior } from "../../baselines/_gp_fit.ts";
import { GpPosterior } from "../../baselines/_gp_posterior.ts";
import { normalCdf, normalDensity } from "../../core/numerics/normal.ts";
import type { Observations } from "../../core/search/observations.ts";
import { Random } from "../../core/search/random.ts";
import golden from "./goldens/gaussian_process.json" with { type: "json" };

// scikit-learn's GaussianProcessRegressor with the same fixed hyperparameters, goldens/make_numerics.py.

function observationsOf(x: number[][], y: number[]): Observations {
  return {
    x: Float64Array.from(x.flat()),
    y: Float64Array.from(y),
    size: x.length,
    dimension: x[0].length,
  };
}

for (const reference of golden) {
  const observations = observationsOf(reference.x, reference.y);
  const { size: n, dimension: d } = observations;
  const { outputscale, noise, mean } = reference;
  const lengthscales = Float64Array.from(reference.lengthscales);

  Deno.test(`mean and deviation are scikit-learn's to 1e-8 with n = ${n}, d = ${d}`, () => {
    const posterior = GpPosterior.condition(observations, {
      lengthscales,
      outputscale,
      noise,
      mean,
    })!;
    const means = new Float64Array(5), deviations = new Float64Array(5);
    posterior.predict(Float64Array.from(reference.queries.flat()), means, deviations);
    means.forEach((v, i) => assertAlmostEquals(v, reference.means[i], 1e-8));
    deviations.forEach((v, i) => assertAlmostEquals(v, reference.deviations[i], 1e-8));
  });

  Deno.test(`marginal likelihood and gradient are scikit-learn's with n = ${n}, d = ${d}`, () => {
    const flat = { negativeLogDensity: () => ({ value: 0, slope: 0 }), sampleLog: () => 0 };
    const posterior = new NegativeLogPosterior(observations, {
      lengthscale: flat,
      noise: flat,
      outputscale: flat,
    });
    const parameters = Float64Array.of(
      ...lengthscales.map(Math.log),
      Math.log(noise),
      mean,
      Math.log(outputscale),
    );
    const gradient = new Float64Array(parameters.length);
    const value = posterior.evaluate(parameters, gradient);
    const [byOutputscale, ...others] = reference.gradient;
    assertClose(value, -reference.logMarginalLikelihood);
    for (let j = 0; j < d; j++) assertClose(gradient[j], -others[j]);
    assertClose(gradient[d], -others[d]);
    assertClose(gradient[d + 2], -byOutputscale);
  });
}

function assertClose(actual: number, expected: number): void {
  assertAlmostEquals(actual, expected, 1e-8 * Math.max(1, Math.abs(expected)));
}

/** Compares a gradient with central differences of its function. */
function assertGradient(
  value: (x: Float64Array) => number,
  x: Float64Array,
  gradient: Float64Array,
): void {
  gradient.forEach((slope, j) => {
    const step = 1e-5, above = x.slice(), below = x.slice();
    above[j] += step;
    below[j] -= step;
    const difference = (value(above) - value(below)) / (2 * step);
    assertAlmostEquals(slope, difference, 1e-6 * Math.max(1, Math.abs(difference)));
  });
}

const random = Random.of("gp posterior test");
const sample: Observations = {
  x: Float64Array.from({ length: 12 * 3 }, () => random.uniform()),
  y: Float64Array.from({ length: 12 }, () => random.normal()),
  size: 12,
  dimension: 3,
};

Deno.test("the gradient of the posterior density includes the priors and the mean", () => {
  const priors = {
    lengthscale: logNormalPrior(0.5, 1.2),
    noise: gammaPrior(1.1, 0.05),
    outputscale: gammaPrior(2, 0.15),
  };
  const posterior = new NegativeLogPosterior(sample, priors), ignored = new Float64Array(6);
  const parameters = Float64Array.of(-0.4, 0.3, -1.1, -2.5, 0.2, 0.4),
    gradient = new Float64Array(6);
  posterior.evaluate(parameters, gradient);
  assertGradient((x) => posterior.evaluate(x, ignored), parameters, gradient);
});

Deno.test("log expected improvement agrees with its textbook formula and its own gradient", () => {
  const posterior = GpPosterior.condition(sample, {
    lengthscales: Float64Array.of(0.4, 0.7, 0.3),
    outputscale: 1.3,
    noise: 0.01,
    mean: -0.1,
  })!;
  const mean = new Float64Array(1), deviation = new Float64Array(1);
  for (const best of [-1, 0.5, 3, 30]) {
    const acquisition = new ExpectedImprovement(posterior, best);
    const point = random.point(3), gradient = new Float64Array(3);
    const value = acquisition.valueWithGradient(point, gradient);
    assertAlmostEquals(acquisition.values(point)[0], value, 1e-12 * Math.abs(value));
    assertGradient((x) => acquisition.values(x)[0], point, gradient);
    posterior.predict(point, mean, deviation);
    const z = (mean[0] - best) / deviation[0];
    const improvement = deviation[0] * (normalDensity(z) + z * normalCdf(z));
    if (best < 5) assertAlmostEquals(value, Math.log(improvement), 1e-9);
    else assert(Number.isFinite(value), "where expected improvement underflows its log does not");
  }
});

Deno.test("the posterior of one observation returns to the prior far away", () => {
  const observations = { x: Float64Array.of(0), y: Float64Array.of(2), size: 1, dimension: 1 };
  const posterior = GpPosterior.condition(observations, {
    lengthscales: Float64Array.of(0.025),
    outputscale: 4,
    noise: 1e-4,
    mean: 0.5,
  })!;
  const means = new Float64Array(2), deviations = new Float64Array(2);
  posterior.predict(Float64Array.of(0, 1), means, deviations);
  assertAlmostEquals(means[0], 2, 1e-4);
  assertAlmostEquals(deviations[0], 0.01, 1e-4);
  assertAlmostEquals(means[1], 0.5, 1e-9);
  assertAlmostEquals(deviations[1], 2, 1e-9);
});

Deno.test("leave-one-out predictions are those of processes that never saw the point", () => {
  const hyperparameters = {
    lengthscales: Float64Array.of(0.9, 0.7, 1.3),
    outputscale: 1.3,
    noise: 0.1,
    mean: -0.1,
  };
  const { size: n, x, y, dimension } = sample, total = y.reduce((sum, v) => sum + v, 0) / n;
  let residuals = 0, variance = 0;
  for (let i = 0; i < n; i++) {
    const others = {
      x: x.filter((_, k) => Math.floor(k / dimension) !== i),
      y: y.filter((_, k) => k !== i),
      size: n - 1,
      dimension,
    };
    const mean = new Float64Array(1), point = x.slice(i * dimension, (i + 1) * dimension);
    GpPosterior.condition(others, hyperparameters)!.predict(point, mean, new Float64Array(1));
    residuals += (y[i] - mean[0]) ** 2;
    variance += (y[i] - total) ** 2;
  }
  const posterior = GpPosterior.condition(sample, hyperparameters)!;
  assertAlmostEquals(posterior.leaveOneOutR2(y), 1 - residuals / variance, 1e-10);
});
