/**
 * The page of a study as one file, for when no service runs.
 *
 * @module
 */
import type { TrialSummary } from "../../core/study/trial_summary.ts";
import { isDiffusion, traceDenoising } from "./denoising.ts";
import type { AnyStudy } from "./open_studies.ts";
import { readPageFiles, wholePage } from "./page_files.ts";
import { trialJson } from "./trial_json.ts";

/**
 * Writes the page of a study as it stands.
 *
 * @param method Who suggested, as the page names it.
 */
export async function writeStudyPage(path: string, study: AnyStudy, method: string): Promise<void> {
  const trials: readonly TrialSummary<unknown>[] = await study.trials();
  const data = {
    now: Date.now(),
    study: { name: study.name, goal: study.goal, method, space: study.space.toJSON() },
    trials: trials.map(trialJson),
    recommendation: await study.recommend(),
    denoising: isDiffusion(method) ? await traceDenoising(study, trials) : undefined,
  };
  await Deno.writeTextFile(path, wholePage(await readPageFiles(), data));
}
