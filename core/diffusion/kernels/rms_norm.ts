/**
 * Root-mean-square normalization (Zhang & Sennrich 2019).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOperation, hasWasmKernels } from "./_wasm.ts";

/** x / sqrt(mean(x^2) + 1e-5) * gain over the last axis; x [..., width], gain [width]. */
export function rmsNorm(x: tf.Tensor, gain: tf.Tensor): tf.Tensor {
  return hasWasmKernels() ? rmsNormOperation({ x, gain }) : rmsNormFormula(x, gain);
}

/** {@linkcode rmsNorm} in TensorFlow.js's own operations, for every backend. */
export function rmsNormFormula(x: tf.Tensor, gain: tf.Tensor): tf.Tensor {
  const meanSquare = tf.mean(tf.square(x), -1, true);
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, 1e-5))), gain);
}

const rmsNormOperation = defineOperation("RmsNorm", {
  forward: (heap, { x, gain }) => {
    const rows = rowsOf(x!);
    const y = heap.allocate(x!.shape), roots = heap.allocate([rows]);
    const [xAt, gainAt, rootsAt, yAt] = [x, gain, roots, y].map((t) => heap.pointer(t));
    heap.kernels.normalize(rows, 1, gain!.shape[0], xAt, gainAt, 0, 0, rootsAt, yAt);
    return [y, roots];
  },
  backward: (heap, { x, gain, output1: roots, dOutput }) => {
    const gradients = { x: heap.zeros(x!.shape), gain: heap.zeros(gain!.shape) };
    const [xAt, gainAt, rootsAt, dyAt] = [x, gain, roots, dOutput].map((t) => heap.pointer(t));
    heap.kernels.normalizeBackward(
      ...[rowsOf(x!), 1, gain!.shape[0], xAt, gainAt, 0, 0, rootsAt, dyAt] as const,
      ...[heap.pointer(gradients.x), heap.pointer(gradients.gain), 0] as const,
    );
    return gradients;
  },
});

function rowsOf(x: tf.TensorInfo): number {
  return x.shape.slice(0, -1).reduce((product, length) => product * length, 1);
}
