// Small dense matrix products in 128-bit SIMD. Pointers and strides are in bytes; vectors need not
// be aligned. One of the two modules fuses multiplications and additions (relaxed SIMD), as all
// processors of the last ten years can, with the same result on all of them.

/**
 * C = A B, or C += A B.
 *
 * A is [rows, outer * inner]; element (i, (o, k)) lies at a + i * rowA + o * outerA + k * innerA, so
 * that A may be transposed or be gathered from several places. B is [outer * inner, columns] and C is
 * [rows, columns], both with contiguous rows. Multiples of 4 rows and 8 columns are fastest.
 */
export function matmul(
  rows: i32, columns: i32, outer: i32, inner: i32, a: usize, rowA: usize, outerA: usize,
  innerA: usize, b: usize, rowB: usize, c: usize, rowC: usize, accumulate: bool,
): void {
  const columns8 = columns & ~7, columns4 = columns & ~3;
  const sideBySide = rowA == 4 && outer == 1;
  // Where several tiles of C share four rows of A, it pays to lay these side by side first.
  const packs = !sideBySide && innerA == 4 && columns >= 16 && outer * inner <= panelDepth;
  for (let i = 0; i < rows; i += 4) {
    const left = min(4, rows - i);
    const ai = a + <usize>i * rowA, ci = c + <usize>i * rowC;
    if (packs && left == 4) layOutPanel(outer, inner, ai, rowA, outerA);
    for (let j = 0; j < columns8; j += 8) {
      const bj = b + (<usize>j << 2), cj = ci + (<usize>j << 2);
      if (left == 4) {
        if (sideBySide) {
          panel4x8(inner, ai, innerA, bj, rowB, cj, rowC, accumulate);
        } else if (packs) {
          panel4x8(outer * inner, panel, 16, bj, rowB, cj, rowC, accumulate);
        } else {
          tile4x8(outer, inner, ai, rowA, outerA, innerA, bj, rowB, cj, rowC, accumulate);
        }
      } else {
        if (left >= 2) {
          tile2x8(outer, inner, ai, rowA, outerA, innerA, bj, rowB, cj, rowC, accumulate);
        }
        if (left & 1) {
          const last = <usize>(left - 1);
          tile1x8(
            outer, inner, ai + last * rowA, outerA, innerA, bj, rowB, cj + last * rowC, accumulate,
          );
        }
      }
    }
    for (let r: usize = 0; r < <usize>left; r++) {
      const ar = ai + r * rowA, cr = ci + r * rowC;
      if (columns8 < columns4) {
        const j = <usize>columns8 << 2;
        tile1x4(outer, inner, ar, outerA, innerA, b + j, rowB, cr + j, accumulate);
      }
      for (let j = <usize>columns4 << 2; j < <usize>columns << 2; j += 4) {
        tile1x1(outer, inner, ar, outerA, innerA, b + j, rowB, cr + j, accumulate);
      }
    }
  }
}

/** C = A B, or C += A B; A is [rows, inner] with contiguous rows. */
export function multiply(
  rows: i32, columns: i32, inner: i32, a: usize, rowA: usize, b: usize, rowB: usize, c: usize,
  rowC: usize, accumulate: bool,
): void {
  matmul(rows, columns, 1, inner, a, rowA, 0, 4, b, rowB, c, rowC, accumulate);
}

/** C = A^T B, or C += A^T B; A is [inner, rows] with contiguous rows. */
export function multiplyTransposed(
  rows: i32, columns: i32, inner: i32, a: usize, rowA: usize, b: usize, rowB: usize, c: usize,
  rowC: usize, accumulate: bool,
): void {
  matmul(rows, columns, 1, inner, a, 4, 0, rowA, b, rowB, c, rowC, accumulate);
}

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, x: v128, y: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** Address of four rows of A, side by side. */
let panel: usize = 0;
/** The most columns of A that a panel has room for. */
const panelDepth: i32 = 512;
/** Bytes that {@linkcode usePanel} is given. */
export const panelBytes: i32 = panelDepth * 16;

/** Has to be called once, with memory that stays. */
export function usePanel(memory: usize): void {
  panel = memory;
}

/** Lays four rows of A side by side: the four numbers of a column follow each other. */
function layOutPanel(outer: i32, inner: i32, a: usize, rowA: usize, outerA: usize): void {
  let to = panel;
  for (let o = 0; o < outer; o++) {
    transpose(4, inner, a, rowA, to, 16, 1);
    to += <usize>inner << 4;
    a += outerA;
  }
}

/** All lanes equal to the first one of `x`. */
// @ts-ignore: decorator
@inline
function lane0(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
}

