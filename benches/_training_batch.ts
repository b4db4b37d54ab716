/** A batch of random numbers in the shapes of pre-training: what benches time a training step on. */
import type { TrainingBatch } from "../core/diffusion/training_batch.ts";
import type { Random } from "../core/search/random.ts";

/** 16 contexts of 30 points in 16 dimensions, with 12 queries of the denoiser and 20 of the head each. */
export function randomTrainingBatch(random: Random): TrainingBatch {
  const [contexts, contextSize, dimension, queries, headQueries] = [16, 30, 16, 12, 20];
  const uniform = (length: number): Float32Array =>
    Float32Array.from({ length }, () => random.uniform());
  return {
    contexts,
    contextSize,
    dimension,
    queries,
    headQueries,
    contextX: uniform(contexts * contextSize * dimension),
    contextY: uniform(contexts * contextSize),
    queryX: uniform(contexts * queries * dimension),
    improvementFlag: Int32Array.from({ length: contexts * queries }, () => random.integer(3)),
    timestep: Int32Array.from({ length: contexts * queries }, () => 1 + random.integer(1000)),
    noise: Float32Array.from({ length: contexts * queries * dimension }, () => random.normal()),
    headX: uniform(contexts * headQueries * dimension),
    headImprovement: Float32Array.from({ length: contexts * headQueries }, () => random.normal()),
  };
}
