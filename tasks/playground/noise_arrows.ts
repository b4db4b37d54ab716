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

/** Where the arrows begin: a grid over what is seen of the plane, in the unit square's coordinates, [N, 2]. */
const grid = Float32Array.from({ length: 2 * arrowsAcross ** 2 }, (_, i) => {
  const cell = i >> 1, k = i % 2 === 0 ? cell % arrowsAcross : Math.floor(cell / arrowsAcross);
  return (k + 0.5) / arrowsAcross * (1 + 2 * margin) - margin;
});

/** The same on the centred scale. */
export const arrowQueries: Float32Array = grid.map((x) => 2 * x - 1);

/** Draws arrows to where a step leads: against the predicted noise, [N, 2], of the {@linkcode arrowQueries}. */
export function drawArrows(plane: Plane, noise: Float32Array): void {
  const unit = (1 + 2 * margin) / arrowsAcross;
  const vectors = noise.map((eps, i) => {
    const length = Math.hypot(noise[i & ~1], noise[i | 1]);
    return -0.85 * unit * Math.min(1, length / 2) * eps / Math.max(length, 1e-9);
  });
  plane.arrows(grid, vectors);
}