// @ts-ignore: decorator
@inline
function lane1(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
}

// @ts-ignore: decorator
@inline
function lane2(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
}

// @ts-ignore: decorator
@inline
function lane3(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}

/**
 * Four rows of A that lie side by side, their columns `innerA` bytes apart. Engines check the bounds of every load:
 * one load of four numbers and four shuffles take less than four loads of one number to all lanes.
 */
function panel4x8(
  inner: i32, a: usize, innerA: usize, b: usize, rowB: usize, c: usize, rowC: usize,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  const c1 = c + rowC, c2 = c1 + rowC, c3 = c2 + rowC;
  if (accumulate) {
    c00 = v128.load(c), c01 = v128.load(c, 16);
    c10 = v128.load(c1), c11 = v128.load(c1, 16);
    c20 = v128.load(c2), c21 = v128.load(c2, 16);
    c30 = v128.load(c3), c31 = v128.load(c3, 16);
  }
  for (let k = 0; k < inner; k++) {
    const x = v128.load(a), b0 = v128.load(b), b1 = v128.load(b, 16);
    const x0 = lane0(x), x1 = lane1(x), x2 = lane2(x), x3 = lane3(x);
    c00 = multiplyAdd(c00, x0, b0), c01 = multiplyAdd(c01, x0, b1);
    c10 = multiplyAdd(c10, x1, b0), c11 = multiplyAdd(c11, x1, b1);
    c20 = multiplyAdd(c20, x2, b0), c21 = multiplyAdd(c21, x2, b1);
    c30 = multiplyAdd(c30, x3, b0), c31 = multiplyAdd(c31, x3, b1);
    a += innerA, b += rowB;
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(c1, c10), v128.store(c1, c11, 16);
  v128.store(c2, c20), v128.store(c2, c21, 16);
  v128.store(c3, c30), v128.store(c3, c31, 16);
}

function tile4x8(
  outer: i32, inner: i32, a: usize, rowA: usize, outerA: usize, innerA: usize, b: usize,
  rowB: usize, c: usize, rowC: usize, accumulate: bool,
): void {
  let c00 = f32x4.splat(0),
    c01 = c00,
    c10 = c00,
    c11 = c00,
    c20 = c00,
    c21 = c00,
    c30 = c00,
    c31 = c00;
  const c1 = c + rowC, c2 = c1 + rowC, c3 = c2 + rowC;
  if (accumulate) {
    c00 = v128.load(c), c01 = v128.load(c, 16);
    c10 = v128.load(c1), c11 = v128.load(c1, 16);
    c20 = v128.load(c2), c21 = v128.load(c2, 16);
    c30 = v128.load(c3), c31 = v128.load(c3, 16);
  }
  for (let o = 0; o < outer; o++) {
    let a0 = a, a1 = a + rowA, a2 = a1 + rowA, a3 = a2 + rowA;
    for (let k = 0; k < inner; k++) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load32_splat(a0);
      c00 = multiplyAdd(c00, x, b0), c01 = multiplyAdd(c01, x, b1);
      x = v128.load32_splat(a1);
      c10 = multiplyAdd(c10, x, b0), c11 = multiplyAdd(c11, x, b1);
      x = v128.load32_splat(a2);
      c20 = multiplyAdd(c20, x, b0), c21 = multiplyAdd(c21, x, b1);
      x = v128.load32_splat(a3);
      c30 = multiplyAdd(c30, x, b0), c31 = multiplyAdd(c31, x, b1);
      a0 += innerA, a1 += innerA, a2 += innerA, a3 += innerA;
      b += rowB;
    }
    a += outerA;
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(c1, c10), v128.store(c1, c11, 16);
  v128.store(c2, c20), v128.store(c2, c21, 16);
  v128.store(c3, c30), v128.store(c3, c31, 16);
}

function tile2x8(
  outer: i32, inner: i32, a: usize, rowA: usize, outerA: usize, innerA: usize, b: usize,
  rowB: usize, c: usize, rowC: usize, accumulate: bool,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00;
  const c1 = c + rowC;
  if (accumulate) {
    c00 = v128.load(c), c01 = v128.load(c, 16);
    c10 = v128.load(c1), c11 = v128.load(c1, 16);
  }
  for (let o = 0; o < outer; o++) {
    let a0 = a, a1 = a + rowA;
    for (let k = 0; k < inner; k++) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load32_splat(a0);
      c00 = multiplyAdd(c00, x, b0), c01 = multiplyAdd(c01, x, b1);
      x = v128.load32_splat(a1);
      c10 = multiplyAdd(c10, x, b0), c11 = multiplyAdd(c11, x, b1);
      a0 += innerA, a1 += innerA;
      b += rowB;
    }
    a += outerA;
  }
  v128.store(c, c00), v128.store(c, c01, 16);
  v128.store(c1, c10), v128.store(c1, c11, 16);
}

