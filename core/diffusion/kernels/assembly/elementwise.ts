// Exponential, GELU, softmax and normalization, four lanes at a time.

import { panelBytes, usePanel } from "./matmul";

/** Address of the constants of {@linkcode exp}: engines keep those in code slower than memory. */
let expTable: usize = 0;

/** Bytes that {@linkcode initialize} is given: for the constants, then for the panel of `matmul.ts`. */
export const constantBytes: i32 = 14 * 16 + panelBytes;

/** Has to be called once, with memory that stays. */
export function initialize(memory: usize): void {
  expTable = memory;
  usePanel(memory + 14 * 16);
  setConstant(0, 88);
  setConstant(1, -87);
  setConstant(2, 1.44269504088896341); // 1 / ln 2
  setConstant(3, 12582912); // 1.5 * 2^23: added and subtracted again, it rounds to an integer
  setConstant(4, 0.693359375); // ln 2 in two parts
  setConstant(5, -2.12194440e-4);
  setConstant(6, 1.9875691500e-4); // polynomial of Cephes' expf, highest power first
  setConstant(7, 1.3981999507e-3);
  setConstant(8, 8.3334519073e-3);
  setConstant(9, 4.1665795894e-2);
  setConstant(10, 1.6666665459e-1);
  setConstant(11, 5.0000001201e-1);
  setConstant(12, 1);
  v128.store(memory + 13 * 16, i32x4.splat(127)); // bias of the exponent
}

function setConstant(index: usize, value: f32): void {
  v128.store(expTable + index * 16, f32x4.splat(value));
}

/** e^x to about 1e-7 relative: range reduction by ln 2 and a polynomial; `c` is {@linkcode expTable}. */
// @ts-ignore: decorator
@inline
function exp(x: v128, c: usize): v128 {
  x = f32x4.pmax(f32x4.pmin(x, v128.load(c)), v128.load(c, 16));
  const shifted = f32x4.add(f32x4.mul(x, v128.load(c, 32)), v128.load(c, 48));
  const n = f32x4.sub(shifted, v128.load(c, 48));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, v128.load(c, 64))), f32x4.mul(n, v128.load(c, 80)));
  const r2 = f32x4.mul(r, r);
  const p54 = f32x4.add(f32x4.mul(v128.load(c, 96), r), v128.load(c, 112));
  const p32 = f32x4.add(f32x4.mul(v128.load(c, 128), r), v128.load(c, 144));
  const p10 = f32x4.add(f32x4.mul(v128.load(c, 160), r), v128.load(c, 176));
  const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(p54, r2), p32), r2), p10);
  const mantissa = f32x4.add(f32x4.mul(r2, p), f32x4.add(r, v128.load(c, 192)));
  // n stands in the low bits of `shifted`: moved into the exponent it is 2^n.
  return f32x4.mul(mantissa, i32x4.shl(i32x4.add(shifted, v128.load(c, 208)), 23));
}

// @ts-ignore: decorator
@inline
function laneSum(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

const sqrt2OverPi: f32 = 0.7978845608028654;
const cubic: f32 = 0.044715;

/** out = gelu(x) = x sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3)). `count` is a multiple of 4. */
export function gelu(count: i32, x: usize, out: usize): void {
  const c = expTable;
  for (let i: usize = 0; i < <usize>count << 2; i += 16) {
    const v = v128.load(x + i);
    v128.store(out + i, f32x4.mul(v, geluGate(v, c)));
  }
}

/** Also the gradient: out = gelu(x), d = d * gelu'(x). */
export function geluBackward(count: i32, x: usize, out: usize, d: usize): void {
  const c = expTable;
  const one = f32x4.splat(1);
  for (let i: usize = 0; i < <usize>count << 2; i += 16) {
    const v = v128.load(x + i);
    const gate = geluGate(v, c);
    const value = f32x4.mul(v, gate);
    v128.store(out + i, value);
    const inner = f32x4.add(
      f32x4.splat(2 * sqrt2OverPi),
      f32x4.mul(f32x4.splat(6 * sqrt2OverPi * cubic), f32x4.mul(v, v)),
    );
    const slope = f32x4.add(gate, f32x4.mul(f32x4.mul(value, f32x4.sub(one, gate)), inner));
    v128.store(d + i, f32x4.mul(v128.load(d + i), slope));
  }
}

// @ts-ignore: decorator
@inline
function geluGate(v: v128, c: usize): v128 {
  const one = f32x4.splat(1);
  const inner = f32x4.mul(v, f32x4.add(one, f32x4.mul(f32x4.splat(cubic), f32x4.mul(v, v))));
  return f32x4.div(one, f32x4.add(one, exp(f32x4.mul(f32x4.splat(-2 * sqrt2OverPi), inner), c)));
}

/** All bits set in lanes below n - j, for a vector that starts at column j. */
// @ts-ignore: decorator
@inline
function lanesBelow(n: i32, j: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n - j));
}

