/**
 * Hyperparameter optimization by diffusion.
 *
 * An {@linkcode Algorithm} is shown what was observed so far and answers with the next configuration.
 * {@linkcode DiffusionSearch} draws it from a conditional diffusion model; {@linkcode RandomSearch},
 * {@linkcode GaussianProcess}, {@linkcode DeepGaussianProcess} and {@linkcode TreeParzenEstimator} are what it is
 * compared with. A {@linkcode SearchSpace} gives points names, types and conditions.
 *
 * This door uses nothing of a runtime: it is the same in Deno, Node, Bun and browsers. Others: `./hpob` (the benchmark
 * and its statistics), `./figures`, `./storage` (studies in databases), `./page` (a study as a page),
 * `./training` (pre-training), `./testing` (conformance suites of algorithms and storages), `./cli` (the commands).
 *
 * @example The next point to try
 * ```ts
 * import { DiffusionSearch } from "@genhpo/genhpo";
 *
 * const next = await new DiffusionSearch({ seed: 1 }).observeAndSuggest({
 *   points: [[0.2, 0.7], [0.9, 0.1], [0.5, 0.5]],
 *   responses: [0.61, 0.74, 0.7],
 * });
 * console.log(next); // a Float64Array of two coordinates in [0, 1]
 * ```
 *
 * @module
 */

export type {
  Algorithm,
  CheckedObserved,
  ChooseOptions,
  SuggestOptions,
} from "./core/search/algorithm.ts";
export type {
  Activation,
  ChoiceCoordinate,
  Coordinate,
  LevelsCoordinate,
  RealCoordinate,
} from "./core/search/coordinates.ts";
export { type BackendName, type BackendOptions, startBackend } from "./core/diffusion/backend.ts";
export type { NetworkHost } from "./core/diffusion/conditioning.ts";
export { LockstepHost } from "./core/diffusion/lockstep.ts";
export {
  type DiffusionMode,
  DiffusionSearch,
  type DiffusionSearchOptions,
} from "./core/diffusion/diffusion_search.ts";
export { HistorySearch, type HistorySearchOptions } from "./core/diffusion/history_search.ts";
export { Model, type ModelFacts } from "./core/diffusion/model.ts";
export { ExhaustedError, InputError } from "./core/search/errors.ts";
export {
  type NetworkConfig,
  type ParameterEntry,
  Parameters,
} from "./core/diffusion/parameters.ts";
export type { Schedule, ScheduleName } from "./core/diffusion/schedule.ts";
export type { Confirm } from "./core/search/confirmation.ts";
export type {
  EstimateOptions,
  Estimates,
  Estimator,
  PointEstimate,
} from "./core/search/estimator.ts";
export { type KeyPart, Random } from "./core/search/random.ts";
export type {
  ChoiceHyperparameter,
  Conditions,
  ConfigurationOf,
  ConstantHyperparameter,
  Hyperparameter,
  Hyperparameters,
  IntegerHyperparameter,
  OrderedHyperparameter,
  RealHyperparameter,
  Value,
  ValueOf,
} from "./core/search/hyperparameter.ts";
export { SeededAlgorithm } from "./core/search/seeded_algorithm.ts";
export { type SearchStep, searchTask } from "./core/search/search_loop.ts";
export type { Observed, Point, Task } from "./core/search/task.ts";
export { fromConfigSpace, toConfigSpace } from "./core/search/formats/config_space.ts";
export { parseSearchSpace } from "./core/search/formats/space_file.ts";
export {
  type Configuration,
  type ConfigurationReading,
  SearchSpace,
  type ValueProblem,
} from "./core/search/search_space.ts";
export type { ReadTrialsOptions, TableTrial } from "./core/trials/table_trial.ts";
export { readTrials, type TrialTable } from "./core/trials/trial_table.ts";
export { MemoryStorage } from "./core/study/memory_storage.ts";
export type {
  Attributes,
  AttributeValue,
  Direction,
  IntermediateValue,
  NewStudy,
  NewTrial,
  ParameterRecord,
  StudyRecord,
  TrialChange,
  TrialRecord,
  TrialState,
} from "./core/study/records.ts";
export type { Expiry, Storage, TrialCursor } from "./core/study/storage.ts";
export type { AshaOptions } from "./core/study/asha.ts";
export type { Goal } from "./core/study/goal.ts";
export type { AddedTrial, OutsideRule } from "./core/study/new_trials.ts";
export type { Confidence, Recommendation } from "./core/study/recommendation.ts";
export type { ChangeableSetting } from "./core/study/settings.ts";
export { Study } from "./core/study/study.ts";
export { StudyError, type StudyErrorCode } from "./core/study/study_error.ts";
export type {
  ReportEvent,
  StudyEvent,
  TrialEvent,
  WatchOptions,
} from "./core/study/study_events.ts";
export type {
  AskOptions,
  EnqueueOptions,
  Objective,
  OptimizeOptions,
  StudyOptions,
} from "./core/study/study_options.ts";
export type { Told } from "./core/study/told.ts";
export type { Trial } from "./core/study/trial.ts";
export type { CompleteTrial, TrialSummary } from "./core/study/trial_summary.ts";

export {
  DeepGaussianProcess,
  type DeepGaussianProcessOptions,
} from "./baselines/deep_gaussian_process.ts";
export {
  GaussianProcess,
  type GaussianProcessOptions,
  type GaussianProcessVariant,
} from "./baselines/gaussian_process.ts";
export { recommend } from "./baselines/recommend.ts";
export { RandomSearch, type RandomSearchOptions } from "./baselines/random_search.ts";
export {
  TreeParzenEstimator,
  type TreeParzenEstimatorOptions,
  type TreeParzenEstimatorVariant,
} from "./baselines/tree_parzen_estimator.ts";

export { version } from "./core/version.ts";
