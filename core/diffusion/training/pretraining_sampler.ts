/**
 * The Sampler of pre-training: triples (x, I, C) of synthetic tasks.
 *
 * @module
 */
import { Categorical, chance } from "../../search/draw.ts";
import { type ByDimension, byDimension } from "../low_dimension.ts";
import { responseScale } from "../features.ts";
import { defaultLocalShare } from "../local_view.ts";
import {
  firstObservations,
  type OwnHistories,
  ownHistorySize,
  ownHistoryStart,
  surfacesOf,
} from "./own_histories.ts";
import { type ContextOptions, defaultContextOptions, drawContexts } from "./pretraining_context.ts";
import {
  defaultSurfaceOptions,
  ResponseSurface,
  type ResponseSurfaceOptions,
} from "../prior/response_surface.ts";
import type { Observations } from "../../search/observations.ts";
import { propose } from "./proposal.ts";
import type { Random } from "../../search/random.ts";
import { diffusionSteps } from "../schedule.ts";
import { defaultFlagDropout, flagValues, type TrainingBatch } from "../training_batch.ts";
import { type ViewedTask, viewTask } from "./viewed_task.ts";

/** How the dimension d of a batch is drawn: `focus` with probability `focusShare`, else uniform. */
export interface DimensionDistribution {
  /** Smallest d >= 1. */
  smallest: number;
  /** Largest d. */
  largest: number;
  /** The dimension that is drawn more often than others. */
  focus: number;
  /** Probability of `focus`, beside its part of the uniform draws. */
  focusShare: number;
}

/** Options of {@linkcode PretrainingSampler}. */
export interface PretrainingSamplerOptions {
  /** B, the number of contexts of a batch. @default {16} */
  contexts?: number;
  /** K, the number of diffusion queries of a context. @default {12} */
  queries?: number;
  /** M, the number of head queries of a context, at most `candidates`. @default {20} */
  headQueries?: number;
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
  /** How d is drawn. @default { smallest: 1, largest: 20, focus: 16, focusShare: 0.5 } */
  dimensions?: DimensionDistribution;
  /** n is uniform in this range. @default { smallest: 3, largest: 60 } */
  contextSizes?: { smallest: number; largest: number };
  /** How surfaces are drawn. */
  surface?: ResponseSurfaceOptions;
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
  /** How surfaces are drawn. */
  surface: ResponseSurfaceOptions;
  /** How contexts are drawn. */
  context: Required<Omit<ContextOptions, "size">>;
}

/** Fills in the defaults, so that what a training was made with can be stored. */
export function samplerSettings(
  options: PretrainingSamplerOptions = {},
): PretrainingSamplerSettings {
  return {
    contexts: 16,
    queries: 12,
    headQueries: 20,
    candidates: 160,
    generations: { low: 3, high: 4 },
    improvementExponent: 2,
    flagDropout: defaultFlagDropout,
    dimensions: { smallest: 1, largest: 20, focus: 16, focusShare: 0.5 },
    contextSizes: { smallest: 3, largest: 60 },
    localShare: defaultLocalShare,
    ownShare: 0.5,
    ...options,
    surface: { ...defaultSurfaceOptions, ...options.surface },
    context: { ...defaultContextOptions, ...options.context },
  };
}

/** Improvements up to this are ties. */
const tieTolerance = 1e-6;
/** Weight of a generation of candidates relative to the one before. */
const generationDecay = 0.35;
/** Share of the queries that are to be better than their context. */
const betterShare = 2 / 3;

/**
 * Draws training batches. For each of B random surfaces a context C is drawn, or taken from a search that the model
 * has made, then candidates from q(x | C) and from
 * q given C and these, with their improvement u = (f(x) - best of C) / scale. Two thirds of the K diffusion queries
 * are candidates with I = 1, chosen with probability proportional to u^e, one third candidates with I = 0,
 * chosen uniformly. The M head queries are the first candidates, without any selection.
 *
 * I is strict here: a candidate that ties with the best of C has I = 0, although Eq. 1 gives it I = 1. Plateaus are
 * common, and a policy that was taught that a tie is a success would be content with them. Where no candidate is
 * better, all K queries carry I = 0.
 *
 * A batch depends on the options and on what `next` is given alone.
 */
