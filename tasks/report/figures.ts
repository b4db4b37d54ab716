/**
 * The figures of the report.
 *
 * @module
 */
import { mean } from "simple-statistics";
import { surfaceGallery } from "../../core/diffusion/prior/gallery.ts";
import { HpobHandler } from "../../hpob/handler.ts";
import { alignResults, type Comparison } from "../../hpob/comparison/aligned_results.ts";
import { type Ablation, ablationFigure } from "../../hpob/figures/ablation_figure.ts";
import {
  type CaptionedFigure,
  comparisonFigures,
  describeRuns,
} from "../../hpob/figures/comparison_figures.ts";
import { denoisingFigure } from "../../hpob/figures/denoising_figure.ts";
import { lossFigure, type LossRow } from "../../hpob/figures/loss_figure.ts";
import { surfaceGalleryFigure } from "../../hpob/figures/surface_gallery.ts";
import { meanRegret } from "../../hpob/comparison/metrics.ts";
import type { Results } from "../../hpob/comparison/results.ts";
import { mostDecided, type Trajectory } from "./experiments.ts";
import { historySize, type ObservedTask } from "./observed_tasks.ts";

/** Settings of diffusion search that are compared, by what is varied; names are those of methods. */
const variations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "Trained on": {
    "diffusion": "synthetic tasks (default)",
    "diffusion-adapted": "synthetic tasks, then the history",
    "diffusion-history": "the history alone",
  },
  "Guidance": {
    "diffusion-guidance-0": "none",
    "diffusion-guidance-2": "w = 2",
    "diffusion": "w = 3 (default)",
    "diffusion-guidance-5": "w = 5",
  },
  "Denoising steps": {
    "diffusion-steps-4": "4",
    "diffusion": "16 (default)",
    "diffusion-steps-64": "64",
  },
  "Context": {
    "diffusion": "a set (default)",
    "diffusion-ordered": "with the order as a coordinate",
  },
  "Coverage": {
    "diffusion": "margins and probes (default)",
    "diffusion-unprobed": "without probes",
    "diffusion-edges": "without margins",
  },
  "Candidates": {
    "diffusion": "the first sample (default)",
    "diffusion-ranked": "best of 8 by the own head",
  },
};

/** The command that makes the results of all settings but the default. */
export const ablationCommand: string = `deno task bench --methods ${
  Object.values(variations).flatMap(Object.keys).filter((method) => method !== "diffusion").join()
} --seeds test0,test1 --out docs/results/ablation`;

/** What a setting of diffusion search varies, in words. */
export function variationName(method: string): string {
  for (const [group, settings] of Object.entries(variations)) {
    if (method !== "diffusion" && method in settings) {
      return `${group.toLowerCase()}: ${settings[method]}`;
    }
  }
  return method;
}

/** The figures of the main comparison, with the benchmark named in each caption. */
export function mainFigures(comparison: Comparison): CaptionedFigure[] {
  const source = describeRuns(comparison, "hpob-mini");
  return comparisonFigures(comparison).map((figure) => ({
    ...figure,
    caption: `${source} ${figure.caption}`,
  }));
}

/** Regret and seconds of the settings that there are results of, the default among them. */
export function ablationOf(results: readonly Results[]): CaptionedFigure | undefined {
  const comparison = alignResults(results);
  const regrets = meanRegret(comparison);
  const last = comparison.trials;
  const variants = Object.entries(variations).flatMap(([group, settings]) => {
    const found = Object.entries(settings)
      .filter(([method]) => comparison.methods.includes(method));
    return found.length < 2 ? [] : found.map(([method, name]): Ablation => {
      const m = comparison.methods.indexOf(method);
      const seconds = results[m].runs.flatMap((run) => run.secondsPerSuggestion ?? []);
      return {
        group,
        name,
        regret: regrets[m].values[last],
        interval: [regrets[m].lower[last], regrets[m].upper[last]],
        seconds: seconds.length === 0 ? NaN : mean(seconds),
        isDefault: method === "diffusion",
      };
    });
  });
  if (variants.length === 0) return undefined;
  return {
    name: "ablation",
    title: `Settings of diffusion search after ${last} trials`,
    caption: `${describeRuns(comparison, "hpob-mini")} Lines: 95 % intervals.`,
    draw: (options) => ablationFigure(variants, options),
  };
}

/** Losses of the pre-training. */
export function pretrainingFigure(log: readonly LossRow[]): CaptionedFigure {
  return {
    name: "pretraining-loss",
    title: "Loss of the pre-training",
    caption: "On synthetic tasks, means over the steps between two points. " +
      "Right: Eq. 2 by noise level, from little noise (dark) to pure noise (bright).",
    draw: (options) => lossFigure(log, options),
  };
}

/** Loss of a training on nothing but a history. */
export function historyFigure(losses: readonly number[]): CaptionedFigure {
  const part = 5; // batches are small: their losses are averaged
  const rows = Array.from({ length: losses.length / part }, (_, i) => ({
    step: (i + 1) * part,
    loss: NaN, // what is minimized is Eq. 2 itself: one curve
    epsLoss: mean(losses.slice(i * part, (i + 1) * part)),
    lossByNoise: [],
  }));
  return {
    name: "history-loss",
    title: "Loss on a history alone",
    caption: `Mean over ${historySize} observations of every data set.`,
    draw: (options) => lossFigure(rows, options),
  };
}

/** Candidates on their way from noise to suggestions, in the two hyperparameters they agree on most. */
export async function trajectoryFigure(
  task: ObservedTask,
  { frames }: Trajectory,
): Promise<CaptionedFigure> {
  const handler = await HpobHandler.embedded();
  const [space] = handler.searchSpaces();
  const names = (await handler.descriptors(space)).variables_order as string[];
  const table = await handler.table(space, task.datasetId);
  const numeric = [...names.keys()].filter((j) => new Set(table.x.map((row) => row[j])).size > 2);
  const axes = mostDecided(frames.at(-1)!.points, numeric);
  const shown = (point: Float64Array): [number, number] => [point[axes[0]], point[axes[1]]];
  return {
    name: "denoising",
    title: "From noise to suggestions",
    caption:
      `${frames[0].points.length} candidates (red) for ${task.datasetId}, hpob-mini, after ` +
      `${task.points.length} observations, on two of ${names.length} hyperparameters. The best ` +
      "observation is circled, the grey box is the search space.",
    draw: (options) =>
      denoisingFigure({
        axes: [names[axes[0]], names[axes[1]]],
        frames: frames.map(({ t, points }) => ({ t, candidates: points.map(shown) })),
        observed: task.points.map((x, i) => ({ point: shown(x), response: task.responses[i] })),
      }, options),
  };
}

/** Slices of the response surfaces that the model is trained on. */
export function priorFigure(): CaptionedFigure {
  return {
    name: "prior",
    title: "What the model is trained on",
    caption: "Slices of synthetic response surfaces along their two most influential " +
      "hyperparameters, through a good point.",
    draw: (options) =>
      surfaceGalleryFigure(surfaceGallery({ surfacesPerKind: 1, resolution: 32 }), options),
  };
}
