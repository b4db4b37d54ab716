/**
 * The Network: predicts the noise of noisy points, given the embedding of a context, the timestep
 * and the improvement flag.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { onBackend } from "./backend.ts";
import { coordinateFeatures, queryFeatures } from "./features.ts";
import type { ContextBatch, QueryBatch } from "./features.ts";
import {
  type AttentionMaps,
  axialBlock,
  gelu,
  layOutKeysAndValues,
} from "./kernels/axial_block.ts";
import { dense } from "./kernels/dense.ts";
import { meanAndMax } from "./kernels/pool.ts";
import { rmsNorm } from "./kernels/rms_norm.ts";
import { noiseOfVelocity } from "./noise_adder.ts";
import type { Parameters } from "./parameters.ts";
import { embedCondition, type QueryCondition } from "./query_condition.ts";
import type { Schedule } from "./schedule.ts";
import { flagValues } from "./training_batch.ts";
import { encodeContexts } from "./transformer.ts";
import type { ContextEmbedding, PreparedContext } from "./transformer.ts";
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
  readonly #conditions = new Map<string, QueryCondition>();

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
        const prepared = prepareContext(this.#weights, context);
        const { sizes } = context, { heads } = this.#weights.config;
        const laidOut = prepared.keysAndValues.map((keysAndValues) =>
          layOutKeysAndValues(keysAndValues, { sizes, heads })
        );
        return { ...context, prepared: { ...prepared, laidOut } };
      })
    );
  }

  /** v of every query, [B, N, D]. */
  async predictVelocity(queries: QueryBatch, context: ContextEmbedding): Promise<Float32Array> {
    const velocity = onBackend(() => {
      const condition = this.#keptCondition(queries, context.contexts);
      const given = { context, schedule: this.schedule, ...(condition && { condition }) };
      return tf.tidy(() => velocityOf(this.#weights, predict(this.#weights, queries, given)));
    });
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
          predict(this.#weights, queries, { context, schedule: this.schedule }),
        )
      )
    );
    return await read(logits);
  }

  /** Frees the weights. */
  dispose(): void {
    tf.dispose(this.#tensors);
    for (const condition of this.#conditions.values()) tf.dispose({ ...condition });
    this.#conditions.clear();
  }

  /** All suggestions take the same timesteps: what becomes of them and of the flags is kept, if it is little. */
  #keptCondition(queries: QueryBatch, contexts: number): QueryCondition | undefined {
    if (contexts > 1) return undefined;
    const key = `${queries.timestep}; ${queries.improvementFlag}`;
    const kept = this.#conditions.get(key);
    if (kept !== undefined || this.#conditions.size >= largestKept) return kept;
    const { schedule } = this;
    const condition = tf.tidy(() => ({ // spread, as tidy takes no interface
      ...embedCondition(this.#weights, queries, { contexts, schedule }),
    }));
    this.#conditions.set(key, condition);
    return condition;
  }
}

/** As many steps of one suggestion, at two flags each, as there are by default, and some more. */
const largestKept = 64;

/** Frees the tensors of an embedding. */
export function release(context: ContextEmbedding): void {
  tf.dispose({ ...context, prepared: { ...context.prepared } });
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

/** What the Network makes of its queries: its outputs are functions of it. */
export interface QueryEmbedding {
  /** Normalized tokens, [B, N, D, W]. */
  tokens: tf.Tensor4D;
  /** The embedding of (t, I), [B, N, C]. */
  condition: tf.Tensor3D;
}

/** One pass of the Network. */
export function predict(
  weights: Weights,
  queries: QueryBatch,
  given: {
    context: ContextEmbedding;
    schedule: Schedule;
    /** What the timesteps and flags make, where it was computed before. @default {computed here} */
    condition?: QueryCondition;
    /** Called with the attention maps of every block. @default {none} */
    onAttention?: (maps: AttentionMaps) => void;
  },
): QueryEmbedding {
  const { context, schedule, onAttention } = given;
  const { contexts, dimension, bestCentred } = context;
  const { decoderBlocks } = weights.config;
  const n = queries.queries;
  const condition = given.condition ?? embedCondition(weights, queries, { contexts, schedule });
  const prepared = context.prepared ?? prepareContext(weights, context);
  const features = queryFeatures(queries, { bestCentred, dimension, schedule });
  const ofPoints = dense(
    tf.tensor4d(features.coordinates, [contexts, n, dimension, coordinateFeatures]),
    layer(weights, "qx"),
  );
  const queryCoordinates = tf.tensor3d(features.scaledNoisy, [contexts, n, dimension]);
  const keyShare = tf.tensor2d(features.alphaBar, [contexts, n]);
  let tokens = tf.add(ofPoints, prepared.columns) as tf.Tensor4D;
  for (let i = 0; i < decoderBlocks; i++) {
    const relevance = tf.softplus(
      tf.add(prepared.relevance[i], condition.relevance[i]),
    ) as tf.Tensor4D;
    tokens = axialBlock(blockWeights(weights, `dec.${i}`), {
      tokens,
      keysAndValues: prepared.keysAndValues[i],
      laidOut: prepared.laidOut?.[i],
      relevance,
      queryCoordinates,
      keyCoordinates: context.coordinates,
      keyShare,
      modulation: condition.modulation[i],
      sizes: context.sizes,
      keyMask: context.keyMask,
      ...(onAttention && { onAttention }),
    });
  }
  return {
    tokens: rmsNorm(tokens, weights.tensors["no.g"]) as tf.Tensor4D,
    condition: condition.embedding,
  };
}

/** What depends on the context alone. */
function prepareContext(weights: Weights, context: ContextEmbedding): PreparedContext {
  const { contexts, dimension, columns, kinds, tokens } = context;
  const { width, heads, decoderBlocks } = weights.config;
  const blocks = Array.from({ length: decoderBlocks }, (_, i) => `dec.${i}`);
  return {
    columns: tf.add(tf.expandDims(dense(columns, layer(weights, "qc")), 1), kinds) as tf.Tensor4D,
    keysAndValues: blocks.map((block) =>
      dense(tokens, { weight: blockWeights(weights, block).kv }) as tf.Tensor4D
    ),
    relevance: blocks.map((block) => {
      const onColumns = tf.slice(layer(weights, `${block}.ard`).weight, [0, 0], [heads, width]);
      return tf.reshape(dense(columns, { weight: onColumns }), [contexts, 1, dimension, heads]);
    }),
  };
}

/**
 * The velocity v = sqrt(abar) eps - sqrt(1 - abar) z_0 (Salimans & Ho 2022), [B, N, D], from which the noise
 * follows as eps = sqrt(abar) v + sqrt(1 - abar) z_t: {@linkcode noiseOfVelocity}.
 */
export function velocityOf(weights: Weights, { tokens }: QueryEmbedding): tf.Tensor3D {
  const [contexts, n, dimension] = tokens.shape;
  return tf.reshape(dense(tokens, layer(weights, "out")), [contexts, n, dimension]);
}

/** The head: logits of the bins of graded improvement, [B, N, headBins]. */
export function headLogits(weights: Weights, { tokens, condition }: QueryEmbedding): tf.Tensor {
  const features = tf.concat([meanAndMax(tokens), condition], -1);
  return dense(gelu(dense(features, layer(weights, "hd.0"))), layer(weights, "hd.2"));
}
