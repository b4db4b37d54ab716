/**
 * What one training step consumes: triples (x, I, C) of the Sampler, several queries a context.
 *
 * @module
 */

/** Values of {@linkcode TrainingBatch.improvementFlag}. */
export const flagValues = { worse: 0, better: 1, dropped: 2 } as const;

/** The default share of queries whose flag is dropped. */
export const defaultFlagDropout = 0.15;

/** The default weight of the head's cross-entropy in the loss. */
export const defaultHeadWeight = 0.3;

/** A batch of triples (x, I, C) with their timesteps. All arrays are row-major. */
export interface TrainingBatch {
  /** B, the number of contexts. */
  contexts: number;
  /** n, the largest number of points of a context. */
  contextSize: number;
  /** Sizes of the contexts, [B], in 1..n; what lies behind a size is padding. @default {all n} */
  contextSizes?: Int32Array;
  /** What is known of every point, [B, n]: `pointStatuses`. @default {all measured} */
  contextStatus?: Uint8Array;
  /** What is known of every column, [B, d, 6]: `columnKinds`. @default {nothing} */
  columnKinds?: Float32Array;
  /** d, the number of columns of a point. */
  dimension: number;
  /** Points of the contexts C, [B, n, d], in [0, 1]. */
  contextX: Float32Array;
  /** Responses of the contexts, [B, n], larger is better, in any unit. */
  contextY: Float32Array;
  /** K, the number of diffusion queries of every context. */
  queries: number;
  /** Query points x, [B, K, d], in [0, 1]. */
  queryX: Float32Array;
  /** I of Eq. 1, [B, K]: 1 better than all of C, 0 not better, 2 dropped (what the head is asked with). */
  improvementFlag: Int32Array;
  /** t, [B, K], in 1..T. */
  timestep: Int32Array;
  /** eps, [B, K, d], standard normal. */
  noise: Float32Array;
  /** M, the number of queries of the scoring head of every context; 0 where the head is not trained. */
  headQueries: number;
  /** Query points of the head, [B, M, d], drawn from the proposal without selection. */
  headX: Float32Array;
  /** u = (f(x) - best of C) / scale of C, [B, M]: the graded improvement that the head classifies. */
  headImprovement: Float32Array;
}
