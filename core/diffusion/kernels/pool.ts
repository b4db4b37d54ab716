/**
 * Summaries of sets: of the points of a context, and of the hyperparameters of a point.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOperation, hasWasmKernels } from "./_wasm.ts";

/**
 * Weighted sums over the points of every context.
 *
 * @param pooling weights of R sums, [B, R, n]; not differentiated.
 * @param tokens [B, n, D, W]
 * @returns [B, R, D, W]
 */
export function poolPoints(pooling: tf.Tensor3D, tokens: tf.Tensor4D): tf.Tensor4D {
  const pool = hasWasmKernels()
    ? poolOperation({ tokens }, { pooling })
    : poolFormula(pooling, tokens);
  return pool as tf.Tensor4D;
}

/** {@linkcode poolPoints} in TensorFlow.js's own operations, for every backend. */
export function poolFormula(pooling: tf.Tensor3D, tokens: tf.Tensor4D): tf.Tensor {
  const [contexts, points, dimension, width] = tokens.shape;
  const flat = tf.reshape(tokens, [contexts, points, dimension * width]);
  return tf.reshape(tf.matMul(pooling, flat), [contexts, pooling.shape[1], dimension, width]);
}

const poolOperation = defineOperation("PoolPoints", {
  forward: (heap, { tokens, pooling }) => {
    const [contexts, points, dimension, width] = tokens!.shape;
    const sums = pooling!.shape[1], row = dimension * width * 4;
    const output = heap.allocate([contexts, sums, dimension, width]);
    const [a, b, c] = [pooling, tokens, output].map((t) => heap.pointer(t));
    for (let i = 0; i < contexts; i++) {
      heap.kernels.matmul(
        ...[
          sums,
          dimension * width,
          1,
          points,
          a + i * sums * points * 4,
          points * 4,
          0,
          4,
        ] as const,
        ...[b + i * points * row, row, c + i * sums * row, row, false] as const,
      );
    }
    return [output];
  },
  backward: (heap, { tokens, pooling, dOutput }) => {
    const [contexts, points, dimension, width] = tokens!.shape;
    const sums = pooling!.shape[1], row = dimension * width * 4;
    const gradient = heap.allocate(tokens!.shape);
    const [a, b, c] = [pooling, dOutput, gradient].map((t) => heap.pointer(t));
    for (let i = 0; i < contexts; i++) {
      heap.kernels.matmul(
        ...[
          points,
          dimension * width,
          1,
          sums,
          a + i * sums * points * 4,
          4,
          0,
          points * 4,
        ] as const,
        ...[b + i * sums * row, row, c + i * points * row, row, false] as const,
      );
    }
    return { tokens: gradient };
  },
});

/** Mean and maximum over the hyperparameters of every point; tokens [B, N, D, W], returns [B, N, 2 W]. */
export function meanAndMax(tokens: tf.Tensor4D): tf.Tensor3D {
  const both = hasWasmKernels() ? meanAndMaxOperation({ tokens }) : meanAndMaxFormula(tokens);
  return both as tf.Tensor3D;
}

/** {@linkcode meanAndMax} in TensorFlow.js's own operations, for every backend. */
export function meanAndMaxFormula(tokens: tf.Tensor4D): tf.Tensor {
  return tf.concat([tf.mean(tokens, 2), tf.max(tokens, 2)], -1);
}

const meanAndMaxOperation = defineOperation("MeanAndMax", {
  forward: (heap, { tokens }) => {
    const [contexts, points, dimension, width] = tokens!.shape;
    const output = heap.allocate([contexts, points, 2 * width]);
    const [x, out] = [tokens, output].map((t) => heap.pointer(t));
    heap.kernels.meanAndMax(contexts * points, dimension, width, x, out);
    return [output];
  },
  backward: (heap, { tokens, output0, dOutput }) => {
    const [contexts, points, dimension, width] = tokens!.shape;
    const gradient = heap.allocate(tokens!.shape);
    const [x, out, dOut, dx] = [tokens, output0, dOutput, gradient].map((t) => heap.pointer(t));
    heap.kernels.meanAndMaxBackward(contexts * points, dimension, width, x, out, dOut, dx);
    return { tokens: gradient };
  },
});
