/**
 * What the order of observations and hyperparameters does to the output of the shipped model.
 *
 * @module
 */
import { median } from "simple-statistics";
import { defaultGuidance } from "../../core/diffusion/guidance.ts";
import { Random } from "../../core/search/random.ts";
import { flagValues } from "../../core/diffusion/training_batch.ts";
import { generate, withModel } from "./model_samples.ts";
import type { Context, ObservedTask } from "./observed_tasks.ts";

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
    const options = { guidance: defaultGuidance, samples: 1 };
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
