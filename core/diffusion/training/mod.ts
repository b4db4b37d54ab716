/**
 * Pre-training of diffusion models for search: synthetic tasks, the loop, its files.
 *
 * {@linkcode Training} takes one step after the other on a {@linkcode TrainingEngine}: this thread, or workers of
 * your own, as its jobs are plain data. {@linkcode trainingSettings} holds everything that the weights depend on.
 * The trained {@linkcode Model} goes to `DiffusionSearch`.
 *
 * @module
 */
export type { Observations } from "../../search/observations.ts";
export type { AdamWOptions, AdamWState, StepReport } from "../adamw.ts";
export type { BackendName } from "../backend.ts";
export type { ByDimension } from "../low_dimension.ts";
export type { LossAndGradient, LossValue } from "../loss.ts";
export { Model, type ModelFacts } from "../model.ts";
export { type NetworkConfig, type ParameterEntry, Parameters } from "../parameters.ts";
export type { ResponseSurfaceOptions } from "../prior/response_surface.ts";
export type { TableShares } from "../prior/table.ts";
export type { Schedule, ScheduleName } from "../schedule.ts";
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
export {
  type GradientJob,
  type HeldOutJob,
  LocalEngine,
  type SearchJob,
  type TrainingEngine,
  type TrainingJob,
} from "./engine.ts";
export type { OwnHistories } from "./own_histories.ts";
export type { TaskOptions, TaskShape } from "./synthetic_task.ts";
export { decodeRound, encodeRound, type OwnHistoriesRound } from "./own_histories_round.ts";
export type { ContextOptions } from "./pretraining_context.ts";
export type {
  DimensionDistribution,
  PretrainingSamplerOptions,
  PretrainingSamplerSettings,
} from "./pretraining_sampler_settings.ts";
export { Training, type TrainingStep } from "./training.ts";
export {
  type OwnHistoriesSettings,
  type TrainingOptions,
  type TrainingSettings,
  trainingSettings,
} from "./training_settings.ts";
