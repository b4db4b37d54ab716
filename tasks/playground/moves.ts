/**
 * Moves within the unit square.
 *
 * @module
 */

/** Where arrow keys lead. */
export const movesOfKeys: Readonly<Record<string, readonly [number, number] | undefined>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** A point of the unit square, moved within it. */
export function shifted(
  [x, y]: ArrayLike<number> & Iterable<number>,
  [right, up]: readonly [number, number],
  by: number,
): [number, number] {
  const inside = (value: number): number => Math.min(Math.max(value, 0), 1);
  return [inside(x + by * right), inside(y + by * up)];
}
