/**
 * Ticks of logarithmic axes.
 *
 * @module
 */

/** Multiples of the powers of ten at which there are ticks, from dense to sparse. */
const densities = [
  Array.from({ length: 90 }, (_, i) => (10 + i) / 10),
  Array.from({ length: 45 }, (_, i) => (10 + 2 * i) / 10),
  [1, 1.5, 2, 3, 4, 5, 7],
  [1, 2, 5],
  [1],
];

/** Ticks at round numbers within the domain: the densest that are at most 9. */
export function logTicks([bottom, top]: readonly [number, number]): number[] {
  const first = Math.floor(Math.log10(bottom));
  const last = Math.floor(Math.log10(top));
  let ticks: number[] = [];
  for (const steps of densities) {
    ticks = [];
    for (let exponent = first; exponent <= last; exponent++) {
      for (const step of steps) ticks.push(Number(`${step}e${exponent}`));
    }
    ticks = ticks.filter((tick) => tick >= bottom && tick <= top);
    if (ticks.length <= 9) break;
  }
  return ticks;
}

/** Ticks within the range of values, of which those that are not positive and finite do not count. */
export function logTicksOf(values: readonly number[]): number[] {
  const drawn = values.filter((value) => value > 0 && value < Infinity);
  return drawn.length === 0 ? [] : logTicks([
    drawn.reduce((a, b) => Math.min(a, b)),
    drawn.reduce((a, b) => Math.max(a, b)),
  ]);
}
