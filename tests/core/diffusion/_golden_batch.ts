/** A training batch with its loss and gradient in PyTorch, written by goldens/make_network.py. */
import type { TrainingBatch } from "../../../core/diffusion/training_batch.ts";

/** Everything that the file holds. */
export const golden = JSON.parse(
  await Deno.readTextFile(new URL("./goldens/loss.json", import.meta.url)),
);

// PyTorch's network has no embeddings of statuses and column kinds. The batch says nothing of either, so that theirs
// get no gradient.
for (const name of ["es.weight", "ck.weight"]) golden.gradients[name] = { norm: 0, first: [0, 0] };

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
