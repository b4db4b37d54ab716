/**
 * Synthetic tasks on which checkpoints are compared: never seen in training, the same for every checkpoint.
 *
 * @module
 */
import type { Observations } from "../../search/observations.ts";
import { propose } from "./proposal.ts";
import { Random } from "../../search/random.ts";
import type { Task } from "../../search/task.ts";
import { ResponseSurface, type ResponseSurfaceOptions } from "../prior/response_surface.ts";

/** A black box with a known scale. */
export interface ValidationTask extends Task {
  /** Such as `d4-smooth-2`. */
  name: string;
  /** Five uniform points to start a search from. */
  startPoints: Float64Array[];
  /**
   * The response at a point of [0,1]^d, scaled so that the median over uniform points is 0 and the maximum 1, as
   * far as a dense search found it: 1 - evaluate(x) is the regret, rarely a little below 0.
   */
  evaluate(point: Float64Array): number;
}

/** Options of {@linkcode validationTasks}. */
export interface ValidationOptions {
  /** Identifies the set of tasks. @default {0} */
  seed?: number;
  /** Dimensions of the tasks. @default {[2, 4, 8, 16]} */
  dimensions?: readonly number[];
  /** Number of tasks of each dimension; even ones are smooth, odd ones rugged. @default {8} */
  tasksPerDimension?: number;
  /** Passed on to the surfaces, except for their kind. */
  surface?: Omit<ResponseSurfaceOptions, "smoothShare">;
}

/** Draws the validation tasks of a seed; their streams are keyed apart from all others. */
export function validationTasks(options: ValidationOptions = {}): ValidationTask[] {
  const { seed = 0, dimensions = [2, 4, 8, 16], tasksPerDimension = 8 } = options;
  return dimensions.flatMap((dimension) =>
    Array.from({ length: tasksPerDimension }, (_, index) => {
      const kind = index % 2 === 0 ? "smooth" : "rugged";
      const random = Random.of("validation", seed, dimension, index);
      const name = `d${dimension}-${kind}-${index}`;
      const surface = { ...options.surface, smoothShare: kind === "smooth" ? 1 : 0 };
      for (;;) {
        const task = toTask(random, ResponseSurface.draw(random, dimension, surface), name);
        if (task !== undefined) return task;
      }
    })
  );
}

/** A surface as a task; none where it is flat but for rounding from the median up. */
function toTask(
  random: Random,
  surface: ResponseSurface,
  name: string,
): ValidationTask | undefined {
  const { dimension } = surface;
  const sample = surface.evaluate(random.point(1001 * dimension)).sort();
  const median = sample[500];
  const maximum = Math.max(sample[1000], searchMaximum(random, surface));
  const range = maximum - median;
  if (!(range > 1e-9 * Math.max(Math.abs(maximum), Math.abs(median)))) return undefined;
  return {
    name,
    dimension,
    startPoints: Array.from({ length: 5 }, () => random.point(dimension)),
    evaluate: (point) => (surface.evaluate(point)[0] - median) / range,
  };
}

type SearchedFunction = Pick<ResponseSurface, "dimension" | "evaluate">;

/** Uniform points that a restart begins with, generations after them, points of a generation. */
const initialPoints = 100, generations = 60, generationSize = 50;
const restarts = 10;
const eliteSize = 20;

/** The largest response that an evolutionary search with the proposal finds in 31,000 evaluations. */
export function searchMaximum(
  random: Random,
  surface: SearchedFunction,
): number {
  let maximum = -Infinity;
  for (let restart = 0; restart < restarts; restart++) {
    let elite = selectElite(surface, random.point(initialPoints * surface.dimension));
    for (let generation = 0; generation < generations; generation++) {
      const offspring = propose(random, elite, {
        count: generationSize,
        uniformShare: 0,
        smallestStep: 1e-4,
        differenceShare: 0.3,
      });
      elite = selectElite(surface, concatenate(offspring, elite.x));
    }
    maximum = Math.max(maximum, elite.y[0]);
  }
  return maximum;
}

/** The best of the given points, best first. */
function selectElite(
  surface: SearchedFunction,
  points: Float64Array,
): Observations {
  const { dimension } = surface;
  const values = surface.evaluate(points);
  const best = Int32Array.from(values.keys()).sort((a, b) => values[b] - values[a])
    .subarray(0, eliteSize);
  const x = new Float64Array(best.length * dimension);
  best.forEach((from, to) => {
    x.set(points.subarray(from * dimension, (from + 1) * dimension), to * dimension);
  });
  return { dimension, size: best.length, x, y: Float64Array.from(best, (i) => values[i]) };
}

function concatenate(a: Float64Array, b: Float64Array): Float64Array {
  const joined = new Float64Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
