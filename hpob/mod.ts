/**
 * HPO-B: a typed harness for the benchmark, its result files and the statistics of comparing optimizers.
 *
 * {@linkcode HpobHandler} runs any {@linkcode Algorithm} by HPO-B's protocol, on its data or on `hpob-mini`, the small
 * benchmark that is part of this package; {@linkcode readResults}, {@linkcode alignResults} and what follows them read
 * and compare result files, ours and HPO-B's own.
 *
 * @example One run on the embedded benchmark
 * ```ts
 * import { RandomSearch } from "@genhpo/genhpo";
 * import { HpobHandler } from "@genhpo/genhpo/hpob";
 *
 * const handler = await HpobHandler.embedded();
 * const incumbents = await handler.evaluateContinuous(new RandomSearch({ seed: 1 }), {
 *   searchSpaceId: "mini-xgboost",
 *   datasetId: "glass",
 *   seed: "test0",
 *   trials: 10,
 * });
 * console.log("normalized regret", 1 - incumbents[10]);
 * ```
 *
 * @module
 */
export type {
  Algorithm,
  CheckedObserved,
  ChooseOptions,
  SuggestOptions,
} from "../core/search/algorithm.ts";
export type {
  Activation,
  ChoiceCoordinate,
  Coordinate,
  LevelsCoordinate,
  RealCoordinate,
} from "../core/search/coordinates.ts";
export type { Observed, Point, Task } from "../core/search/task.ts";

export { alignResults, type ComparedRun, type Comparison } from "./comparison/aligned_results.ts";
export {
  type ContinuousEvaluationOptions,
  type EvaluationOptions,
  HpobHandler,
  type Mode,
  modes,
  type OpenOptions,
  type Split,
  type Table,
  type TrialReport,
} from "./handler.ts";
export {
  type AggregationOptions,
  averageRank,
  type BandCurve,
  type BandOptions,
  type Curve,
  meanRegret,
  medianRegret,
} from "./comparison/metrics.ts";
export {
  type JsonValue,
  parseResults,
  type ParseResultsOptions,
  type Protocol,
  readResults,
  type Results,
  type RunResult,
  writeResults,
  type WriteResultsOptions,
} from "./comparison/results.ts";
export type { RunIdentity } from "./comparison/run.ts";
export { bootstrapInterval, type BootstrapOptions } from "./comparison/bootstrap.ts";
export {
  compareRanks,
  type RankComparison,
  type RankComparisonOptions,
} from "./comparison/rank_comparison.ts";
export {
  type Alternative,
  type FriedmanResult,
  friedmanTest,
  holm,
  nemenyiCriticalDifference,
  type PairedTestOptions,
  type SignResult,
  signTest,
  type WilcoxonResult,
  wilcoxonTest,
} from "./comparison/statistics.ts";
export { SurrogateTask } from "./protocol.ts";
export { XgboostSurrogate } from "./surrogate.ts";
