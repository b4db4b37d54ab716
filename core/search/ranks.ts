/**
 * Which observations stand for all of them where a model cannot take more.
 *
 * @module
 */

/**
 * `size` of the ranks 0 (best) to n - 1, ascending: the better half of them from the top, the others
 * spread evenly over the remaining ranks; all of them when n <= size.
 */
export function representativeRanks(n: number, size: number): number[] {
  if (n <= size) return Array.from({ length: n }, (_, rank) => rank);
  const top = Math.ceil(size / 2), spread = size - top;
  return Array.from(
    { length: size },
    (_, k) => k < top ? k : top + Math.floor(((k - top + 0.5) * (n - top)) / spread),
  );
}
