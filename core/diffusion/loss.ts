/**
 * The Loss: Eq. 2, and the cross-entropy of the head.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { onBackend } from "./backend.ts";
import { improvementBin } from "./improvement_bins.ts";
import { headLogits, predict, type QueryEmbedding, velocityOf } from "./network.ts";
import { addNoise } from "./noise_adder.ts";
import type { Parameters } from "./parameters.ts";
import type { Schedule } from "./schedule.ts";
import { defaultHeadWeight, flagValues, type TrainingBatch } from "./training_batch.ts";
import { encodeContexts } from "./transformer.ts";
import { namedWeights, weightTensors } from "./weights.ts";
import type { Weights } from "./weights.ts";

/** Options of {@linkcode lossAndGradient} and {@linkcode evaluateLoss}. */
export interface LossOptions {
  /** The noise schedule. */
  schedule: Schedule;
  /**
   * Weight of timestep t in Eq. 2: `"noise"` is 1, the literal loss in eps; `"velocity"` is
   * 1 / abar_t, which makes it the loss in v and keeps the noisiest steps from being the easiest.
   * @default {"velocity"}
   */
  timestepWeight?: "noise" | "velocity";
  /** Weight of the head's cross-entropy. @default {0.3} */
  headWeight?: number;
}

/** Number of equal ranges of timesteps that {@linkcode LossValue.byTimestep} tells apart. */
export const timestepRanges = 10;

/** The loss of a batch. */
export interface LossValue {
  /** What is minimized: weighted Eq. 2 plus `headWeight` times the head's loss. */
  loss: number;
  /** Eq. 2 as it stands: the mean of (eps - eps_hat)^2. */
  epsLoss: number;
  /** Cross-entropy of the head in nats; 0 where it is not trained. */
  headLoss: number;
  /** Eq. 2 in ten equal ranges of t: sums of per-query means, and numbers of queries. */
  byTimestep: { sum: Float64Array; count: Int32Array };
}

/** The loss of a batch and its gradient with respect to the flat vector of parameters. */
export interface LossAndGradient extends LossValue {
  /** dloss/dparameters, in the layout of {@linkcode Parameters}. */
  gradient: Float32Array;
}

/** The loss and its gradient: one training step without the update. */
export async function lossAndGradient(
  parameters: Parameters,
  batch: TrainingBatch,
  options: LossOptions,
): Promise<LossAndGradient> {
  const trained = parameters.layout.map(({ name }) =>
    batch.headQueries > 0 || !name.startsWith("hd.")
  );
  const kept: tf.Tensor[] = [];
  const { value, grads } = onBackend(() => {
    const tensors = weightTensors(parameters);
    const result = tf.valueAndGrads((...active: tf.Tensor[]) => {
      const all = tensors.map((tensor, i) => (trained[i] ? active.shift()! : tensor));
      const terms = lossTerms(namedWeights(parameters, all), batch, options);
      kept.push(tf.keep(terms.velocity), tf.keep(terms.headLoss));
      return terms.loss;
    })(tensors.filter((_, i) => trained[i]));
    tf.dispose(tensors);
    return result;
  });
  const result = await summarize(batch, options, [value, kept[0], kept[1]]);
  const gradient = new Float32Array(parameters.values.length);
  const entries = parameters.layout.filter((_, i) => trained[i]);
  const parts = await Promise.all(grads.map((tensor) => tensor.data()));
  parts.forEach((part, i) => gradient.set(part as Float32Array, entries[i].offset));
  tf.dispose(grads);
  return { ...result, gradient };
}

/** The loss alone, for validation. */
export async function evaluateLoss(
  parameters: Parameters,
  batch: TrainingBatch,
  options: LossOptions,
): Promise<LossValue> {
  const terms = onBackend(() =>
    tf.tidy(() => ({ // spread, as tidy takes no interface
      ...lossTerms(namedWeights(parameters, weightTensors(parameters)), batch, options),
    }))
  );
  return await summarize(batch, options, [terms.loss, terms.velocity, terms.headLoss]);
}

interface LossTerms {
  loss: tf.Scalar;
  headLoss: tf.Scalar;
  velocity: tf.Tensor3D;
}

