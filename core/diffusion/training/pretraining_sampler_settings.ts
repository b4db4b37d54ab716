/**
 * Settings of the Sampler of pre-training.
 *
 * @module
 */
import { defaultLocalShare } from "../local_view.ts";
import type { ByDimension } from "../low_dimension.ts";
import { defaultSurfaceOptions } from "../prior/response_surface.ts";
import { defaultFlagDropout } from "../training_batch.ts";
import { type ContextOptions, defaultContextOptions } from "./pretraining_context.ts";
import { defaultTaskOptions, type TaskOptions } from "./synthetic_task.ts";

/** How the dimension d of a batch is drawn: `focus` with probability `focusShare`, else log-uniform. */
export interface DimensionDistribution {
  /** Smallest d >= 1. */
  smallest: number;
  /** Largest d. */
  largest: number;
  /** The dimension that is drawn more often than others. */
  focus: number;
  /** Probability of `focus`, beside its part of the other draws. */
  focusShare: number;
}

/** Options of `PretrainingSampler`. */
export interface PretrainingSamplerOptions {
  /** B, the number of contexts of a batch. @default {16} */
  contexts?: number;
  /** K, the number of diffusion queries of a context. @default {16} */
  queries?: number;
  /** M, the number of head queries of a context, at most `candidates`. @default {12} */
  headQueries?: number;
  /** Share of the head's queries that are points of the context. @default {0.25} */
  visitedShare?: number;
  /** Points drawn from the proposal, among which queries are chosen. @default {160} */
  candidates?: number;
  /**
   * Generations of candidates: each further one has half as many points, drawn from the proposal given the
   * context and all earlier candidates, and .35 times the weight.
   * @default {4 for d >= 12, falling to 3 for d <= 4}
   */
  generations?: ByDimension;
  /**
   * e: a better query is chosen with probability proportional to u^e, u its improvement. 0 learns where an
   * improvement is likely, 1 follows expected improvement, a large e learns where the optimum is (Thompson sampling).
   * @default {2}
   */
  improvementExponent?: number;
  /** Share of the queries whose flag is dropped: the flag under which the head scores points. @default {0.15} */
  flagDropout?: number;
  /** How d is drawn. @default { smallest: 1, largest: 20, focus: 16, focusShare: 0.35 } */
  dimensions?: DimensionDistribution;
  /** n is uniform in this range. @default { smallest: 3, largest: 60 } */
  contextSizes?: { smallest: number; largest: number };
  /** How tasks are drawn, beside their dimension. */
  task?: TaskOptions;
  /**
   * Probability that it is known what the columns of a batch's tasks mean. Their number is log-uniform then, up to
   * `largestMixed`.
   * @default {0.2}
   */
  mixedShare?: number;
  /** Largest number of columns whose meaning is known. @default {40} */
  largestMixed?: number;
  /** Probability that up to 8 points of a context, at most a third, are still running. @default {0.2} */
  runningShare?: number;
  /** Probability that a context with noise has repeated measurements, of a sixth of its points. @default {0.5} */
  repeatedShare?: number;
  /** How contexts are drawn. */
  context?: Omit<ContextOptions, "size">;
  /**
   * Probability that a context is a local view of a history.
   * @default {0.5 for d <= 4, falling linearly to 0 for d >= 12, as in use}
   */
  localShare?: ByDimension;
  /** Share of the batches whose contexts are histories of the model's own, where it is given some. @default {0.5} */
  ownShare?: number;
}

/** Options with their defaults filled in. */
export interface PretrainingSamplerSettings extends Required<PretrainingSamplerOptions> {
  /** How tasks are drawn. */
  task: TaskOptions;
  /** How contexts are drawn. */
  context: Required<Omit<ContextOptions, "size">>;
}

/** Fills in the defaults, so that what a training was made with can be stored. */
export function samplerSettings(
  options: PretrainingSamplerOptions = {},
): PretrainingSamplerSettings {
  return {
    contexts: 16,
    queries: 16,
    headQueries: 12,
    visitedShare: 0.25,
    candidates: 160,
    generations: { low: 3, high: 4 },
    improvementExponent: 2,
    flagDropout: defaultFlagDropout,
    dimensions: { smallest: 1, largest: 20, focus: 16, focusShare: 0.35 },
    contextSizes: { smallest: 3, largest: 60 },
    localShare: defaultLocalShare,
    ownShare: 0.5,
    mixedShare: 0.2,
    largestMixed: 40,
    runningShare: 0.2,
    repeatedShare: 0.5,
    ...options,
    task: {
      ...defaultTaskOptions,
      ...options.task,
      surface: { ...defaultSurfaceOptions, ...options.task?.surface },
    },
    context: { ...defaultContextOptions, ...options.context },
  };
}
