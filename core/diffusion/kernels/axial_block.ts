/**
 * The block that Transformer and Network are made of, equivariant to permutations of the points and
 * of the hyperparameters.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { fusedAxialBlock, layOutKeysAndValues as layOutForKernel } from "./_axial_block_wasm.ts";
import { hasWasmKernels } from "./_wasm.ts";
import { dense } from "./dense.ts";
import { rmsNorm } from "./rms_norm.ts";

/** The weights of a block; names and shapes are those of `parameters.ts`. */
export interface AxialBlockWeights {
  /** Gain of the normalization before attention, [W]. */
  n1: tf.Tensor;
  /** Gain of the normalization before the MLP, [W]. */
  n2: tf.Tensor;
  /** Queries of both attentions, [2 W, W]: tied, column. */
  q: tf.Tensor;
  /** Keys and values of both attentions, [4 W, W]: tied keys, column keys, tied values, column values. */
  kv: tf.Tensor;
  /** Output projection, [W, 2 W]. */
  o: tf.Tensor;
  /** First layer of the MLP, [2 W, 2 W], on [token, mean over hyperparameters]. */
  m1: tf.Tensor;
  /** Its bias, [2 W]. */
  m1Bias: tf.Tensor;
  /** Second layer of the MLP, [W, 2 W]. */
  m2: tf.Tensor;
  /** Its bias, [W]. */
  m2Bias: tf.Tensor;
}

/** What a block works on, beside its weights. */
export interface AxialBlockInputs {
  /** Tokens g, [B, N, D, W]. */
  tokens: tf.Tensor4D;
  /**
   * Keys and values of the context that is attended to, [B, n, D, 4 W]: its normalized tokens,
   * projected by `kv`. @default {those of the block's own tokens}
   */
  keysAndValues?: tf.Tensor4D;
  /** The same by {@linkcode layOutKeysAndValues}, where nothing is differentiated. @default {none} */
  laidOut?: tf.Tensor | undefined;
  /** Relevance w >= 0 of the hyperparameters to the ARD kernel, [B, N or 1, D, heads]. */
  relevance: tf.Tensor4D;
  /** sqrt(abar) z of the queries, [B, N, D]; not differentiated. */
  queryCoordinates: tf.Tensor3D;
  /** z of the context, [B, n, D]; not differentiated. */
  keyCoordinates: tf.Tensor3D;
  /** abar of the queries, [B, N]; not differentiated. */
  keyShare: tf.Tensor2D;
  /** Scale and shift of both normalizations, [B, N, 4 W]. @default {none} */
  modulation?: tf.Tensor3D;
  /** Sizes of the contexts, [B], int32; keys behind a size are not attended to. */
  sizes: tf.Tensor1D;
  /** 0 for keys of the context and -1e9 behind its size, [B, 1, 1, n]. */
  keyMask: tf.Tensor4D;
  /**
   * Called with the attention maps, which our own kernel does not show: with it, the block is
   * computed by {@linkcode axialBlockFormula}. @default {none}
   */
  onAttention?: (maps: AttentionMaps) => void;
}

/** Where the queries of a block look: weights of the points of the context, which add up to 1. */
export interface AttentionMaps {
  /** Of the tied attention, [B, heads, N, n]. */
  tied: tf.Tensor4D;
  /** Of the column attention, [B, D heads, N, n]. */
  column: tf.Tensor4D;
}

/**
 * A pre-normalized residual block of two attentions over points and an MLP:
 *
 * 1. u = rmsNorm(g), modulated: u (1 + scale) + shift
 * 2. tied attention: one attention map over points for all hyperparameters, with logits
 *    sum_j q_j k_j / sqrt(W / heads * D) + sum_j w_j (2 sqrt(abar) z_j z'_j - abar z'_j^2),
 *    an ARD kernel around the noised context points
 * 3. column attention: every hyperparameter attends over points on its own
 * 4. g + o [tied, column], then g + m2 gelu(m1 [u, mean over hyperparameters of u])
 *
 * @returns the tokens after the block, [B, N, D, W].
 */
export function axialBlock(weights: AxialBlockWeights, inputs: AxialBlockInputs): tf.Tensor4D {
  if (!hasWasmKernels() || inputs.onAttention !== undefined) {
    return axialBlockFormula(weights, inputs);
  }
  const { tokens, relevance, keysAndValues, modulation } = inputs;
  const { queryCoordinates, keyCoordinates, keyShare, sizes, laidOut } = inputs;
  const { kv, ...shared } = weights;
  const variables = keysAndValues === undefined ? { ...shared, kv } : { ...shared, keysAndValues };
  return fusedAxialBlock(
    { ...variables, tokens, relevance, modulation },
    { queryCoordinates, keyCoordinates, keyShare, sizes, ...(laidOut && { laidOut }) },
  ) as tf.Tensor4D;
}

/**
 * Keys and values of a context, [B, n, D, 4 W], arranged once for any number of passes through a block; `undefined` on
 * backends that have no use for it.
 */
export function layOutKeysAndValues(
  keysAndValues: tf.Tensor4D,
  options: { sizes: tf.Tensor1D; heads: number },
): tf.Tensor | undefined {
  return hasWasmKernels() ? layOutForKernel(keysAndValues, options) : undefined;
}

