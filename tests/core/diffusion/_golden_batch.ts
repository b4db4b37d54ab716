/** A training batch with its loss and gradient in PyTorch, written by goldens/make_network.py. */
import type { TrainingBatch } from "../../../core/diffusion/training_batch.ts";

/** Everything that the file holds. */
export const golden = JSON.parse(
  await Deno.readTextFile(new URL("./goldens/loss.json", import.meta.url)),
);

/** The batch of it. */
export const goldenBatch: TrainingBatch = {
  ...golden,
  contextX: Float32Array.from(golden.contextX),
  contextY: Float32Array.from(golden.contextY),
  queryX: Float32Array.from(golden.queryX),
  improvementFlag: Int32Array.from(golden.improvementFlag),
  timestep: Int32Array.from(golden.timestep),
  noise: Float32Array.from(golden.noise),
  headX: Float32Array.from(golden.headX),
  headImprovement: Float32Array.from(golden.headImprovement),
};
