/**
 * The report's own measurements of the shipped model: short, seeded, the same at every run.
 *
 * @module
 */
import { mean, median } from "simple-statistics";
import { startBackend } from "../../core/diffusion/backend.ts";
import { denoise } from "../../core/diffusion/denoiser.ts";
import { defaultGuidance } from "../../core/diffusion/guidance.ts";
import { toHistory } from "../../core/diffusion/history.ts";
import { trainOnHistory } from "../../core/diffusion/history_training.ts";
import { Random } from "../../core/search/random.ts";
import { linearSchedule } from "../../core/diffusion/schedule.ts";
import { candidateCount, generate, pointsOf, withModel } from "./model_samples.ts";
import type { ObservedTask } from "./observed_tasks.ts";

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
      guidance: defaultGuidance,
      onStep: (t, z) => {
        if (timesteps.includes(t)) frames.push({ t, points: pointsOf(z, dimension) });
      },
    }));
  return { frames };
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
      guided: improvingShare(task, await generate(task, { guidance: defaultGuidance })),
    });
  }
  return qualities;
}

function improvingShare(task: ObservedTask, points: readonly Float64Array[]): number {
  const best = Math.max(...task.responses);
  return mean(points.map((point) => task.task.evaluate(point) > best ? 1 : 0));
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
