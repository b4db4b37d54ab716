/**
 * The network's weights as tensors.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { AxialBlockWeights } from "./kernels/axial_block.ts";
import type { NetworkConfig, Parameters } from "./parameters.ts";

/** The tensors of a network by name, and its size. */
export interface Weights {
  /** The size of the network. */
  readonly config: Readonly<NetworkConfig>;
  /** Every tensor of the layout, by name. */
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** Copies parameters to the backend, one tensor an entry of the layout. The caller disposes of them. */
export function weightTensors(parameters: Parameters): tf.Tensor[] {
  return parameters.layout.map(({ name, shape }) =>
    tf.tensor(parameters.view(name).slice(), [...shape], "float32")
  );
}

/** Names the tensors of {@linkcode weightTensors}. */
export function namedWeights(parameters: Parameters, tensors: readonly tf.Tensor[]): Weights {
  return {
    config: parameters.config,
    tensors: Object.fromEntries(parameters.layout.map(({ name }, i) => [name, tensors[i]])),
  };
}

/** The weights of the dense layer of that name. */
export function layer(weights: Weights, name: string): { weight: tf.Tensor; bias: tf.Tensor } {
  return { weight: weights.tensors[`${name}.weight`], bias: weights.tensors[`${name}.bias`] };
}

/** The weights of the axial block of that name. */
export function blockWeights(weights: Weights, name: string): AxialBlockWeights {
  const tensor = (part: string): tf.Tensor => weights.tensors[`${name}.${part}`];
  return {
    n1: tensor("n1.g"),
    n2: tensor("n2.g"),
    q: tensor("q.weight"),
    kv: tensor("kv.weight"),
    o: tensor("o.weight"),
    m1: tensor("m1.weight"),
    m1Bias: tensor("m1.bias"),
    m2: tensor("m2.weight"),
    m2Bias: tensor("m2.bias"),
  };
}
