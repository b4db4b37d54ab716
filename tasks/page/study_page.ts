/**
 * The page of a study as one file, for when no service runs.
 *
 * @module
 */
import type { TrialSummary } from "../../core/study/trial_summary.ts";
import type { AnyStudy } from "./any_study.ts";
import { isDiffusion, traceDenoising } from "./denoising.ts";
import { type PageFiles, readPageFiles, wholePage } from "./page_files.ts";
import { trialJson } from "./trial_json.ts";

/**
 * The page of a study as it stands, as HTML that holds everything and loads nothing: the best so far, what to deploy,
 * importances, parallel coordinates, slices, a timeline, all trials, and how diffusion search makes its suggestions. It
 * is what `genhpo serve` shows live, and what `genhpo tune` leaves.
 *
 * Needs to read the files of the packages `vega`, `vega-lite` and `vega-interpreter`, and for diffusion search
 * TensorFlow.js's WebAssembly: `--allow-read`.
 *
 * @example
 * ```ts ignore
 * await study.optimize(objective, { trials: 100 });
 * await Deno.writeTextFile("study.html", await studyPage(study));
 * ```
 */
export async function studyPage(study: AnyStudy): Promise<string> {
  return await studyPageOf(study, await readPageFiles());
}

/** The page of a study, made of these files. */
export async function studyPageOf(study: AnyStudy, files: PageFiles): Promise<string> {
  const trials: readonly TrialSummary<unknown>[] = await study.trials();
  const { name, goal, method = "another program", space } = study;
  return await wholePage(files, {
    now: Date.now(),
    study: { name, goal, method, space: space.toJSON() },
    trials: trials.map(trialJson),
    recommendation: await study.recommend(),
    denoising: isDiffusion(method) ? await traceDenoising(study) : undefined,
  });
}
