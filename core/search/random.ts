/**
 * Seeded random streams. Every random number of this package comes from a {@linkcode Random} that
 * was derived from a key such as `(seed, space, dataset, init, trial)`, so that no result depends on
 * the order in which work was done.
 *
 * @module
 */
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

/** A part of a stream's key. Numbers and strings are different parts: `1` is not `"1"`. */
export type KeyPart = number | string;

/** A stream of pseudo-random numbers (xoroshiro128+), identified by its key. */
export class Random {
  readonly #generator: JumpableRandomGenerator;
  #spareNormal: number | undefined;

  private constructor(generator: JumpableRandomGenerator, spareNormal?: number) {
    this.#generator = generator;
    this.#spareNormal = spareNormal;
  }

  /** The stream of a key: equal keys give equal streams, other keys give unrelated ones. */
  static of(...key: readonly KeyPart[]): Random {
    return new Random(xoroshiro128plusFromState(hashKey(key)));
  }

  /** Continues a stream from {@linkcode Random.state}. */
  static fromState(state: readonly number[]): Random {
    return new Random(xoroshiro128plusFromState(state.slice(0, 4)), state[4]);
  }

  /** Everything that is needed to continue this stream: a JSON-serializable list of numbers. */
  get state(): number[] {
    const state = [...this.#generator.getState()];
    if (this.#spareNormal !== undefined) state.push(this.#spareNormal);
    return state;
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    const high = this.#generator.next() >>> 6; // 26 bits
    const low = this.#generator.next() >>> 5; // 27 bits
    return (high * 0x8000000 + low) / 0x20000000000000;
  }

  /** Uniform integer in {0, ..., n - 1}, for 1 <= n <= 2^32 (the bias is below n / 2^53). */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal (Box-Muller in Marsaglia's polar form). */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    let u: number, v: number, s: number;
    do {
      u = 2 * this.uniform() - 1;
      v = 2 * this.uniform() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const factor = Math.sqrt((-2 * Math.log(s)) / s);
    this.#spareNormal = v * factor;
    return u * factor;
  }

  /** A random ordering of {0, ..., n - 1} (Fisher-Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /** A uniform point of [0, 1)^d. */
  point(dimension: number): Float64Array {
    const point = new Float64Array(dimension);
    for (let j = 0; j < dimension; j++) point[j] = this.uniform();
    return point;
  }
}

/**
 * A 32-bit seed for the part of the work named by `key`: what is handed to an algorithm's `seed`
 * option for one run, e.g. `deriveSeed(seed, space, dataset, init)`.
 */
export function deriveSeed(...key: readonly KeyPart[]): number {
  return hashKey(key)[0] >>> 0;
}

/** Hashes a key to four 32-bit words (cyrb128, finished with murmur3's mixer). */
function hashKey(key: readonly KeyPart[]): number[] {
  const text = JSON.stringify(key);
  let h1 = 1779033703, h2 = 3144134277, h3 = 1013904242, h4 = 2773480762;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  const words = [h1 ^ h2 ^ h3 ^ h4, h2 ^ h1, h3 ^ h1, h4 ^ h1].map(mix);
  return words.every((word) => word === 0) ? [1, 0, 0, 0] : words; // an all-zero state never moves
}

function mix(word: number): number {
  word ^= word >>> 16;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  word = Math.imul(word, 0xc2b2ae35);
  return (word ^ (word >>> 16)) | 0;
}
