/**
 * Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"): steps of
 * matrices along the orthogonalized moment of their gradients.
 *
 * @module
 */

/** A matrix inside a flat vector, by rows. */
export interface MatrixPart {
  /** Index of its first element. */
  readonly offset: number;
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
}

/** Decay of the gradient's moving average; Nesterov's form adds the present gradient once more. */
export const muonMomentum = 0.95;

/** Coefficients of the quintic iteration, chosen by its authors for a steep rise at 0. */
const [a, b, c] = [3.4445, -4.775, 2.0315];
const iterations = 5;

/**
 * The directions of matrices: the nearest semi-orthogonal ones to their moments, about, scaled so that a step
 * changes a weight as much as one of AdamW, whatever the shape (Liu et al. 2025, "Muon is scalable").
 *
 * @param moments Flat vector that holds the matrices' moments.
 * @param scale Root mean square of the elements of a direction.
 * @returns A flat vector like `moments` with the directions in the places of the matrices, and NaN elsewhere.
 */
export function muonDirections(
  moments: Float64Array,
  matrices: readonly MatrixPart[],
  scale: number,
): Float64Array {
  const directions = new Float64Array(moments.length).fill(NaN);
  for (const { offset, rows, columns } of matrices) {
    const matrix = moments.subarray(offset, offset + rows * columns);
    const factor = scale * Math.sqrt(Math.max(rows, columns));
    orthogonalized(matrix, rows, columns).forEach((value, i) =>
      directions[offset + i] = factor * value
    );
  }
  return directions;
}

/**
 * A matrix with about the same singular vectors, and singular values of 0.7 to 1.2 in place of all that are not tiny:
 * X <- a X + b (X X^T) X + c (X X^T)^2 X, from X / |X|_F.
 *
 * @param matrix Its elements by rows.
 */
export function orthogonalized(
  matrix: Float64Array,
  rows: number,
  columns: number,
): Float64Array {
  if (rows > columns) {
    const result = orthogonalized(transposed(matrix, rows, columns), columns, rows);
    return transposed(result, columns, rows);
  }
  const norm = Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0));
  if (norm === 0) return new Float64Array(matrix.length);
  let x: Float64Array = matrix.map((value) => value / norm);
  for (let i = 0; i < iterations; i++) {
    const gram = productWithTranspose(x, rows, columns);
    const polynomial = productWithTranspose(gram, rows, rows); // a gram matrix is symmetric
    for (let k = 0; k < polynomial.length; k++) polynomial[k] = b * gram[k] + c * polynomial[k];
    for (let k = 0; k < rows; k++) polynomial[k * rows + k] += a;
    x = product(polynomial, x, rows, columns);
  }
  return x;
}

function transposed(x: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(x.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = x[i * columns + j];
  }
  return result;
}

/** X X^T; two rows by two at a time, as a sum waits for its last addition. */
function productWithTranspose(x: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i += 2) {
    const i1 = Math.min(i + 1, rows - 1);
    for (let j = 0; j <= i; j += 2) {
      const j1 = Math.min(j + 1, rows - 1);
      let s00 = 0, s01 = 0, s10 = 0, s11 = 0;
      for (let k = 0; k < columns; k++) {
        const x0 = x[i * columns + k], x1 = x[i1 * columns + k];
        const y0 = x[j * columns + k], y1 = x[j1 * columns + k];
        s00 += x0 * y0;
        s01 += x0 * y1;
        s10 += x1 * y0;
        s11 += x1 * y1;
      }
      result[i * rows + j] = result[j * rows + i] = s00;
      result[i * rows + j1] = result[j1 * rows + i] = s01;
      result[i1 * rows + j] = result[j * rows + i1] = s10;
      result[i1 * rows + j1] = result[j1 * rows + i1] = s11;
    }
  }
  return result;
}

/** P X of a square P, two terms of the sums at a time. */
function product(p: Float64Array, x: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = result.subarray(i * columns, (i + 1) * columns);
    for (let k = 0; k < rows; k += 2) {
      const p0 = p[i * rows + k], p1 = k + 1 < rows ? p[i * rows + k + 1] : 0;
      const x0 = k * columns, x1 = Math.min(k + 1, rows - 1) * columns;
      for (let j = 0; j < columns; j++) row[j] += p0 * x[x0 + j] + p1 * x[x1 + j];
    }
  }
  return result;
}
