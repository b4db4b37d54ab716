/**
 * The predicted noise, as arrows over the plane.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Plane } from "./plane.ts";

/** How much of the plane is seen around the search space. */
export const margin = 0.45;
/** Arrows along each side. */
const arrowsAcross = 17;

/** Where the arrows begin: a grid over what is seen of the plane, on the centred scale, [N, 2]. */
export const arrowQueries: Float32Array = Float32Array.from(
  { length: 2 * arrowsAcross ** 2 },
  (_, i) => {
    const cell = i >> 1, k = i % 2 === 0 ? cell % arrowsAcross : Math.floor(cell / arrowsAcross);
    return 2 * ((k + 0.5) / arrowsAcross * (1 + 2 * margin) - margin) - 1;
  },
);

/** Draws arrows to where a step leads: against the predicted noise, [N, 2], of the {@linkcode arrowQueries}. */
export function drawArrows(plane: Plane, noise: Float32Array): void {
  const unit = (1 + 2 * margin) / arrowsAcross;
  for (let i = 0; i < noise.length; i += 2) {
    const length = Math.hypot(noise[i], noise[i + 1]);
    const size = unit * 0.85 * Math.min(1, length / 2) / Math.max(length, 1e-9);
    const from = [(arrowQueries[i] + 1) / 2, (arrowQueries[i + 1] + 1) / 2];
    plane.arrow(from, [-size * noise[i], -size * noise[i + 1]]);
  }
}
