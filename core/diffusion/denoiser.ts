/**
 * The Denoiser: the reverse process, from pure noise to suggestions.
 *
 * @module
 */
import type { QueryBatch } from "./features.ts";
import { noiseOfVelocity } from "./noise_adder.ts";
import { stridedTimesteps } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";
import { flagValues } from "./training_batch.ts";
import type { ContextEmbedding } from "./transformer.ts";

/** A source of standard normal numbers, such as {@linkcode Random}. */
export interface NormalSource {
  /** The next standard normal number. */
  normal(): number;
}

/** The default number of denoising steps. */
export const defaultDenoisingSteps = 16;

/** How many contexts there are, and of which dimension. */
export type ContextShape = Pick<ContextEmbedding, "contexts" | "dimension">;

/** What predicts velocities: a {@linkcode Network}, or what stands for one. */
export interface VelocityPredictor<C extends ContextShape> {
  /** The table of the noise schedule. */
  readonly schedule: Schedule;
  /** The velocity of every query, [B, N, D]. */
  predictVelocity(queries: QueryBatch, context: C): Promise<Float32Array>;
}

/** Options of {@linkcode denoise}. */
export interface DenoiseOptions {
  /** Where all noise comes from. */
  random: NormalSource;
  /** S, the number of points to generate for each context. @default {1} */
  samples?: number;
  /** Number of denoising steps, 1..T; the T timesteps are strided evenly. @default {16} */
  steps?: number;
  /**
   * w of classifier-free guidance between I = 1 and I = 0: eps_1 + w (eps_1 - eps_0).
   * 0 conditions on I = 1 alone. @default {0}
   */
  guidance?: number;
  /**
   * How a step is made. `"ancestral"`: x_0 is predicted, clipped to the box, and z sampled from the
   * posterior given x_0; works at any stride. `"literal"`: Algorithm 2 of Ho et al. with
   * sigma_t^2 = beta_t, without clipping in between; needs all T steps.
   * @default {"ancestral"}
   */
  rule?: "ancestral" | "literal";
  /**
   * Called with t and z_t, [B, S, d], for every timestep that is visited, from T down to 0. z_t is
   * not to be changed. @default {none}
   */
  onStep?: (t: number, z: Float32Array) => void;
}

/**
 * Generates points from p(x | I = 1, C): starts from z_T ~ N(0, I) and denoises step by step.
 *
 * @param context embedding of B contexts.
 * @returns points, [B, S, d], in [0, 1].
 */
export async function denoise<C extends ContextShape>(
  network: VelocityPredictor<C>,
  context: C,
  options: DenoiseOptions,
): Promise<Float32Array> {
  const { random, samples = 1, steps = defaultDenoisingSteps, rule = "ancestral" } = options;
  const { guidance = 0, onStep } = options;
  const { schedule } = network;
  if (rule === "literal" && steps !== schedule.steps) {
    throw new RangeError(
      `Cannot denoise as 'steps' must be ${schedule.steps} for the literal rule: got ${steps}`,
    );
  }
  const normals = (): Float32Array =>
    Float32Array.from(
      { length: context.contexts * samples * context.dimension },
      () => random.normal(),
    );
  const timesteps = stridedTimesteps(steps);
  let z = normals();
  for (let k = 0; k < steps; k++) {
    const t = timesteps[k], next = timesteps[k + 1];
    onStep?.(t, z);
    const velocity = await guidedVelocity(network, context, { z, t, samples, guidance });
    const noise = next === 0 ? undefined : normals();
    if (rule === "literal") {
      const eps = noiseOfVelocity({ velocity, noisy: z, timestep: Int32Array.of(t) }, schedule);
      z = literalStep({ z, eps, t, noise }, schedule);
    } else z = ancestralStep({ z, velocity, t, next, noise }, schedule);
  }
  onStep?.(0, z);
  return z.map((value) => (Math.min(Math.max(value, -1), 1) + 1) / 2);
}

/** v_1 + w (v_1 - v_0), the same as guiding eps; both flags in one pass of the network. */
async function guidedVelocity<C extends ContextShape>(
  network: VelocityPredictor<C>,
  context: C,
  state: { z: Float32Array; t: number; samples: number; guidance: number },
): Promise<Float32Array> {
  const { z, t, samples, guidance } = state;
  const passes = guidance === 0 ? 1 : 2;
  const rows = passes * samples * context.contexts;
  const size = samples * context.dimension; // of one context and pass
  const queries: QueryBatch = {
    queries: passes * samples,
    noisy: new Float32Array(passes * z.length),
    timestep: new Int32Array(rows).fill(t),
    improvementFlag: new Int32Array(rows).fill(flagValues.worse),
  };
  for (let b = 0; b < context.contexts; b++) {
    const own = z.subarray(b * size, (b + 1) * size), at = b * passes;
    for (let pass = 0; pass < passes; pass++) queries.noisy.set(own, (at + pass) * size);
    queries.improvementFlag.fill(flagValues.better, at * samples, (at + 1) * samples);
  }
  const velocity = await network.predictVelocity(queries, context);
  if (guidance === 0) return velocity;
  return z.map((_, i) => {
    const at = i + Math.floor(i / size) * size;
    const better = velocity[at], worse = velocity[at + size];
    return better + guidance * (better - worse);
  });
}

/** One step of Algorithm 2 of Ho et al. (2020), with sigma_t^2 = beta_t. */
export function literalStep(
  state: { z: Float32Array; eps: Float32Array; t: number; noise?: Float32Array | undefined },
  schedule: Schedule,
): Float32Array {
  const { z, eps, t, noise } = state;
  const alpha = schedule.alpha[t], beta = schedule.beta[t];
  const share = beta / Math.sqrt(1 - schedule.alphaBar[t]);
  const sigma = Math.sqrt(beta);
  return z.map((value, i) =>
    (value - share * eps[i]) / Math.sqrt(alpha) + (noise === undefined ? 0 : sigma * noise[i])
  );
}

/**
 * One step from t to `next` < t of ancestral sampling: Eq. 12 and 16 (eta = 1) of Song et al.
 * (2021) with x_0 clipped to the box. With `next` = t - 1 it is the posterior of Ho et al., Eq. 7.
 */
export function ancestralStep(
  state: {
    z: Float32Array;
    velocity: Float32Array;
    t: number;
    next: number;
    noise?: Float32Array | undefined;
  },
  schedule: Schedule,
): Float32Array {
  const { z, velocity, t, next, noise } = state;
  const alphaBar = schedule.alphaBar[t], nextAlphaBar = schedule.alphaBar[next];
  const signal = Math.sqrt(alphaBar), spread = Math.sqrt(1 - alphaBar);
  const variance = ((1 - nextAlphaBar) / (1 - alphaBar)) * (1 - alphaBar / nextAlphaBar);
  const direction = Math.sqrt(Math.max(1 - nextAlphaBar - variance, 0));
  return z.map((value, i) => {
    const clean = Math.min(Math.max(signal * value - spread * velocity[i], -1), 1);
    const eps = (value - signal * clean) / spread;
    return Math.sqrt(nextAlphaBar) * clean + direction * eps +
      (noise === undefined ? 0 : Math.sqrt(variance) * noise[i]);
  });
}
