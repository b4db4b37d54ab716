/**
 * The Noise Adder: the forward process of the diffusion.
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
