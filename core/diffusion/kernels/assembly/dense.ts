// Dense layers, 64 rows at a time.

import { addColumnSums, multiply, multiplyTransposed, transpose } from "./matmul";

const chunk = 64;

/**
 * y = x W^T + bias; x [rows, inputs], W [outputs, inputs], bias [outputs] or 0, y [rows, outputs];
 * weightT is scratch for inputs * outputs floats.
 */
export function dense(
  rows: i32, inputs: i32, outputs: i32, x: usize, weight: usize, bias: usize, weightT: usize,
  y: usize,
): void {
  const rowX = <usize>inputs * 4, rowY = <usize>outputs * 4;
  transpose(outputs, inputs, weight, rowX, weightT, rowY, 1);
  for (let i = 0; i < rows; i += chunk) {
    const count = min(chunk, rows - i);
    if (bias) {
      for (let r: usize = 0; r < <usize>count; r++) memory.copy(y + r * rowY, bias, rowY);
    }
    multiply(count, outputs, inputs, x, rowX, weightT, rowY, y, rowY, bias != 0);
    x += <usize>count * rowX, y += <usize>count * rowY;
  }
}

/** The gradient of {@linkcode dense}: dx is set, dweight and dbias (or 0) are added to. */
export function denseBackward(
  rows: i32, inputs: i32, outputs: i32, x: usize, weight: usize, dy: usize, dx: usize,
  dweight: usize, dbias: usize,
): void {
  const rowX = <usize>inputs * 4, rowY = <usize>outputs * 4;
  for (let i = 0; i < rows; i += chunk) {
    const count = min(chunk, rows - i);
    multiply(count, inputs, outputs, dy, rowY, weight, rowX, dx, rowX, false);
    multiplyTransposed(outputs, inputs, count, dy, rowY, x, rowX, dweight, rowX, true);
    if (dbias) addColumnSums(count, outputs, dy, rowY, dbias);
    x += <usize>count * rowX, dx += <usize>count * rowX, dy += <usize>count * rowY;
  }
}
