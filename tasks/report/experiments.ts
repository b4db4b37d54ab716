/**
 * The report's own measurements of the shipped model: short, seeded, the same at every run.
 *
 * @module
 */
import { mean, median } from "simple-statistics";
import { RandomSearch } from "../../baselines/random_search.ts";
import { startBackend } from "../../core/diffusion/backend.ts";
import { denoise } from "../../core/diffusion/denoiser.ts";
import { guidanceRamp } from "../../core/diffusion/guidance.ts";
import { toHistory } from "../../core/diffusion/history.ts";
import { trainOnHistory } from "../../core/diffusion/history_training.ts";
import { Network, release } from "../../core/diffusion/network.ts";
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import { Random } from "../../core/search/random.ts";
import { searchTask } from "../../core/search/search_loop.ts";
import { linearSchedule } from "../../core/diffusion/schedule.ts";
import { flagValues } from "../../core/diffusion/training_batch.ts";
import { HpobHandler } from "../../hpob/handler.ts";
import type { SurrogateTask } from "../../hpob/protocol.ts";

const searchSpaceId = "mini-xgboost";
/** The data set of the experiments that need only one. */
export const shownDataset = "vehicle";
/** Observations of every history: the five initial points and what random search found. */
export const historySize = 25;
/** Candidates generated from each history. */
export const candidateCount = 128;

/** Observed points with their normalized responses. */
export interface Context {
  points: readonly Float64Array[];
  responses: Float64Array;
}

/** A data set of hpob-mini after some trials: its black box, and what was observed. */
export interface ObservedTask extends Context {
  /** The data set. */
  datasetId: string;
  /** Its surrogate. */
  task: SurrogateTask;
}

/** The tasks of all experiments: every data set, {@linkcode historySize} observations each. */
export async function observedTasks(): Promise<ObservedTask[]> {
  const handler = await HpobHandler.embedded();
  return await Promise.all(
    handler.datasets(searchSpaceId).map(async (datasetId) => {
      const { task, start } = await handler.continuousTask({
        searchSpaceId,
        datasetId,
        seed: "test0",
      });
      const points = start.points.map((point) => Float64Array.from(point));
      const responses = Array.from(start.responses);
      const steps = searchTask(new RandomSearch({ seed: 1 }), task, start);
      while (points.length < historySize) {
        const { point, response } = (await steps.next()).value!;
        points.push(point);
        responses.push(response);
      }
      return { datasetId, task, points, responses: Float64Array.from(responses) };
    }),
  );
}

/** How candidates of one task compare with its incumbent. */
export interface CandidateQuality {
  datasetId: string;
  /** Shares of points that are better than everything observed. */
  uniform: number;
  unguided: number;
  guided: number;
}

/** Candidates on their way from noise to suggestions. */
export interface Trajectory {
  /** z_t as points of the search space, by t from T to 0. */
  frames: { t: number; points: Float64Array[] }[];
}

/** Lends the shipped model with a history encoded. */
async function withModel<T>(
  task: Context,
  use: (network: Network, context: ReturnType<Network["encode"]>) => Promise<T>,
): Promise<T> {
  await startBackend("wasm");
  const { parameters, schedule } = await pretrainedModel();
  const network = new Network(parameters, { schedule });
  const context = network.encode({
    contexts: 1,
    contextSize: task.points.length,
    dimension: task.points[0].length,
    contextX: Float32Array.from(task.points.flatMap((point) => [...point])),
    contextY: Float32Array.from(task.responses),
  });
  try {
    return await use(network, context);
  } finally {
    release(context);
    network.dispose();
  }
}

/** Generates candidates and keeps z_t at the given timesteps. */
export async function traceDenoising(
  task: ObservedTask,
  timesteps: readonly number[],
): Promise<Trajectory> {
  const dimension = task.points[0].length;
  const frames: Trajectory["frames"] = [];
  await withModel(task, (network, context) =>
    denoise(network, context, {
      random: Random.of("report", "trajectory"),
      samples: candidateCount,
      guidance: guidanceRamp(task.points.length),
      onStep: (t, z) => {
        if (timesteps.includes(t)) frames.push({ t, points: pointsOf(z, dimension) });
      },
    }));
  return { frames };
}

/** Rows of a batch on the centred scale, as points of the search space. */
function pointsOf(z: Float32Array, dimension: number): Float64Array[] {
  return Array.from(
    { length: z.length / dimension },
    (_, i) =>
      Float64Array.from(z.subarray(i * dimension, (i + 1) * dimension), (value) => (value + 1) / 2),
  );
}

/** Whether conditioning works: generated candidates beside uniform points. */
export async function checkConditioning(
  tasks: readonly ObservedTask[],
): Promise<CandidateQuality[]> {
  const qualities: CandidateQuality[] = [];
  for (const task of tasks) {
    const dimension = task.points[0].length;
    const random = Random.of("report", "uniform", task.datasetId);
    const uniform = Array.from({ length: candidateCount }, () => random.point(dimension));
    qualities.push({
      datasetId: task.datasetId,
      uniform: improvingShare(task, uniform),
      unguided: improvingShare(task, await generate(task, { guidance: 0 })),
      guided: improvingShare(task, await generate(task, { guidance: guidanceRamp(historySize) })),
    });
  }
  return qualities;
}

async function generate(
  task: Context,
  { guidance, samples = candidateCount }: { guidance: number; samples?: number },
): Promise<Float64Array[]> {
  const random = Random.of("report", "candidates");
  const flat = await withModel(
    task,
    (network, context) => denoise(network, context, { random, samples, guidance }),
  );
  return pointsOf(flat.map((x) => 2 * x - 1), task.points[0].length);
}

