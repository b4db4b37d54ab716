/**
 * The Noise Adder: the forward process of the diffusion, and the noise that a prediction stands for.
 *
 * @module
 */
import type { Schedule } from "./schedule.ts";

/** What {@linkcode addNoise} noises. */
export interface CleanPoints {
  /** R points x, [R, d], in [0, 1]. */
  x: Float32Array;
  /** t of every point, [R], in 0..T. */
  timestep: Int32Array;
  /** eps, [R, d], standard normal. */
  noise: Float32Array;
  /** d, the number of hyperparameters. */
  dimension: number;
}

/**
 * Noises points: z_t = sqrt(abar_t) z_0 + sqrt(1 - abar_t) eps with z_0 = 2 x - 1
 * (Ho et al. 2020, Eq. 4, on the centred cube [-1, 1]^d).
 *
 * @returns z_t, [R, d].
 */
export function addNoise(points: CleanPoints, schedule: Schedule): Float32Array {
  const { x, timestep, noise, dimension } = points;
  const noisy = new Float32Array(x.length);
  for (let row = 0; row < timestep.length; row++) {
    const alphaBar = schedule.alphaBar[timestep[row]];
    const signal = Math.sqrt(alphaBar), spread = Math.sqrt(1 - alphaBar);
    for (let j = row * dimension; j < (row + 1) * dimension; j++) {
      noisy[j] = signal * (2 * x[j] - 1) + spread * noise[j];
    }
  }
  return noisy;
}

/**
 * The noise eps = sqrt(abar_t) v + sqrt(1 - abar_t) z_t that a velocity stands for.
 *
 * @param prediction v, [R, d]; z_t, [R, d]; t, [R].
 * @returns eps, [R, d].
 */
export function noiseOfVelocity(
  prediction: { velocity: Float32Array; noisy: Float32Array; timestep: Int32Array },
  schedule: Schedule,
): Float32Array {
  const { velocity, noisy, timestep } = prediction;
  const dimension = velocity.length / timestep.length;
  return velocity.map((v, i) => {
    const alphaBar = schedule.alphaBar[timestep[Math.floor(i / dimension)]];
    return Math.sqrt(alphaBar) * v + Math.sqrt(1 - alphaBar) * noisy[i];
  });
}
