/**
 * Dense symmetric linear algebra on flat, row-major Float64Arrays: what exact Gaussian process
 * regression needs and no more.
 *
 * @module
 */

/** sum_k a[aOffset + k] b[bOffset + k] over `length` terms; four sums hide the latency of one. */
export function dot(
  a: Float64Array,
  aOffset: number,
  b: Float64Array,
  bOffset: number,
  length: number,
): number {
  let s0 = 0, s1 = 0, s2 = 0, s3 = 0, k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[aOffset + k] * b[bOffset + k];
    s1 += a[aOffset + k + 1] * b[bOffset + k + 1];
    s2 += a[aOffset + k + 2] * b[bOffset + k + 2];
    s3 += a[aOffset + k + 3] * b[bOffset + k + 3];
  }
  for (; k < length; k++) s0 += a[aOffset + k] * b[bOffset + k];
  return (s0 + s1) + (s2 + s3);
}

/**
 * Overwrites the lower triangle of the symmetric `a` [n, n] with its Cholesky factor L, A = L L^T.
 * The upper triangle is neither read nor written.
 *
 * @returns false when A is not positive definite; `a` is then partly overwritten.
 */
export function factorize(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      a[i * n + j] = (a[i * n + j] - dot(a, i * n, a, j * n, j)) / a[j * n + j];
    }
    const pivot = a[i * n + i] - dot(a, i * n, a, i * n, i);
    if (!(pivot > 0) || pivot === Infinity) return false;
    a[i * n + i] = Math.sqrt(pivot);
  }
  return true;
}

/** Jitters added to the diagonal, one after the other, until a factorization succeeds. */
const jitters = [0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3];

/** A Cholesky factor and the jitter that it took. */
export interface Factorization {
  /** L in the lower triangle, [n, n]. */
  factor: Float64Array;
  /** What was added to the diagonal. */
  jitter: number;
}

/**
 * The Cholesky factor of `a` [n, n] + jitter I with the smallest jitter of 0, 1e-8, 1e-7, ..., 1e-3
 * that makes it positive definite. `a` is left alone.
 *
 * @returns undefined when even the largest jitter is not enough.
 */
export function factorizeWithJitter(a: Float64Array, n: number): Factorization | undefined {
  for (const jitter of jitters) {
    const factor = Float64Array.from(a);
    for (let i = 0; i < n; i++) factor[i * n + i] += jitter;
    if (factorize(factor, n)) return { factor, jitter };
  }
  return undefined;
}

/** Writes L^-1 (lower triangular, zeros above) into `out`, for L [n, n] of {@linkcode factorize}. */
export function invertLower(l: Float64Array, n: number, out: Float64Array): void {
  out.fill(0);
  for (let i = 0; i < n; i++) {
    const scale = 1 / l[i * n + i];
    for (let k = 0; k < i; k++) {
      const factor = -scale * l[i * n + k];
      for (let j = 0; j <= k; j++) out[i * n + j] += factor * out[k * n + j];
    }
    out[i * n + i] = scale;
  }
}

/** Writes the lower triangle of A^-1 = L^-T L^-1 into `out`, for `lInverse` [n, n]. */
export function inverseFromFactor(lInverse: Float64Array, n: number, out: Float64Array): void {
  out.fill(0);
  for (let k = 0; k < n; k++) {
    for (let i = 0; i <= k; i++) {
      const factor = lInverse[k * n + i];
      for (let j = 0; j <= i; j++) out[i * n + j] += factor * lInverse[k * n + j];
    }
  }
}

/** Writes M v into `out` for a lower triangular M [n, n]. */
export function multiplyLower(
  m: Float64Array,
  n: number,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) out[i] = dot(m, i * n, v, 0, i + 1);
}

/** Writes M^T v into `out` for a lower triangular M [n, n]. */
export function multiplyLowerTransposed(
  m: Float64Array,
  n: number,
  v: Float64Array,
  out: Float64Array,
): void {
  out.fill(0, 0, n);
  for (let i = 0; i < n; i++) {
    const factor = v[i];
    for (let j = 0; j <= i; j++) out[j] += factor * m[i * n + j];
  }
}
