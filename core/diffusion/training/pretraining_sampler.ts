/**
 * The Sampler of pre-training: triples (x, I, C) of synthetic tasks.
 *
 * @module
 */
import { chance, logUniform } from "../../search/draw.ts";
import type { Observations } from "../../search/observations.ts";
import type { Random } from "../../search/random.ts";
import { columnKindFeatures } from "../column_kinds.ts";
import { pointStatuses, responseScale } from "../features.ts";
import { diffusionSteps } from "../schedule.ts";
import { flagValues, type TrainingBatch } from "../training_batch.ts";
import { chooseQueries, drawCandidates, tieTolerance } from "./candidates.ts";
import {
  type PretrainingSamplerOptions,
  type PretrainingSamplerSettings,
  samplerSettings,
} from "./pretraining_sampler_settings.ts";
import {
  firstObservations,
  type OwnHistories,
  ownHistorySize,
  ownHistoryStart,
  type TaskHistory,
  tasksOf,
} from "./own_histories.ts";
import { drawContexts } from "./pretraining_context.ts";
import { SyntheticTask, type TaskShape } from "./synthetic_task.ts";
import { type ViewedTask, viewTask } from "./viewed_task.ts";

/** Fewest columns whose meaning is known: spaces of a few points are soon exhausted. */
const smallestMixed = 3;
/** At most so many points of a context are running. */
const largestRunning = 8;

/**
 * Draws training batches. For each of B random tasks a context C is drawn, or taken from a search that the model
 * has made, then candidates from q(x | C) and from q given C and these, with their improvement
 * u = (f(x) - best of C) / scale. Two thirds of the K diffusion queries
 * are candidates with I = 1, chosen with probability proportional to u^e, one third candidates with I = 0,
 * chosen uniformly. Of the M head queries a quarter are points of C, the others the first candidates, without any
 * selection.
 *
 * Where measurements have noise, I compares true values: a lucky measurement is not hard to beat. Points of C that
 * are still running count with the value that they will have, which teaches the model to look elsewhere.
 *
 * I is strict here: a candidate that ties with the best of C has I = 0, although Eq. 1 gives it I = 1. Plateaus are
 * common, and a policy that was taught that a tie is a success would be content with them. Where no candidate is
 * better, all K queries carry I = 0.
 *
 * A batch depends on the options and on what `next` is given alone.
 */
export class PretrainingSampler {
  readonly #settings: PretrainingSamplerSettings;
  readonly #tables: readonly Observations[];