/** Softmax in place over the first n of `padded` columns (a multiple of 4); the rest become 0. */
export function softmax(rows: i32, n: i32, padded: i32, x: usize): void {
  const c = expTable;
  for (let i = 0; i < rows; i++) {
    let largest = f32x4.splat(-Infinity);
    for (let j = 0; j < padded; j += 4) {
      const v = v128.load(x + (<usize>j << 2));
      largest = f32x4.pmax(
        largest, j + 4 <= n ? v : v128.bitselect(v, f32x4.splat(-Infinity), lanesBelow(n, j)),
      );
    }
    largest = f32x4.pmax(largest, v128.shuffle<f32>(largest, largest, 2, 3, 0, 1));
    largest = f32x4.pmax(largest, v128.shuffle<f32>(largest, largest, 1, 0, 3, 2));
    let sum = f32x4.splat(0);
    for (let j = 0; j < padded; j += 4) {
      let v = exp(f32x4.sub(v128.load(x + (<usize>j << 2)), largest), c);
      if (j + 4 > n) v = v128.and(v, lanesBelow(n, j));
      sum = f32x4.add(sum, v);
      v128.store(x + (<usize>j << 2), v);
    }
    const factor = f32x4.splat(1 / laneSum(sum));
    for (let j = 0; j < padded; j += 4) {
      v128.store(x + (<usize>j << 2), f32x4.mul(v128.load(x + (<usize>j << 2)), factor));
    }
    x += <usize>padded << 2;
  }
}

/** d = scale * p * (d - sum(p * d)), row by row: from the gradient of a softmax to that of its logits. */
export function softmaxBackward(rows: i32, padded: i32, p: usize, d: usize, scale: f32): void {
  const bytes = <usize>padded << 2;
  const factor = f32x4.splat(scale);
  for (let i = 0; i < rows; i++) {
    let dot = f32x4.splat(0);
    for (let j: usize = 0; j < bytes; j += 16) {
      dot = f32x4.add(dot, f32x4.mul(v128.load(p + j), v128.load(d + j)));
    }
    const mean = f32x4.splat(laneSum(dot));
    for (let j: usize = 0; j < bytes; j += 16) {
      v128.store(
        d + j, f32x4.mul(f32x4.mul(v128.load(p + j), factor), f32x4.sub(v128.load(d + j), mean)),
      );
    }
    p += bytes, d += bytes;
  }
}

const rmsEpsilon: f32 = 1e-5;

/**
 * u = x / rms(x) * gain, then u (1 + scale) + shift where `modulation` is given.
 *
 * Tokens lie point by point, `dimension` of them a point, `width` floats each; a point's scale lies
 * at modulation + point * rowModulation and its shift `width` floats behind. 1 / rms goes to `roots`.
 */
export function normalize(
  points: i32, dimension: i32, width: i32, x: usize, gain: usize, modulation: usize,
  rowModulation: usize, roots: usize, u: usize,
): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < points; i++) {
    for (let t = 0; t < dimension; t++) {
      let squares = f32x4.splat(0);
      for (let j: usize = 0; j < bytes; j += 16) {
        const v = v128.load(x + j);
        squares = f32x4.add(squares, f32x4.mul(v, v));
      }
      const root: f32 = 1 / sqrt<f32>(laneSum(squares) / <f32>width + rmsEpsilon);
      store<f32>(roots, root);
      const factor = f32x4.splat(root);
      for (let j: usize = 0; j < bytes; j += 16) {
        let v = f32x4.mul(f32x4.mul(v128.load(x + j), factor), v128.load(gain + j));
        if (modulation) {
          const scale = f32x4.add(f32x4.splat(1), v128.load(modulation + j));
          v = f32x4.add(f32x4.mul(v, scale), v128.load(modulation + bytes + j));
        }
        v128.store(u + j, v);
      }
      x += bytes, u += bytes, roots += 4;
    }
    if (modulation) modulation += rowModulation;
  }
}