export class PretrainingSampler {
  readonly #settings: PretrainingSamplerSettings;

  /** @throws {RangeError} when an option is out of range. */
  constructor(options: PretrainingSamplerOptions = {}) {
    const settings = samplerSettings(options);
    const { headQueries, candidates, dimensions, contextSizes: { smallest, largest } } = settings;
    check("headQueries", headQueries, "at most 'candidates'", headQueries <= candidates);
    check("contextSizes.smallest", smallest, "at least 1", smallest >= 1);
    check("contextSizes.largest", largest, "at least 'contextSizes.smallest'", largest >= smallest);
    check("dimensions.smallest", dimensions.smallest, "at least 1", dimensions.smallest >= 1);
    check(
      "dimensions.largest",
      dimensions.largest,
      "at least 'dimensions.smallest'",
      dimensions.largest >= dimensions.smallest,
    );
    this.#settings = settings;
  }

  /**
   * The next batch.
   * @param random stream of the batch.
   * @param options `shape`: stream that d and n are drawn from (default `random`), so that batches made side by side
   * can have the same size; `own`: searches of the model's own, as many contexts each as a batch has (default none).
   */
  next(
    random: Random,
    options: { shape?: Random; own?: readonly OwnHistories[] } = {},
  ): TrainingBatch {
    const { shape = random, own = [] } = options;
    const { contexts, queries, headQueries, localShare } = this.#settings;
    const dimension = this.drawDimension(shape);
    const { contextSize, surfaces, histories } = this.#drawContexts(random, {
      shape,
      dimension,
      own: own.filter((searches) => searches.dimension === dimension),
    });
    const batch: SizedBatch = {
      contexts,
      contextSize,
      contextSizes: new Int32Array(contexts),
      dimension,
      contextX: new Float32Array(contexts * contextSize * dimension),
      contextY: new Float32Array(contexts * contextSize),
      queries,
      queryX: new Float32Array(contexts * queries * dimension),
      improvementFlag: new Int32Array(contexts * queries),
      timestep: Int32Array.from(
        { length: contexts * queries },
        () => 1 + random.integer(diffusionSteps),
      ),
      noise: Float32Array.from({ length: contexts * queries * dimension }, () => random.normal()),
      headQueries,
      headX: new Float32Array(contexts * headQueries * dimension),
      headImprovement: new Float32Array(contexts * headQueries),
    };
    for (let c = 0; c < contexts; c++) {
      this.#fill(random, batch, c, viewTask(random, surfaces[c], histories[c], localShare));
    }
    return batch;
  }

  /** The dimension of a batch. */
  drawDimension(random: Random): number {
    const { smallest, largest, focus, focusShare } = this.#settings.dimensions;
    return chance(random, focusShare) ? focus : smallest + random.integer(largest - smallest + 1);
  }

  /** Surfaces with a history of each: of the model's own, of any length that a search has had, or synthetic. */
  #drawContexts(
    random: Random,
    { shape, dimension, own }: { shape: Random; dimension: number; own: readonly OwnHistories[] },
  ): { contextSize: number; surfaces: ResponseSurface[]; histories: Observations[] } {
    const { contexts, contextSizes: { smallest, largest }, ownShare, surface } = this.#settings;
    const contextSize = smallest + shape.integer(largest - smallest + 1);
    if (own.length > 0 && chance(shape, ownShare)) {
      const size = Math.min(Math.max(contextSize, ownHistoryStart), ownHistorySize);
      const searches = own[random.integer(own.length)];
      const surfaces = surfacesOf(searches, surface);
      const histories = firstObservations(searches, surfaces, size);
      return { contextSize: size, surfaces, histories };
    }
    const surfaces = Array.from(
      { length: contexts },
      () => ResponseSurface.draw(random, dimension, surface),
    );
    const histories = drawContexts(random, surfaces, {
      ...this.#settings.context,
      size: contextSize,
    });
    return { contextSize, surfaces, histories };
  }

  /** Fills in context `c` of the batch with its queries. */
  #fill(random: Random, batch: SizedBatch, c: number, task: ViewedTask): void {
    const { history } = task;
    const { dimension, contextSize, queries, headQueries } = batch;
    const { best, scale } = responseScale(history.y);
    batch.contextSizes[c] = history.size;
    batch.contextX.set(history.x, c * contextSize * dimension);
    // relative to the best, as float32 would swallow the small gaps of a converged context
    batch.contextY.set(history.y.map((y) => y - best), c * contextSize);

    const candidates = this.#drawCandidates(random, task);
    const improvement = candidates.y.map((y) => (y - best) / scale);
    batch.headX.set(candidates.x.subarray(0, headQueries * dimension), c * headQueries * dimension);
    batch.headImprovement.set(improvement.subarray(0, headQueries), c * headQueries);

    const { flagDropout, improvementExponent } = this.#settings;
    const chosen = chooseQueries(random, improvement, {
      count: queries,
      exponent: improvementExponent,
      generationWeights: candidates.generationWeights,
    });
    for (let k = 0; k < queries; k++) {
      const from = chosen[k], to = c * queries + k;
      const point = candidates.x.subarray(from * dimension, (from + 1) * dimension);
      batch.queryX.set(point, to * dimension);
      const flag = improvement[from] > tieTolerance ? flagValues.better : flagValues.worse;
      batch.improvementFlag[to] = chance(random, flagDropout) ? flagValues.dropped : flag;
    }
  }

  /** Candidates of all generations with their responses and the weights of their generations. */
  #drawCandidates(random: Random, { evaluate, history, interior }: ViewedTask): {
    x: Float64Array;
    y: Float64Array;
    generationWeights: Float64Array;
  } {
    const { dimension, size } = history;
    const { candidates } = this.#settings;
    const generations = Math.round(byDimension(dimension, this.#settings.generations));
    const counts = Array.from(
      { length: generations },
      (_, g) => g === 0 ? candidates : candidates >> 1,
    );
    const total = size + counts.reduce((sum, count) => sum + count, 0);
    const seen = {
      dimension,
      size,
      x: new Float64Array(total * dimension),
      y: new Float64Array(total),
    };
    seen.x.set(history.x);
    seen.y.set(history.y);
    const generationWeights = new Float64Array(total - size);
    counts.forEach((count, g) => {
      const options = g === 0 ? { count } : { count, uniformShare: 0.05 };
      const points = propose(random, seen, { ...options, interior });
      seen.x.set(points, seen.size * dimension);
      seen.y.set(evaluate(points), seen.size);
      const from = seen.size - size;
      generationWeights.fill(generationDecay ** g, from, from + count);
      seen.size += count;
    });
    return { x: seen.x.subarray(size * dimension), y: seen.y.subarray(size), generationWeights };
  }
}

type SizedBatch = TrainingBatch & { contextSizes: Int32Array };

function check(name: string, given: number, requirement: string, isMet: boolean): void {
  if (isMet) return;
  throw new RangeError(`Cannot sample as '${name}' must be ${requirement}: got ${given}`);
}

/** Indices of the candidates that become diffusion queries: first those with I = 1, then those with I = 0. */
function chooseQueries(
  random: Random,
  improvement: Float64Array,
  { count, exponent, generationWeights }: {
    count: number;
    exponent: number;
    generationWeights: Float64Array;
  },
): Int32Array {
  const largest = improvement.reduce((a, b) => Math.max(a, b)); // as powers of u itself may overflow
  const better = generationWeights.map((weight, i) =>
    improvement[i] > tieTolerance ? weight * (improvement[i] / largest) ** exponent : 0
  );
  const notBetter = improvement.map((u) => u > tieTolerance ? 0 : 1);
  const anyBetter = better.some((weight) => weight > 0);
  const anyNotBetter = notBetter.some((weight) => weight > 0);
  const fromBetter = new Categorical(anyBetter ? better : notBetter);
  const fromNotBetter = new Categorical(anyNotBetter ? notBetter : better);
  const betterCount = Math.floor(count * betterShare);
  return Int32Array.from(
    { length: count },
    (_, k) => (k < betterCount ? fromBetter : fromNotBetter).draw(random),
  );
}