/** {@linkcode axialBlock} in TensorFlow.js's own operations, for every backend. */
export function axialBlockFormula(
  weights: AxialBlockWeights,
  inputs: AxialBlockInputs,
): tf.Tensor4D {
  const { tokens, modulation } = inputs;
  const [contexts, queries, dimension, width] = tokens.shape;
  const heads = inputs.relevance.shape[3];
  const modulations = modulation === undefined
    ? []
    : tf.split(tf.reshape(modulation, [contexts, queries, 1, 4 * width]), 4, -1);
  const modulate = (u: tf.Tensor, k: number): tf.Tensor =>
    modulation === undefined ? u : tf.add(tf.mul(u, tf.add(modulations[k], 1)), modulations[k + 1]);

  const normalized = rmsNorm(tokens, weights.n1);
  const [q1, q2] = tf.split(dense(modulate(normalized, 0), { weight: weights.q }), 2, -1);
  const keysAndValues = inputs.keysAndValues ?? dense(normalized, { weight: weights.kv });
  const [k1, k2, v1, v2] = tf.split(keysAndValues, 4, -1);

  const n = k1.shape[1]!, headWidth = width / heads;
  const tiedHeads = (x: tf.Tensor, points: number): tf.Tensor =>
    // [B, heads, points, D * headWidth]
    tf.reshape(
      tf.transpose(tf.reshape(x, [contexts, points, dimension, heads, headWidth]), [0, 3, 1, 2, 4]),
      [contexts, heads, points, dimension * headWidth],
    );
  const tiedLogits = tf.add(
    tf.mul(
      tf.matMul(tiedHeads(q1, queries), tiedHeads(k1, n), false, true),
      1 / Math.sqrt(headWidth * dimension),
    ),
    kernelLogits(inputs),
  );
  const tiedMap = tf.softmax(tf.add(tiedLogits, inputs.keyMask)) as tf.Tensor4D;
  const tiedValues = tf.matMul(tiedMap, tiedHeads(v1, n));
  const tied = tf.reshape(
    tf.transpose(
      tf.reshape(tiedValues, [contexts, heads, queries, dimension, headWidth]),
      [0, 2, 3, 1, 4],
    ),
    tokens.shape,
  );

  const columnHeads = (x: tf.Tensor, points: number): tf.Tensor =>
    // [B, D * heads, points, headWidth]
    tf.reshape(
      tf.transpose(tf.reshape(x, [contexts, points, dimension * heads, headWidth]), [0, 2, 1, 3]),
      [contexts, dimension * heads, points, headWidth],
    );
  const columnLogits = tf.mul(
    tf.matMul(columnHeads(q2, queries), columnHeads(k2, n), false, true),
    1 / Math.sqrt(headWidth),
  );
  const columnMap = tf.softmax(tf.add(columnLogits, inputs.keyMask)) as tf.Tensor4D;
  const columnValues = tf.matMul(columnMap, columnHeads(v2, n));
  inputs.onAttention?.({ tied: tiedMap, column: columnMap });
  const column = tf.reshape(tf.transpose(columnValues, [0, 2, 1, 3]), tokens.shape);

  const attended = tf.add(tokens, dense(tf.concat([tied, column], -1), { weight: weights.o }));
  const u = modulate(rmsNorm(attended, weights.n2), 2);
  const [onToken, onMean] = tf.split(weights.m1, 2, 1);
  const hidden = tf.add(
    dense(u, { weight: onToken }),
    dense(tf.mean(u, 2, true), { weight: onMean, bias: weights.m1Bias }),
  );
  const update = dense(gelu(hidden), { weight: weights.m2, bias: weights.m2Bias });
  return tf.add(attended, update) as tf.Tensor4D;
}

/** sum_j w_j (2 sqrt(abar) z_j z'_j - abar z'_j^2) of every head, query and key, [B, heads, N, n]. */
function kernelLogits(inputs: AxialBlockInputs): tf.Tensor {
  const { relevance, queryCoordinates, keyCoordinates, keyShare } = inputs;
  const w = tf.transpose(relevance, [0, 3, 1, 2]); // [B, heads, N or 1, D]
  const z = tf.expandDims(queryCoordinates, 1);
  const perHead = (keys: tf.Tensor): tf.Tensor =>
    // [B, heads, D, n]
    tf.add(
      tf.expandDims(tf.transpose(keys, [0, 2, 1]), 1),
      tf.zeros([keys.shape[0], w.shape[1]!, keys.shape[2]!, keys.shape[1]!]),
    );
  const share = tf.reshape(keyShare, [keyShare.shape[0], 1, keyShare.shape[1], 1]);
  const cross = tf.matMul(tf.mul(w, tf.mul(z, 2)), perHead(keyCoordinates));
  const square = tf.matMul(tf.mul(w, share), perHead(tf.square(keyCoordinates)));
  return tf.sub(cross, square);
}

/** GELU in its tanh form. */
export function gelu(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(
    tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)),
    Math.sqrt(2 / Math.PI),
  );
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}
