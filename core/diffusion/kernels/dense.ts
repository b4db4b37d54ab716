/**
 * Dense layers.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOperation, hasWasmKernels } from "./_wasm.ts";

/** A dense layer: its weight W, [outputs, inputs] (PyTorch's layout), and bias, [outputs]. */
export interface DenseLayer {
  /** W, [outputs, inputs]. */
  weight: tf.Tensor;
  /** [outputs] @default {none} */
  bias?: tf.Tensor;
}

/** y = x W^T + bias over the last axis; x [..., inputs], y [..., outputs]. */
export function dense(x: tf.Tensor, layer: DenseLayer): tf.Tensor {
  return hasWasmKernels() ? denseOperation({ x, ...layer }) : denseFormula(x, layer);
}

/** {@linkcode dense} in TensorFlow.js's own operations, for every backend. */
export function denseFormula(x: tf.Tensor, layer: DenseLayer): tf.Tensor {
  const [outputs, inputs] = layer.weight.shape;
  const rows = tf.reshape(x, [x.size / inputs, inputs]);
  const product = tf.matMul(rows, layer.weight as tf.Tensor2D, false, true);
  const y = layer.bias === undefined ? product : tf.add(product, layer.bias);
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

// TensorFlow.js's gradient of a dense layer is a product by transposed matrices, which its WASM
// backend computes about nine times slower than this.
const denseOperation = defineOperation("Dense", {
  forward: (heap, { x, weight, bias }) => {
    const [outputs, inputs] = weight!.shape;
    const rows = size(x!) / inputs;
    const y = heap.allocate([...x!.shape.slice(0, -1), outputs]);
    heap.withScratch(inputs * outputs * 4, (weightT) => {
      const [xAt, weightAt, biasAt, yAt] = [x, weight, bias, y].map((t) => heap.pointer(t));
      heap.kernels.dense(rows, inputs, outputs, xAt, weightAt, biasAt, weightT, yAt);
    });
    return [y];
  },
  backward: (heap, { x, weight, bias, dOutput }) => {
    const [outputs, inputs] = weight!.shape;
    const gradients = {
      x: heap.allocate(x!.shape),
      weight: heap.zeros(weight!.shape),
      bias: bias && heap.zeros(bias.shape),
    };
    const [xAt, weightAt, dyAt] = [x, weight, dOutput].map((t) => heap.pointer(t));
    const [dxAt, dWeightAt, dBiasAt] = [gradients.x, gradients.weight, gradients.bias]
      .map((t) => heap.pointer(t));
    heap.kernels.denseBackward(
      ...[size(x!) / inputs, inputs, outputs] as const,
      ...[xAt, weightAt, dyAt, dxAt, dWeightAt, dBiasAt] as const,
    );
    return gradients;
  },
});

function size(tensor: tf.TensorInfo): number {
  return tensor.shape.reduce((product, length) => product * length, 1);
}