  /**
   * Prepares a sampler.
   *
   * @param tables Measured tables of one search space: all tasks are of its dimension then.
   * @throws {RangeError} when an option is out of range.
   */
  constructor(options: PretrainingSamplerOptions = {}, tables: readonly Observations[] = []) {
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
    this.#tables = tables;
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
    const { contexts, queries, headQueries, localShare, ownShare } = this.#settings;
    const searched = own.length > 0 && chance(shape, ownShare)
      ? own[shape.integer(own.length)]
      : undefined;
    const { dimension, isMixed } = searched ?? this.drawShape(shape);
    const { contextSize, tasks, histories } = this.#drawContexts(random, {
      shape,
      taskShape: { dimension, isMixed },
      own: searched === undefined
        ? []
        : own.filter((other) => other.dimension === dimension && other.isMixed === isMixed),
    });
    const batch: SizedBatch = {
      contexts,
      contextSize,
      contextSizes: new Int32Array(contexts),
      contextStatus: new Uint8Array(contexts * contextSize),
      columnKinds: new Float32Array(contexts * dimension * columnKindFeatures),
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
    tasks.forEach((task, c) => {
      this.#fill(random, batch, c, {
        ...viewTask(random, task, histories[c], localShare),
        encode: (points) => task.encode(points),
      });
      if (task.kinds !== undefined) batch.columnKinds.set(task.kinds, c * task.kinds.length);
    });
    return batch;
  }

  /** The dimension of a batch's tasks, and whether it is known what their columns mean. */
  drawShape(random: Random): TaskShape {
    const { dimensions: { smallest, largest, focus, focusShare }, mixedShare, largestMixed } =
      this.#settings;
    if (this.#tables.length > 0) return { dimension: this.#tables[0].dimension, isMixed: false };
    if (chance(random, mixedShare)) {
      const least = Math.min(smallestMixed, largestMixed);
      const dimension = Math.round(logUniform(random, least, largestMixed));
      return { dimension, isMixed: true };
    }
    const dimension = chance(random, focusShare)
      ? focus
      : Math.floor(logUniform(random, smallest, largest + 1));
    return { dimension, isMixed: false };
  }

  /** Tasks with a history of each: of the model's own, of any length that a search has had, or synthetic. */
  #drawContexts(
    random: Random,
    { shape, taskShape, own }: {
      shape: Random;
      taskShape: TaskShape;
      own: readonly OwnHistories[];
    },
  ): { contextSize: number; tasks: SyntheticTask[]; histories: TaskHistory[] } {
    const { contexts, contextSizes: { smallest, largest }, task } = this.#settings;
    const contextSize = smallest + shape.integer(largest - smallest + 1);
    if (own.length > 0) {
      const size = Math.min(Math.max(contextSize, ownHistoryStart), ownHistorySize);
      const searches = own[random.integer(own.length)];
      const tasks = tasksOf(searches, task, this.#tables);
      const histories = firstObservations(searches, tasks, size);
      return { contextSize: size, tasks, histories };
    }
    const tasks = Array.from(
      { length: contexts },
      () => SyntheticTask.draw(random, taskShape, task, this.#tables),
    );
    const options = { ...this.#settings.context, size: contextSize };
    const histories = drawContexts(random, tasks, options).map((history, c) => {
      if (tasks[c].noise > 0 && chance(random, this.#settings.repeatedShare)) {
        repeatPoints(random, history);
      }
      return { ...history, measured: tasks[c].measure(random, history.y) };
    });
    return { contextSize, tasks, histories };
  }

  /** Fills in context `c` of the batch with its queries. */
  #fill(random: Random, batch: SizedBatch, c: number, task: EncodedTask): void {
    const { encode, history } = task;
    const { dimension, contextSize, queries, headQueries } = batch;
    const { y, measured, size } = history;
    const statuses = batch.contextStatus.subarray(c * contextSize, c * contextSize + size);
    this.#drawStatuses(random, history, statuses);
    const known = measured.filter((_, i) => statuses[i] === pointStatuses.measured);
    const { best, scale } = responseScale(known);
    const trueBest = y.reduce((a, b) => Math.max(a, b)); // of running points as well
    batch.contextSizes[c] = size;
    batch.contextX.set(encode(history.x), c * contextSize * dimension);
    // relative to the best, as float32 would swallow the small gaps of a converged context
    const gaps = measured.map((value, i) => statuses[i] === 0 ? value - best : 0);
    batch.contextY.set(gaps, c * contextSize);

    const candidates = drawCandidates(random, task, this.#settings);
    const columns = encode(candidates.x);
    const visited = Math.floor(headQueries * this.#settings.visitedShare);
    batch.headX.set(columns.subarray(0, headQueries * dimension), c * headQueries * dimension);
    for (let k = 0; k < headQueries; k++) {
      const at = c * headQueries + k;
      const seen = k < visited ? random.integer(size) : -1;
      const value = seen < 0 ? candidates.y[k] : y[seen];
      batch.headImprovement[at] = (value - best) / scale;
      if (seen < 0) continue;
      const point = batch.contextX.subarray((c * contextSize + seen) * dimension);
      batch.headX.set(point.subarray(0, dimension), at * dimension);
    }

    const { flagDropout, improvementExponent } = this.#settings;
    const improvement = candidates.y.map((value) => (value - trueBest) / scale);
    const chosen = chooseQueries(random, improvement, {
      count: queries,
      exponent: improvementExponent,
      generationWeights: candidates.generationWeights,
    });
    for (let k = 0; k < queries; k++) {
      const from = chosen[k], to = c * queries + k;
      batch.queryX.set(columns.subarray(from * dimension, (from + 1) * dimension), to * dimension);
      const flag = improvement[from] > tieTolerance ? flagValues.better : flagValues.worse;
      batch.improvementFlag[to] = chance(random, flagDropout) ? flagValues.dropped : flag;
    }
  }

  /** Which points of a context failed, and which of the last ones are still running. */
  #drawStatuses(random: Random, { measured, size }: TaskHistory, statuses: Uint8Array): void {
    const { measured: known, failed, running } = pointStatuses;
    for (let i = 0; i < size; i++) statuses[i] = measured[i] === -Infinity ? failed : known;
    if (!chance(random, this.#settings.runningShare)) return;
    const count = random.integer(Math.min(largestRunning, Math.floor(size / 3)) + 1);
    const before = statuses.subarray(0, size - count);
    if (before.includes(known)) statuses.fill(running, size - count);
  }
}

type SizedBatch =
  & TrainingBatch
  & Required<Pick<TrainingBatch, "contextSizes" | "contextStatus" | "columnKinds">>;

/** A task as it is shown, and its points as the network sees them. */
interface EncodedTask extends ViewedTask {
  /** The columns of points, [n, inputs] to [n, d]. */
  encode(points: Float64Array): Float64Array;
}

/** Measures good points again, in place of a sixth of all points. */
function repeatPoints(random: Random, history: Observations): void {
  const { dimension, size, x, y } = history;
  const ranks = Array.from(y.keys()).sort((a, b) => y[b] - y[a]);
  for (let k = 0; k < Math.floor(size / 6); k++) {
    const from = ranks[Math.floor(size * random.uniform() ** 2)], to = random.integer(size);
    if (y[from] === -Infinity || to === ranks[0]) continue;
    x.copyWithin(to * dimension, from * dimension, (from + 1) * dimension);
    y[to] = y[from];
  }
}

function check(name: string, given: number, requirement: string, isMet: boolean): void {
  if (isMet) return;
  throw new RangeError(`Cannot sample as '${name}' must be ${requirement}: got ${given}`);
}