function tile1x8(
  outer: i32, inner: i32, a: usize, outerA: usize, innerA: usize, b: usize, rowB: usize, c: usize,
  accumulate: bool,
): void {
  let c0 = f32x4.splat(0), c1 = c0;
  if (accumulate) c0 = v128.load(c), c1 = v128.load(c, 16);
  for (let o = 0; o < outer; o++) {
    let at = a;
    for (let k = 0; k < inner; k++) {
      const x = v128.load32_splat(at);
      c0 = multiplyAdd(c0, x, v128.load(b)), c1 = multiplyAdd(c1, x, v128.load(b, 16));
      at += innerA, b += rowB;
    }
    a += outerA;
  }
  v128.store(c, c0), v128.store(c, c1, 16);
}

function tile1x4(
  outer: i32, inner: i32, a: usize, outerA: usize, innerA: usize, b: usize, rowB: usize, c: usize,
  accumulate: bool,
): void {
  let sum = f32x4.splat(0);
  if (accumulate) sum = v128.load(c);
  for (let o = 0; o < outer; o++) {
    let at = a;
    for (let k = 0; k < inner; k++) {
      sum = multiplyAdd(sum, v128.load32_splat(at), v128.load(b));
      at += innerA, b += rowB;
    }
    a += outerA;
  }
  v128.store(c, sum);
}

function tile1x1(
  outer: i32, inner: i32, a: usize, outerA: usize, innerA: usize, b: usize, rowB: usize, c: usize,
  accumulate: bool,
): void {
  let sum: f32 = accumulate ? load<f32>(c) : 0;
  for (let o = 0; o < outer; o++) {
    let at = a;
    for (let k = 0; k < inner; k++) {
      sum += load<f32>(at) * load<f32>(b);
      at += innerA, b += rowB;
    }
    a += outerA;
  }
  store<f32>(c, sum);
}

/** out[j, i] = scale * x[i, j]; x [rows, columns] with stride rowX; out has stride rowOut. */
export function transpose(
  rows: i32, columns: i32, x: usize, rowX: usize, out: usize, rowOut: usize, scale: f32,
): void {
  const factor = f32x4.splat(scale);
  const rows4 = rows & ~3, columns4 = columns & ~3;
  for (let i = 0; i < rows4; i += 4) {
    for (let j = 0; j < columns4; j += 4) {
      const from = x + <usize>i * rowX + (<usize>j << 2);
      const r0 = f32x4.mul(v128.load(from), factor), r1 = f32x4.mul(v128.load(from + rowX), factor);
      const r2 = f32x4.mul(v128.load(from + 2 * rowX), factor),
        r3 = f32x4.mul(v128.load(from + 3 * rowX), factor);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      const to = out + <usize>j * rowOut + (<usize>i << 2);
      v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
      v128.store(to + rowOut, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
      v128.store(to + 2 * rowOut, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
      v128.store(to + 3 * rowOut, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = i < rows4 ? columns4 : 0; j < columns; j++) {
      store<f32>(
        out + <usize>j * rowOut + (<usize>i << 2),
        scale * load<f32>(x + <usize>i * rowX + (<usize>j << 2)),
      );
    }
  }
}

/**
 * Copies x, [rows, columns] with stride rowX, to contiguous rows; `columns` is a multiple of 4. Rows
 * that are a power of two apart displace each other from the cache when they are read repeatedly.
 */
export function pack(rows: i32, columns: i32, x: usize, rowX: usize, out: usize): void {
  const bytes = <usize>columns << 2;
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < bytes; j += 16) v128.store(out + j, v128.load(x + j));
    x += rowX, out += bytes;
  }
}

/** sums[j] += sum over rows of x[i, j]. */
export function addColumnSums(rows: i32, columns: i32, x: usize, rowX: usize, sums: usize): void {
  const end4 = <usize>(columns & ~3) << 2, end = <usize>columns << 2;
  for (let j: usize = 0; j < end4; j += 16) {
    let sum = v128.load(sums + j);
    for (let i = 0; i < rows; i++) sum = f32x4.add(sum, v128.load(x + <usize>i * rowX + j));
    v128.store(sums + j, sum);
  }
  for (let j = end4; j < end; j += 4) {
    let sum = load<f32>(sums + j);
    for (let i = 0; i < rows; i++) sum += load<f32>(x + <usize>i * rowX + j);
    store<f32>(sums + j, sum);
  }
}