function lossTerms(weights: Weights, batch: TrainingBatch, options: LossOptions): LossTerms {
  const { contexts, queries, dimension, headQueries, timestep, improvementFlag } = batch;
  const { schedule, headWeight = defaultHeadWeight } = options;
  const all = queries + headQueries;
  const context = encodeContexts(weights, batch);
  const noisy = addNoise({ x: batch.queryX, timestep, noise: batch.noise, dimension }, schedule);
  const embedding = predict(weights, {
    queries: all,
    noisy: joinRows(noisy, batch.headX.map((x) => 2 * x - 1), contexts),
    timestep: joinRows(timestep, new Int32Array(contexts * headQueries), contexts),
    improvementFlag: joinRows(
      improvementFlag,
      new Int32Array(contexts * headQueries).fill(flagValues.dropped),
      contexts,
    ),
  }, { context, schedule });

  const predicted = velocityOf(weights, queriesOf(embedding, 0, queries));
  const target = tf.tensor3d(velocityTarget(batch, schedule), [contexts, queries, dimension]);
  const weight = tf.tensor3d(
    Float32Array.from(
      timestep,
      (t) => options.timestepWeight === "noise" ? schedule.alphaBar[t] : 1,
    ),
    [contexts, queries, 1],
  );
  const diffusionLoss = tf.mean(tf.mul(tf.square(tf.sub(target, predicted)), weight)) as tf.Scalar;
  if (headQueries === 0) {
    return { loss: diffusionLoss, headLoss: tf.scalar(0), velocity: predicted };
  }
  const headLoss = headCrossEntropy(weights, batch, queriesOf(embedding, queries, headQueries));
  const loss = tf.add(diffusionLoss, tf.mul(headLoss, headWeight)) as tf.Scalar;
  return { loss, headLoss, velocity: predicted };
}

/** Some queries of every context. */
function queriesOf(
  { tokens, condition }: QueryEmbedding,
  first: number,
  count: number,
): QueryEmbedding {
  return {
    tokens: tf.slice(tokens, [0, first], [-1, count]),
    condition: tf.slice(condition, [0, first], [-1, count]),
  };
}

/** Cross-entropy of the head's queries. */
function headCrossEntropy(
  weights: Weights,
  { contexts, headQueries, headImprovement }: TrainingBatch,
  embedding: QueryEmbedding,
): tf.Scalar {
  const bins = weights.config.headBins;
  const logits = headLogits(weights, embedding);
  const target = tf.tensor3d(
    oneHot(headImprovement.map((u) => improvementBin(u, bins)), bins),
    [contexts, headQueries, bins],
  );
  const likelihood = tf.sum(tf.mul(tf.logSoftmax(logits), target));
  return tf.mul(likelihood, -1 / (contexts * headQueries)) as tf.Scalar;
}

/** v = sqrt(abar_t) eps - sqrt(1 - abar_t) z_0, [B, K, d]. */
function velocityTarget(batch: TrainingBatch, schedule: Schedule): Float32Array {
  return batch.noise.map((eps, i) => {
    const alphaBar = schedule.alphaBar[batch.timestep[Math.floor(i / batch.dimension)]];
    return Math.sqrt(alphaBar) * eps - Math.sqrt(1 - alphaBar) * (2 * batch.queryX[i] - 1);
  });
}

function oneHot(bins: ArrayLike<number>, count: number): Float32Array {
  const rows = new Float32Array(bins.length * count);
  for (let i = 0; i < bins.length; i++) rows[i * count + bins[i]] = 1;
  return rows;
}

/** Puts the rows of `second` behind those of `first`, context by context. */
function joinRows<T extends Float32Array | Int32Array>(first: T, second: T, contexts: number): T {
  const [a, b] = [first.length / contexts, second.length / contexts];
  const joined = new (first.constructor as new (length: number) => T)(first.length + second.length);
  for (let i = 0; i < contexts; i++) {
    joined.set(first.subarray(i * a, (i + 1) * a), i * (a + b));
    joined.set(second.subarray(i * b, (i + 1) * b), i * (a + b) + a);
  }
  return joined;
}

/** Reads the loss, the velocities and the head's loss, and frees them. */
async function summarize(
  batch: TrainingBatch,
  options: LossOptions,
  tensors: [tf.Tensor, tf.Tensor, tf.Tensor],
): Promise<LossValue> {
  const [loss, velocity, headLoss] = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  const { timestep, dimension } = batch;
  const { schedule } = options;
  const target = velocityTarget(batch, schedule);
  const sum = new Float64Array(timestepRanges), count = new Int32Array(timestepRanges);
  let total = 0;
  for (let row = 0; row < timestep.length; row++) {
    let squares = 0;
    for (let j = row * dimension; j < (row + 1) * dimension; j++) {
      squares += (target[j] - velocity[j]) ** 2;
    }
    const epsLoss = (schedule.alphaBar[timestep[row]] * squares) / dimension;
    const range = Math.floor(((timestep[row] - 1) / schedule.steps) * timestepRanges);
    sum[range] += epsLoss;
    count[range]++;
    total += epsLoss;
  }
  return {
    loss: loss[0],
    epsLoss: total / timestep.length,
    headLoss: headLoss[0],
    byTimestep: { sum, count },
  };
}