function improvingShare(task: ObservedTask, points: readonly Float64Array[]): number {
  const best = Math.max(...task.responses);
  return mean(points.map((point) => task.task.evaluate(point) > best ? 1 : 0));
}

/** What the order of the observations, or of the hyperparameters, does to the model's output. */
export interface PermutationEffect {
  permutations: number;
  /** Largest change of eps_hat over all permutations (root mean square, relative to eps_hat). */
  set: number;
  /** The same when every observed point carries its position as one more coordinate. */
  sequence: number;
  /** The same when the hyperparameters are permuted, and the output permuted back. */
  columns: number;
  /** Median over the permutations of how far a suggestion moves: its largest change in a coordinate. */
  movedSet: number;
  /** The same with the position. */
  movedSequence: number;
}

/** Queries of the Network whose output is compared. */
const permutationQueries = 32;

/**
 * Permutes the observations of a task, without and with their position. The position is one more coordinate,
 * which the network takes as it takes any number of hyperparameters.
 */
export async function checkPermutations(
  task: ObservedTask,
  permutations: number,
): Promise<PermutationEffect> {
  const { points, responses } = task;
  const n = points.length, dimension = points[0].length;
  const random = Random.of("report", "permutations");
  const orders = Array.from({ length: permutations }, () => [...random.permutation(n)]);
  const columnOrders = orders.map(() => [...random.permutation(dimension)]);
  const identity = [...points.keys()];
  const set = (order: readonly number[]): Context => ({
    points: order.map((i) => points[i]),
    responses: Float64Array.from(order, (i) => responses[i]),
  });
  const sequence = (order: readonly number[]): Context => ({
    points: order.map((i, position) => Float64Array.of(...points[i], position / (n - 1))),
    responses: Float64Array.from(order, (i) => responses[i]),
  });
  const effect = async (arrange: typeof set): Promise<{ change: number; moved: number }> => {
    const options = { guidance: guidanceRamp(n), samples: 1 };
    const reference = await predictNoise(arrange(identity));
    const [suggestion] = await generate(arrange(identity), options);
    let change = 0;
    const moved: number[] = [];
    for (const order of orders) {
      const arranged = arrange(order);
      change = Math.max(change, relativeChange(await predictNoise(arranged), reference));
      const [other] = await generate(arranged, options);
      moved.push(Math.max(...other.slice(0, dimension).map((v, j) => Math.abs(v - suggestion[j]))));
    }
    return { change, moved: median(moved) };
  };
  const [ofSet, ofSequence] = [await effect(set), await effect(sequence)];
  return {
    permutations,
    set: ofSet.change,
    sequence: ofSequence.change,
    columns: await columnEffect(task, columnOrders),
    movedSet: ofSet.moved,
    movedSequence: ofSequence.moved,
  };
}

/** Permutes the hyperparameters of context and queries alike. */
async function columnEffect(
  { points, responses }: Context,
  orders: readonly (readonly number[])[],
): Promise<number> {
  const reference = await predictNoise({ points, responses });
  let largest = 0;
  for (const order of orders) {
    const columns = points.map((point) => Float64Array.from(order, (j) => point[j]));
    const permuted = await predictNoise({ points: columns, responses }, order);
    const back = new Float32Array(permuted.length);
    permuted.forEach((value, i) => {
      const column = i % order.length;
      back[i - column + order[column]] = value;
    });
    largest = Math.max(largest, relativeChange(back, reference));
  }
  return largest;
}

/** eps_hat of fixed noisy points at random timesteps; `order` permutes their coordinates. */
async function predictNoise(
  task: Context,
  order: readonly number[] = [...task.points[0].keys()],
): Promise<Float32Array> {
  const random = Random.of("report", "queries");
  const queries = permutationQueries, dimension = order.length;
  const noisy = Float32Array.from({ length: queries * dimension }, () => random.normal());
  return await withModel(task, (network, context) =>
    network.predictNoise({
      queries,
      noisy: noisy.map((_, i) => noisy[i - (i % dimension) + order[i % dimension]]),
      timestep: Int32Array.from({ length: queries }, () => 1 + random.integer(1000)),
      improvementFlag: new Int32Array(queries).fill(flagValues.better),
    }, context));
}

/** Root mean square of the difference relative to that of the reference. */
function relativeChange(values: Float32Array, reference: Float32Array): number {
  const squares = (of: (i: number) => number): number =>
    reference.reduce((sum, _, i) => sum + of(i) ** 2, 0);
  return Math.sqrt(squares((i) => values[i] - reference[i]) / squares((i) => reference[i]));
}

/** Eq. 2 of every step of a training on nothing but the observations, mean over the tasks. */
export async function historyLoss(
  tasks: readonly ObservedTask[],
  steps: number,
): Promise<number[]> {
  await startBackend("wasm");
  const options = { schedule: linearSchedule(), steps, seed: 0 };
  const losses: number[][] = [];
  for (const { points, responses } of tasks) {
    losses.push((await trainOnHistory(toHistory(points, responses), options)).epsLosses);
  }
  return losses[0].map((_, step) => mean(losses.map((ofTask) => ofTask[step])));
}

/** The two hyperparameters in which candidates agree most, as indices. */
export function mostDecided(points: readonly Float64Array[], among: readonly number[]): number[] {
  const spread = (j: number): number => {
    const values = points.map((point) => point[j]);
    const centre = median(values);
    return mean(values.map((value) => Math.abs(value - centre)));
  };
  return among.toSorted((a, b) => spread(a) - spread(b)).slice(0, 2).sort((a, b) => a - b);
}
