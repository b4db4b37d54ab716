/**
 * Dense layers with a gradient that stays on the fast path of the WASM backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/**
 * y = x W^T + bias over the last axis.
 *
 * The gradient that TensorFlow.js derives multiplies by transposed matrices, which the WASM backend
 * does about nine times slower than an explicit transpose followed by a plain product.
 *
 * @param x [..., inputs]
 * @param layer weight W, [outputs, inputs] (PyTorch's layout), and bias, [outputs].
 * @returns [..., outputs]
 */
export function dense(x: tf.Tensor, layer: { weight: tf.Tensor; bias?: tf.Tensor }): tf.Tensor {
  const [outputs, inputs] = layer.weight.shape;
  const rows = x.size / inputs;
  const product = linear(tf.reshape(x, [rows, inputs]), layer.weight as tf.Tensor2D);
  const y = layer.bias === undefined ? product : addBias(product, layer.bias);
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

/** x W^T; x [rows, inputs], W [outputs, inputs]. */
const linear = tf.customGrad((x, weight, save) => {
  const [rows, matrix] = [x as tf.Tensor2D, weight as tf.Tensor2D];
  (save as tf.GradSaveFunc)([rows, matrix]);
  return {
    value: tf.matMul(rows, tf.transpose(matrix)),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
      tf.matMul(dy as tf.Tensor2D, saved[1] as tf.Tensor2D),
      tf.matMul(tf.transpose(dy as tf.Tensor2D), saved[0] as tf.Tensor2D),
    ],
  };
}) as (x: tf.Tensor2D, weight: tf.Tensor2D) => tf.Tensor2D;

/** x + bias; x [rows, outputs], bias [outputs]. The column sums are a product with a row of ones. */
const addBias = tf.customGrad((x, bias) => {
  const rows = (x as tf.Tensor2D).shape[0];
  return {
    value: tf.add(x as tf.Tensor2D, bias as tf.Tensor1D),
    gradFunc: (dy: tf.Tensor) => [
      dy,
      tf.reshape(tf.matMul(tf.ones([1, rows]), dy as tf.Tensor2D), (bias as tf.Tensor).shape),
    ],
  };
}) as (x: tf.Tensor, bias: tf.Tensor) => tf.Tensor;
