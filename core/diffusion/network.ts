/**
 * The Network: predicts the noise of noisy points, given the embedding of a context, the timestep
 * and the improvement flag.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { onBackend } from "./backend.ts";
import { coordinateFeatures, queryFeatures, timestepFeatures } from "./features.ts";
import type { ContextBatch, QueryBatch } from "./features.ts";
import { type AttentionMaps, axialBlock, gelu } from "./kernels/axial_block.ts";
import { dense } from "./kernels/dense.ts";
import { meanAndMax } from "./kernels/pool.ts";
import { rmsNorm } from "./kernels/rms_norm.ts";
import { noiseOfVelocity } from "./noise_adder.ts";
import type { Parameters } from "./parameters.ts";
import type { Schedule } from "./schedule.ts";
import { flagValues } from "./training_batch.ts";
import { encodeContexts } from "./transformer.ts";
import type { ContextEmbedding } from "./transformer.ts";
import { blockWeights, layer, namedWeights, weightTensors } from "./weights.ts";
import type { Weights } from "./weights.ts";

/**
 * A network with its weights on the backend, for inference. {@linkcode Network.dispose} frees them.
 */
export class Network {
  /** The noise schedule that the network was trained with. */
  readonly schedule: Schedule;
  readonly #tensors: tf.Tensor[];
  readonly #weights: Weights;

  /** Copies the weights; the backend must have been started. */
  constructor(parameters: Parameters, options: { schedule: Schedule }) {
    this.schedule = options.schedule;
    this.#tensors = onBackend(() => weightTensors(parameters));
    this.#weights = namedWeights(parameters, this.#tensors);
  }

