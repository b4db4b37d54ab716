/**
 * The report's checks of the forward and the reverse process, without any network.
 *
 * @module
 */
import { mean, sampleKurtosis, sampleSkewness, variance } from "simple-statistics";
import { ancestralStep, literalStep } from "../../core/diffusion/denoiser.ts";
import { addNoise } from "../../core/diffusion/noise_adder.ts";
import { Random } from "../../core/search/random.ts";
import {
  cosineSchedule,
  linearSchedule,
  type Schedule,
  stridedTimesteps,
} from "../../core/diffusion/schedule.ts";
import { HpobHandler } from "../../hpob/handler.ts";

/** The distribution of noised points at a timestep. */
export interface NoiseLevel {
  schedule: string;
  t: number;
  alphaBar: number;
  variance: number;
  /** abar Var(z_0) + 1 - abar. */
  expectedVariance: number;
  excessKurtosis: number;
  /** p-value of the Jarque-Bera test that the values are normal. */
  normalityPValue: number;
  /** Number of values. */
  values: number;
}

/** Noises the table of a data set of hpob-mini with both schedules. */
export async function checkNoiseAdder(
  dataset: string,
  timesteps: readonly number[],
): Promise<NoiseLevel[]> {
  const handler = await HpobHandler.embedded();
  const table = await handler.table("mini-xgboost", dataset);
  const dimension = table.x[0].length, repeats = 4;
  const rows = Array.from({ length: repeats }, () => table.x).flat();
  const x = Float32Array.from(rows.flatMap((row) => [...row]));
  const clean = variance([...x].map((value) => 2 * value - 1));
  return [cosineSchedule(), linearSchedule()].flatMap((schedule) =>
    timesteps.map((t) => {
      const random = Random.of("report", "noise adder", schedule.name, t);
      const noise = x.map(() => random.normal());
      const timestep = new Int32Array(x.length / dimension).fill(t);
      const noisy = [...addNoise({ x, timestep, noise, dimension }, schedule)];
      const alphaBar = schedule.alphaBar[t];
      const skewness = sampleSkewness(noisy), excessKurtosis = sampleKurtosis(noisy);
      const statistic = (noisy.length / 6) * (skewness ** 2 + excessKurtosis ** 2 / 4);
      return {
        schedule: schedule.name,
        t,
        alphaBar,
        variance: variance(noisy),
        expectedVariance: alphaBar * clean + 1 - alphaBar,
        excessKurtosis,
        normalityPValue: Math.exp(-statistic / 2), // chi-squared with two degrees of freedom
        values: noisy.length,
      };
    })
  );
}

/** What the Denoiser makes of noise when eps_hat is exact. */
export interface ExactReversal {
  rule: "literal" | "ancestral";
  steps: number;
  mean: number;
  deviation: number;
}

/** The data of {@linkcode checkDenoiser}: one normal coordinate. */
export const knownData = { mean: 0.3, deviation: 0.2 } as const;

/**
 * Runs the Denoiser's steps on data of which the best possible eps_hat is known in closed form: for
 * z_0 ~ N(m, s^2), E[eps | z_t] = sqrt(1 - abar) (z_t - sqrt(abar) m) / (abar s^2 + 1 - abar).
 */
export function checkDenoiser(): ExactReversal[] {
  const plans: [ExactReversal["rule"], number, Schedule][] = [
    ["literal", 1000, linearSchedule()],
    ["ancestral", 1000, cosineSchedule()],
    ["ancestral", 16, cosineSchedule()],
    ["ancestral", 4, cosineSchedule()],
  ];
  return plans.map(([rule, steps, schedule]) => {
    const random = Random.of("report", "denoiser");
    const normals = (): Float32Array => Float32Array.from({ length: 4000 }, () => random.normal());
    const timesteps = stridedTimesteps(steps);
    let z = normals();
    for (let k = 0; k < steps; k++) {
      const t = timesteps[k], next = timesteps[k + 1];
      const alphaBar = schedule.alphaBar[t];
      const signal = Math.sqrt(alphaBar), spread = Math.sqrt(1 - alphaBar);
      const total = alphaBar * knownData.deviation ** 2 + 1 - alphaBar;
      const eps = z.map((value) => (spread * (value - signal * knownData.mean)) / total);
      const noise = next === 0 ? undefined : normals();
      const velocity = z.map((value, i) => (eps[i] - spread * value) / signal);
      z = rule === "literal"
        ? literalStep({ z, eps, t, noise }, schedule)
        : ancestralStep({ z, velocity, t, next, noise }, schedule);
    }
    return { rule, steps, mean: mean([...z]), deviation: Math.sqrt(variance([...z])) };
  });
}
