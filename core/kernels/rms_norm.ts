/**
 * Root-mean-square normalization.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Added to the mean square before its root is taken. */
export const rmsEpsilon = 1e-5;

/** x / sqrt(mean(x^2) + 1e-5) * gain over the last axis; x [..., width], gain [width]. */
export function rmsNorm(x: tf.Tensor, gain: tf.Tensor): tf.Tensor {
  const meanSquare = tf.mean(tf.square(x), -1, true);
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, rmsEpsilon))), gain);
}
