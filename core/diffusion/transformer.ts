/**
 * The Transformer: reads a context C (a set of observed points with their responses) into an
 * embedding. There is no positional encoding over points, and none over hyperparameters but where the weights are for
 * one search space.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../search/errors.ts";
import { columnKindFeatures } from "./column_kinds.ts";
import {
  contextFeatures,
  coordinateFeatures,
  responseFeatures,
  statusFeatures,
} from "./features.ts";
import type { ContextBatch } from "./features.ts";
import { axialBlock } from "./kernels/axial_block.ts";
import { dense } from "./kernels/dense.ts";
import { poolPoints } from "./kernels/pool.ts";
import { rmsNorm } from "./kernels/rms_norm.ts";
import { blockWeights, layer } from "./weights.ts";
import type { Weights } from "./weights.ts";

/** The part of the Network's work that depends on the context alone: {@linkcode ContextEmbedding}. */
export interface PreparedContext {
  /** What every query's tokens are added to, [B, 1, D, W]. */
  readonly columns: tf.Tensor4D;
  /** Keys and values for every block, [B, n, D, 4 W]. */
  readonly keysAndValues: tf.Tensor4D[];
  /** The same by `layOutKeysAndValues`, where nothing is differentiated. */
  readonly laidOut?: (tf.Tensor | undefined)[];
  /** The columns' part of the relevance of every block, [B, 1, D, heads]. */
  readonly relevance: tf.Tensor4D[];
}

/** The embedding of B contexts. */
export interface ContextEmbedding {
  /** B, the number of contexts. */
  readonly contexts: number;
  /** d, the number of hyperparameters. */
  readonly dimension: number;
  /** Normalized tokens, [B, n, D, W]. */
  readonly tokens: tf.Tensor4D;
  /** One summary of every hyperparameter, [B, D, W]. */
  readonly columns: tf.Tensor3D;
  /** What the Network makes of the embedding for all queries alike, where it was prepared. */
  readonly prepared?: PreparedContext;
  /** Embedding of what is known of every column: its kind, and itself where it is one of a known space, [B, 1, D, W]. */
  readonly kinds: tf.Tensor4D;
  /** Centred points z, [B, n, D]. */
  readonly coordinates: tf.Tensor3D;
  /** The centred best point of every context, [B, D]. */
  readonly bestCentred: Float32Array;
  /** Sizes of the contexts, [B], int32. */
  readonly sizes: tf.Tensor1D;
  /** 0 for keys of the context and -1e9 behind its size, [B, 1, 1, n]. */
  readonly keyMask: tf.Tensor4D;
}

/** Embeds contexts. Permuting their points, or adding padding behind their sizes, changes nothing. */
export function encodeContexts(weights: Weights, batch: ContextBatch): ContextEmbedding {
  const { contexts, contextSize: n, dimension } = batch;
  const { width, encoderBlocks } = weights.config;
  const features = contextFeatures(batch);
  const coordinates = tf.tensor3d(features.centred, [contexts, n, dimension]);
  const pooling = tf.tensor3d(features.pooling, [contexts, 2, n]);
  const sizes = tf.tensor1d(features.sizes, "int32");
  const keyMask = tf.tensor4d(keyMaskOf(features.sizes, n), [contexts, 1, 1, n]);
  const keyShare = tf.ones<tf.Rank.R2>([contexts, n]);
  /** Mean over points and row of the best point, each [B, 1, D, W]. */
  const pool = (tokens: tf.Tensor4D): tf.Tensor[] => tf.split(poolPoints(pooling, tokens), 2, 1);

  const ofPoints = dense(
    tf.tensor4d(features.coordinates, [contexts, n, dimension, coordinateFeatures]),
    layer(weights, "ex"),
  );
  const ofResponses = dense(
    tf.tensor4d(features.responses, [contexts, n, 1, responseFeatures]),
    layer(weights, "ey"),
  );
  const ofStatuses = dense(
    tf.tensor4d(features.statuses, [contexts, n, 1, statusFeatures]),
    { weight: weights.tensors["es.weight"] },
  );
  const kinds = embedColumns(weights, batch);
  let tokens = tf.addN([
    tf.add(ofPoints, ofResponses),
    tf.add(ofStatuses, kinds),
  ].map((part) => part as tf.Tensor4D)) as tf.Tensor4D;
  for (let i = 0; i < encoderBlocks; i++) {
    const [columns] = pool(tokens);
    const relevance = tf.softplus(dense(columns, layer(weights, `enc.${i}.ard`))) as tf.Tensor4D;
    tokens = axialBlock(blockWeights(weights, `enc.${i}`), {
      tokens: tf.add(tokens, dense(columns, layer(weights, `eg.${i}`))),
      relevance,
      queryCoordinates: coordinates,
      keyCoordinates: coordinates,
      keyShare,
      sizes,
      keyMask,
    });
  }
  tokens = rmsNorm(tokens, weights.tensors["nk.g"]) as tf.Tensor4D;
  const columns = dense(tf.concat(pool(tokens), -1), layer(weights, "colp"));
  return {
    contexts,
    dimension,
    tokens,
    columns: tf.reshape(columns, [contexts, dimension, width]),
    kinds,
    coordinates,
    bestCentred: features.bestCentred,
    sizes,
    keyMask,
  };
}

/**
 * The embedding of what is known of every column, [B, 1, D, W]: of its kind, and of itself where the network is for one
 * search space.
 *
 * @throws {InputError} when the context is of another search space.
 */
function embedColumns(weights: Weights, batch: ContextBatch): tf.Tensor4D {
  const { columns, width } = weights.config;
  const ofKinds = dense(columnKindsOf(batch), { weight: weights.tensors["ck.weight"] });
  if (columns === undefined) return ofKinds as tf.Tensor4D;
  if (columns !== batch.dimension) {
    throw new InputError(
      `Cannot use these weights as the search space must be theirs, of ${columns} columns: got ${batch.dimension}`,
    );
  }
  return tf.add(ofKinds, tf.reshape(weights.tensors["ci"], [1, 1, columns, width]));
}

/** What is known of every column, [B, 1, D, 6]. */
function columnKindsOf({ contexts, dimension, columnKinds }: ContextBatch): tf.Tensor4D {
  const shape: [number, number, number, number] = [contexts, 1, dimension, columnKindFeatures];
  return columnKinds === undefined ? tf.zeros(shape) : tf.tensor4d(columnKinds, shape);
}

function keyMaskOf(sizes: Int32Array, n: number): Float32Array {
  const mask = new Float32Array(sizes.length * n);
  sizes.forEach((size, b) => mask.fill(-1e9, b * n + size, (b + 1) * n));
  return mask;
}
