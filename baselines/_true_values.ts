/**
 * The true values of configurations behind their noisy measurements.
 *
 * @module
 */
import { type GpHyperparameters, matern52, squaredDistance } from "./_gp_posterior.ts";
import { dot, factorizeWithJitter, invertLower, multiplyLower } from "./numerics/linalg.ts";

/** Configurations and the means of their measurements. */
export interface PooledMeasurements {
  /** Vectors of the configurations, all different, flat [u, d]. */
  x: Float64Array;
  /** Mean of the measurements of each, [u]. */
  means: Float64Array;
  /** Number of measurements of each, [u]. */
  counts: ArrayLike<number>;
}

/** Two kinds of deviation from the smooth process. */
export interface Deviations {
  /** Variance of the true values around the smooth process: what neighbours do not tell. */
  roughness: number;
  /** Variance of a measurement around the true value. */
  noise: number;
}

/** A joint normal distribution of true values. */
export interface TrueValues {
  /** [u] */
  means: Float64Array;
  /** [u, u] */
  covariances: Float64Array;
}

/**
 * The true values given their measurements: a smooth process of the given hyperparameters (whose noise is not
 * used), plus an independent deviation of each configuration, plus noise in each measurement.
 *
 * @returns undefined where the covariance cannot be factorized.
 */
export function trueValues(
  { x, means, counts }: PooledMeasurements,
  { lengthscales, outputscale, mean }: GpHyperparameters,
  { roughness, noise }: Deviations,
): TrueValues | undefined {
  const u = means.length, d = lengthscales.length;
  const scaled = x.map((v, i) => v / lengthscales[i % d]);
  const prior = new Float64Array(u * u), measured = new Float64Array(u * u);
  for (let i = 0; i < u; i++) {
    for (let j = 0; j < i; j++) {
      const r = Math.sqrt(squaredDistance(scaled, i, scaled, j, d));
      prior[i * u + j] = prior[j * u + i] = measured[i * u + j] = outputscale * matern52(r);
    }
    prior[i * u + i] = outputscale + roughness;
    measured[i * u + i] = prior[i * u + i] + noise / counts[i];
  }
  const factorization = factorizeWithJitter(measured, u);
  if (factorization === undefined) return undefined;
  const inverse = new Float64Array(u * u), residual = new Float64Array(u);
  invertLower(factorization.factor, u, inverse);
  multiplyLower(inverse, u, means.map((v) => v - mean), residual);
  const whitened = new Float64Array(u * u); // rows L^-1 prior_i
  for (let i = 0; i < u; i++) {
    multiplyLower(
      inverse,
      u,
      prior.subarray(i * u, (i + 1) * u),
      whitened.subarray(i * u, (i + 1) * u),
    );
  }
  const posterior = new Float64Array(u), covariances = new Float64Array(u * u);
  for (let i = 0; i < u; i++) {
    posterior[i] = mean + dot(whitened, i * u, residual, 0, u);
    for (let j = 0; j <= i; j++) {
      const covariance = prior[i * u + j] - dot(whitened, i * u, whitened, j * u, u);
      covariances[i * u + j] = covariances[j * u + i] = covariance;
    }
  }
  return { means: posterior, covariances };
}
