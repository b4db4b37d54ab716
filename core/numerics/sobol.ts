/**
 * Sobol's low-discrepancy points.
 *
 * @module
 */
/** Where the scrambling comes from: a seeded stream. */
export interface IntegerSource {
  /** Uniform in {0, ..., n - 1}, for n up to 2^32. */
  integer(n: number): number;
}

const BITS = 32;

// Direction numbers new-joe-kuo-6.21201 of Joe & Kuo 2008, "Constructing Sobol sequences with better
// two-dimensional projections": the primitive polynomial with its leading and last bit, then m_1, m_2, ...
// deno-fmt-ignore
const directions: readonly (readonly [polynomial: number, ...initial: number[]])[] = [
  [1, 1], [3, 1], [7, 1, 3], [11, 1, 3, 1], [13, 1, 1, 1], [19, 1, 1, 3, 3], [25, 1, 3, 5, 13],
  [37, 1, 1, 5, 5, 17], [41, 1, 1, 5, 5, 5], [47, 1, 1, 7, 11, 19], [55, 1, 1, 5, 1, 1],
  [59, 1, 1, 1, 3, 11], [61, 1, 3, 5, 5, 31], [67, 1, 3, 3, 9, 7, 49], [91, 1, 1, 1, 15, 21, 21],
  [97, 1, 3, 1, 13, 27, 49], [103, 1, 1, 1, 15, 7, 5], [109, 1, 3, 1, 15, 13, 25],
  [115, 1, 1, 5, 5, 19, 61], [131, 1, 3, 7, 11, 23, 15, 103], [137, 1, 3, 7, 13, 13, 15, 69],
];

/** The largest dimension with Sobol points. */
export const maxSobolDimension = directions.length;

/** The 32 direction numbers of a dimension, left aligned in 32 bits. */
function directionNumbers(dimension: number): Uint32Array {
  const [polynomial, ...m] = directions[dimension];
  if (dimension === 0) return Uint32Array.from({ length: BITS }, (_, k) => 2 ** (BITS - 1 - k));
  const degree = m.length;
  for (let k = degree; k < BITS; k++) {
    let value = m[k - degree] ^ (m[k - degree] << degree);
    for (let i = 1; i < degree; i++) {
      if ((polynomial >>> (degree - i)) & 1) value ^= m[k - i] << i;
    }
    m.push(value >>> 0);
  }
  return Uint32Array.from(m, (value, k) => value << (BITS - 1 - k));
}

/**
 * The first `count` Sobol points of [0,1)^dimension in Gray code order, flat [count, dimension].
 * With `random` they are scrambled (Matousek 1998: a random lower triangular matrix and a digital
 * shift), which keeps their evenness and makes them a random sample.
 *
 * @throws {RangeError} when the dimension is not in 1..21.
 */
export function sobolPoints(
  count: number,
  dimension: number,
  random?: IntegerSource,
): Float64Array {
  if (!(dimension >= 1 && dimension <= maxSobolDimension)) {
    throw new RangeError(
      `Cannot make Sobol points as 'dimension' must be in 1..${maxSobolDimension}: got ${dimension}`,
    );
  }
  const points = new Float64Array(count * dimension);
  for (let j = 0; j < dimension; j++) {
    const numbers = directionNumbers(j);
    let state = 0;
    if (random !== undefined) {
      scramble(numbers, random);
      state = random.integer(2 ** BITS);
    }
    for (let i = 0; i < count; i++) {
      points[i * dimension + j] = (state >>> 0) / 2 ** BITS;
      state ^= numbers[trailingOnes(i)];
    }
  }
  return points;
}

/** Multiplies the direction numbers by a random lower triangular binary matrix with unit diagonal. */
function scramble(numbers: Uint32Array, random: IntegerSource): void {
  const rows = Uint32Array.from({ length: BITS }, (_, bit) => {
    const diagonal = 2 ** (BITS - 1 - bit);
    return (random.integer(2 ** bit) * 2 * diagonal) + diagonal;
  });
  for (let k = 0; k < BITS; k++) {
    let scrambled = 0;
    for (let bit = 0; bit < BITS; bit++) {
      if (parity(rows[bit] & numbers[k])) scrambled |= 1 << (BITS - 1 - bit);
    }
    numbers[k] = scrambled;
  }
}

/** Whether the number of ones is odd. */
function parity(word: number): boolean {
  word ^= word >>> 16;
  word ^= word >>> 8;
  word ^= word >>> 4;
  word ^= word >>> 2;
  word ^= word >>> 1;
  return (word & 1) === 1;
}

/** The number of ones at the low end of `index`: the bit in which its Gray code changes next. */
function trailingOnes(index: number): number {
  return 31 - Math.clz32(~index & (index + 1));
}