  /** Embeds contexts once, to be shared by any number of queries. {@linkcode release} frees it. */
  encode(contexts: ContextBatch): ContextEmbedding {
    return onBackend(() =>
      tf.tidy(() => {
        const context = encodeContexts(this.#weights, contexts);
        return { ...context, keysAndValues: keysAndValues(this.#weights, context) };
      })
    );
  }

  /** v of every query, [B, N, D]. */
  async predictVelocity(queries: QueryBatch, context: ContextEmbedding): Promise<Float32Array> {
    const velocity = onBackend(() =>
      tf.tidy(() => predict(this.#weights, queries, { context, schedule: this.schedule }).velocity)
    );
    return await read(velocity);
  }

  /** eps_hat of every query, [B, N, D] (Eq. 2). */
  async predictNoise(queries: QueryBatch, context: ContextEmbedding): Promise<Float32Array> {
    const velocity = await this.predictVelocity(queries, context);
    const { noisy, timestep } = queries;
    return noiseOfVelocity({ velocity, noisy, timestep }, this.schedule);
  }

  /**
   * Where every query looks: the share of its attention that each point of the context gets,
   * [B, N, n], with sum 1 over n. It is the mean over the blocks, and in each over the heads of the
   * attention that all hyperparameters share and over those of every hyperparameter's own.
   */
  async attend(queries: QueryBatch, context: ContextEmbedding): Promise<Float32Array> {
    const shares = onBackend(() =>
      tf.tidy(() => {
        const maps: tf.Tensor[] = [];
        const onAttention = ({ tied, column }: AttentionMaps): void => {
          maps.push(tf.mean(tied, 1), tf.mean(column, 1));
        };
        predict(this.#weights, queries, { context, schedule: this.schedule, onAttention });
        return tf.mean(tf.stack(maps), 0);
      })
    );
    return await read(shares);
  }

  /**
   * The head's logits over the bins of graded improvement, [B, N, headBins].
   *
   * @param x clean points, [B, N, D], in [0, 1].
   */
  async scoreImprovement(x: Float32Array, context: ContextEmbedding): Promise<Float32Array> {
    const rows = x.length / context.dimension;
    const queries: QueryBatch = {
      queries: rows / context.contexts,
      noisy: x.map((value) => 2 * value - 1),
      timestep: new Int32Array(rows),
      improvementFlag: new Int32Array(rows).fill(flagValues.dropped),
    };
    const logits = onBackend(() =>
      tf.tidy(() =>
        headLogits(
          this.#weights,
          predict(this.#weights, queries, { context, schedule: this.schedule }).headFeatures,
        )
      )
    );
    return await read(logits);
  }

  /** Frees the weights. */
  dispose(): void {
    tf.dispose(this.#tensors);
  }
}

/** Frees the tensors of an embedding. */
export function release(context: ContextEmbedding): void {
  tf.dispose({ ...context });
}

/** @throws {Error} when a value is not finite: finite weights can be too large for float32. */
async function read(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    const values = await tensor.data() as Float32Array;
    if (values.every(Number.isFinite)) return values;
    throw new Error(
      "Cannot use the network as its output must be finite: its weights are too large",
    );
  } finally {
    tensor.dispose();
  }
}

/** What the Network says of its queries. */
export interface Prediction {
  /** v = sqrt(abar) eps - sqrt(1 - abar) z_0, [B, N, D]. */
  velocity: tf.Tensor3D;
  /** Input of the head: [mean over D, max over D, embedding of (t, I)], [B, N, 2 W + C]. */
  headFeatures: tf.Tensor3D;
}

/**
 * One pass of the Network. It predicts the velocity v (Salimans & Ho 2022), from which the noise
 * follows as eps = sqrt(abar) v + sqrt(1 - abar) z_t: {@linkcode noiseOfVelocity}.
 */
export function predict(
  weights: Weights,
  queries: QueryBatch,
  given: {
    context: ContextEmbedding;
    schedule: Schedule;
    /** Called with the attention maps of every block. @default {none} */
    onAttention?: (maps: AttentionMaps) => void;
  },
): Prediction {
  const { context, schedule, onAttention } = given;
  const { contexts, dimension, bestCentred } = context;
  const { width, heads, decoderBlocks, conditionWidth } = weights.config;
  const n = queries.queries;
  const features = queryFeatures(queries, { bestCentred, dimension, schedule });
  const ofTimestep = dense(
    tf.tensor3d(features.timesteps, [contexts, n, timestepFeatures]),
    layer(weights, "te.0"),
  );
  const ofFlag = dense( // an embedding table, as one-hot rows times its transpose
    tf.tensor3d(features.flags, [contexts, n, 3]),
    { weight: tf.transpose(weights.tensors["ie.weight"]) },
  );
  const condition = tf.add(
    dense(tf.mul(ofTimestep, tf.sigmoid(ofTimestep)), layer(weights, "te.2")),
    ofFlag,
  ) as tf.Tensor3D; // [B, N, C]

  const ofPoints = dense(
    tf.tensor4d(features.coordinates, [contexts, n, dimension, coordinateFeatures]),
    layer(weights, "qx"),
  );
  const ofColumns = dense(context.columns, layer(weights, "qc"));
  const queryCoordinates = tf.tensor3d(features.scaledNoisy, [contexts, n, dimension]);
  const keyShare = tf.tensor2d(features.alphaBar, [contexts, n]);
  const prepared = context.keysAndValues ?? keysAndValues(weights, context);
  const ofColumn = tf.add(tf.expandDims(ofColumns, 1), context.kinds);
  let tokens = tf.add(ofPoints, ofColumn) as tf.Tensor4D;
  for (let i = 0; i < decoderBlocks; i++) {
    const ard = layer(weights, `dec.${i}.ard`);
    const [onColumns, onCondition] = tf.split(ard.weight, [width, conditionWidth], 1);
    const relevance = tf.softplus(tf.add(
      tf.reshape(dense(context.columns, { weight: onColumns }), [contexts, 1, dimension, heads]),
      tf.reshape(
        dense(condition, { weight: onCondition, bias: ard.bias }),
        [contexts, n, 1, heads],
      ),
    )) as tf.Tensor4D;
    tokens = axialBlock(blockWeights(weights, `dec.${i}`), {
      tokens,
      keysAndValues: prepared[i],
      relevance,
      queryCoordinates,
      keyCoordinates: context.coordinates,
      keyShare,
      modulation: dense(condition, layer(weights, `dec.${i}.ada`)) as tf.Tensor3D,
      sizes: context.sizes,
      keyMask: context.keyMask,
      ...(onAttention && { onAttention }),
    });
  }
  const normalized = rmsNorm(tokens, weights.tensors["no.g"]) as tf.Tensor4D;
  return {
    velocity: tf.reshape(dense(normalized, layer(weights, "out")), [contexts, n, dimension]),
    headFeatures: tf.concat([meanAndMax(normalized), condition], -1),
  };
}

/** Keys and values of a context for every block of the Network, [B, n, D, 4 W]: its tokens, projected. */
function keysAndValues(weights: Weights, context: ContextEmbedding): tf.Tensor4D[] {
  return Array.from({ length: weights.config.decoderBlocks }, (_, i) => {
    const { kv } = blockWeights(weights, `dec.${i}`);
    return dense(context.tokens, { weight: kv }) as tf.Tensor4D;
  });
}

/** The head: logits of the bins of graded improvement, [..., headBins]. */
export function headLogits(weights: Weights, headFeatures: tf.Tensor): tf.Tensor {
  return dense(gelu(dense(headFeatures, layer(weights, "hd.0"))), layer(weights, "hd.2"));
}
