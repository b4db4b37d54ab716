/**
 * What the Network makes of timesteps and improvement flags, whatever the points and the context.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { conditionFeatures, type QueryBatch, timestepFeatures } from "./features.ts";
import { dense } from "./kernels/dense.ts";
import type { Schedule } from "./schedule.ts";
import { layer } from "./weights.ts";
import type { Weights } from "./weights.ts";

/** The embedding of the timesteps and flags of N queries of B contexts, and what the blocks do with it. */
export interface QueryCondition {
  /** The embedding of (t, I), [B, N, C]. */
  readonly embedding: tf.Tensor3D;
  /** Its part of the relevance of every block, [B, N, 1, heads]. */
  readonly relevance: tf.Tensor4D[];
  /** Scale and shift of both normalizations of every block, [B, N, 4 W]. */
  readonly modulation: tf.Tensor3D[];
}

/** Embeds timesteps and flags. */
export function embedCondition(
  weights: Weights,
  queries: Pick<QueryBatch, "queries" | "timestep" | "improvementFlag">,
  given: { contexts: number; schedule: Schedule },
): QueryCondition {
  const { width, heads, decoderBlocks, conditionWidth } = weights.config;
  const { contexts, schedule } = given;
  const n = queries.queries;
  const features = conditionFeatures(queries, schedule);
  const ofTimestep = dense(
    tf.tensor3d(features.timesteps, [contexts, n, timestepFeatures]),
    layer(weights, "te.0"),
  );
  const ofFlag = dense( // an embedding table, as one-hot rows times its transpose
    tf.tensor3d(features.flags, [contexts, n, 3]),
    { weight: tf.transpose(weights.tensors["ie.weight"]) },
  );
  const embedding = tf.add(
    dense(tf.mul(ofTimestep, tf.sigmoid(ofTimestep)), layer(weights, "te.2")),
    ofFlag,
  ) as tf.Tensor3D;
  const blocks = Array.from({ length: decoderBlocks }, (_, i) => `dec.${i}`);
  return {
    embedding,
    relevance: blocks.map((block) => {
      const { weight, bias } = layer(weights, `${block}.ard`);
      const onCondition = tf.slice(weight, [0, width], [heads, conditionWidth]);
      const relevance = dense(embedding, { weight: onCondition, bias });
      return tf.reshape(relevance, [contexts, n, 1, heads]);
    }),
    modulation: blocks.map((block) =>
      dense(embedding, layer(weights, `${block}.ada`)) as tf.Tensor3D
    ),
  };
}