/**
 * The gradient of {@linkcode normalize}: dx += ..., dgain += ..., and the point's dscale, dshift,
 * which are set.
 */
export function normalizeBackward(
  points: i32, dimension: i32, width: i32, x: usize, gain: usize, modulation: usize,
  rowModulation: usize, roots: usize, du: usize, dx: usize, dgain: usize, dmodulation: usize,
): void {
  const bytes = <usize>width << 2;
  for (let i = 0; i < points; i++) {
    if (modulation) memory.fill(dmodulation, 0, 2 * bytes);
    for (let t = 0; t < dimension; t++) {
      const root = load<f32>(roots);
      const factor = f32x4.splat(root);
      let dots = f32x4.splat(0);
      for (let j: usize = 0; j < bytes; j += 16) {
        let d = v128.load(du + j);
        const g = v128.load(gain + j), v = v128.load(x + j);
        const unit = f32x4.mul(v, factor);
        if (modulation) {
          v128.store(dmodulation + bytes + j, f32x4.add(v128.load(dmodulation + bytes + j), d));
          v128.store(
            dmodulation + j,
            f32x4.add(v128.load(dmodulation + j), f32x4.mul(d, f32x4.mul(unit, g))),
          );
          d = f32x4.mul(d, f32x4.add(f32x4.splat(1), v128.load(modulation + j)));
        }
        v128.store(dgain + j, f32x4.add(v128.load(dgain + j), f32x4.mul(d, unit)));
        dots = f32x4.add(dots, f32x4.mul(f32x4.mul(d, g), v));
      }
      const share = f32x4.splat(laneSum(dots) * root * root / <f32>width);
      for (let j: usize = 0; j < bytes; j += 16) {
        let d = f32x4.mul(v128.load(du + j), v128.load(gain + j));
        if (modulation) d = f32x4.mul(d, f32x4.add(f32x4.splat(1), v128.load(modulation + j)));
        d = f32x4.sub(d, f32x4.mul(v128.load(x + j), share));
        v128.store(dx + j, f32x4.add(v128.load(dx + j), f32x4.mul(d, factor)));
      }
      x += bytes, du += bytes, dx += bytes, roots += 4;
    }
    if (modulation) modulation += rowModulation, dmodulation += rowModulation;
  }
}

/** out = [mean, largest] over the `dimension` tokens of every point, [points, 2 width]. */
export function meanAndMax(points: i32, dimension: i32, width: i32, x: usize, out: usize): void {
  const bytes = <usize>width << 2;
  const factor = f32x4.splat(1 / <f32>dimension);
  for (let i = 0; i < points; i++) {
    for (let j: usize = 0; j < bytes; j += 16) {
      let sum = f32x4.splat(0), largest = f32x4.splat(-Infinity);
      for (let t: usize = 0; t < <usize>dimension; t++) {
        const v = v128.load(x + t * bytes + j);
        sum = f32x4.add(sum, v);
        largest = f32x4.pmax(largest, v);
      }
      v128.store(out + j, f32x4.mul(sum, factor));
      v128.store(out + bytes + j, largest);
    }
    x += <usize>dimension * bytes, out += 2 * bytes;
  }
}

/** The gradient of {@linkcode meanAndMax}; every token that is equal to the largest receives its. */
export function meanAndMaxBackward(
  points: i32, dimension: i32, width: i32, x: usize, out: usize, dOut: usize, dx: usize,
): void {
  const bytes = <usize>width << 2;
  const factor = f32x4.splat(1 / <f32>dimension);
  for (let i = 0; i < points; i++) {
    for (let j: usize = 0; j < bytes; j += 16) {
      const dMean = f32x4.mul(v128.load(dOut + j), factor);
      const largest = v128.load(out + bytes + j), dLargest = v128.load(dOut + bytes + j);
      for (let t: usize = 0; t < <usize>dimension; t++) {
        const at = t * bytes + j;
        const share = v128.and(dLargest, f32x4.eq(v128.load(x + at), largest));
        v128.store(dx + at, f32x4.add(dMean, share));
      }
    }
    x += <usize>dimension * bytes, dx += <usize>dimension * bytes;
    out += 2 * bytes, dOut += 2 * bytes;
  }
}
