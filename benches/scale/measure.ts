/**
 * What is measured of a method: the time of a suggestion, and the regret of its runs.
 *
 * @module
 */
import process from "node:process";
import { LockstepHost } from "../../core/diffusion/lockstep.ts";
import { deriveSeed, Random } from "../../core/search/random.ts";
import { type MethodName, methods } from "../../tasks/shared/methods.ts";
import { families, type Family, medianLoss } from "./functions.ts";

/** Random points of a run before the first suggestion: as in HPO-B's protocol. */
export const initialPoints = 5;

/** Where something is measured. */
interface Place {
  method: MethodName;
  dimension: number;
}

/** Median seconds of processor time of a suggestion: those of a clock would count what else the machine does. */
export async function suggestionSeconds(
  { method, dimension, observations, repeats }: Place & { observations: number; repeats: number },
): Promise<number> {
  const random = Random.of("scale time", dimension, observations);
  const points = Array.from({ length: observations }, () => random.point(dimension));
  const responses = points.map((point) => -point.reduce((sum, x) => sum + (x - 0.3) ** 2, 0));
  const algorithm = methods[method]({ seed: 0, backend: "wasm" });
  const seconds: number[] = [];
  for (let key = 0; key <= repeats; key++) {
    const before = process.cpuUsage();
    await algorithm.observeAndSuggest({ points, responses }, { key });
    const { user, system } = process.cpuUsage(before);
    if (key > 0) seconds.push((user + system) / 1e6); // the first one compiles
  }
  return seconds.sort((a, b) => a - b)[repeats >> 1];
}

/**
 * Runs of a method on functions of a family, side by side, each on a function of its own.
 *
 * @param evaluations Numbers of evaluations after which the regret is told, ascending.
 * @param first Key of the first function; `count` of them are searched.
 * @returns Regrets, `[count][evaluations]`: 0 at the optimum, 1 for the median of uniform points.
 */
export async function regretRuns(
  { method, dimension, family, evaluations, first, count }: Place & {
    family: Family;
    evaluations: readonly number[];
    first: number;
    count: number;
  },
): Promise<number[][]> {
  await using host = new LockstepHost();
  return await Promise.all(Array.from({ length: count }, async (_, i) => {
    const run = first + i;
    const { coordinates, drawUniform, loss } = families[family](dimension, run);
    const scale = medianLoss({ drawUniform, loss });
    const random = Random.of("scale start", family, dimension, run);
    const options = { dimension, ...(coordinates && { coordinates }) };
    const algorithm = methods[method]({
      seed: deriveSeed("scale", family, dimension, run),
      backend: "wasm",
      host,
    });
    const points: Float64Array[] = [], responses: number[] = [], regrets: number[] = [];
    let best = Infinity;
    while (regrets.length < evaluations.length) {
      const point = points.length < initialPoints
        ? drawUniform(random)
        : await algorithm.observeAndSuggest({ points, responses }, options);
      const regret = loss(point) / scale;
      points.push(point);
      responses.push(-regret);
      best = Math.min(best, regret);
      if (points.length === evaluations[regrets.length]) regrets.push(Number(best.toPrecision(4)));
    }
    return regrets;
  }));
}
