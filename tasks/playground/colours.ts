/**
 * The colours of a landscape.
 *
 * @module
 */

/** Viridis, from low to high: it reads the same for every kind of colour vision. */
const colours = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
] as const;

/** Red, green and blue, 0..255, of every value: by rank, which shows the shape of flat landscapes, too. */
export function coloursOf(values: Float64Array): number[][] {
  return Array.from(ranksOf(values), (rank) => colourOf(rank / (values.length - 1)));
}

/** How many values are smaller, for each. */
function ranksOf(grid: Float64Array): Int32Array {
  const sorted = grid.slice().sort();
  const ranks = new Map<number, number>();
  sorted.forEach((value, rank) => {
    if (!ranks.has(value)) ranks.set(value, rank);
  });
  return Int32Array.from(grid, (value) => ranks.get(value)!);
}

function colourOf(share: number): number[] {
  const place = share * (colours.length - 1);
  const k = Math.min(Math.floor(place), colours.length - 2);
  return colours[k].map((from, channel) => from + (place - k) * (colours[k + 1][channel] - from));
}
