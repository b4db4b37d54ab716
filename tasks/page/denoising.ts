/**
 * How the diffusion model generates a suggestion: samples on their way from pure noise to the search space.
 *
 * @module
 */
import { withHistory } from "../../core/diffusion/conditioning.ts";
import { denoise } from "../../core/diffusion/denoiser.ts";
import { defaultGuidance } from "../../core/diffusion/guidance.ts";
import { condense } from "../../core/diffusion/history.ts";
import { observedHistory } from "../../core/diffusion/observed_history.ts";
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import { stridedTimesteps } from "../../core/diffusion/schedule.ts";
import { checkObserved } from "../../core/search/algorithm.ts";
import { columnsOf } from "../../core/search/coordinates.ts";
import { Random } from "../../core/search/random.ts";
import type { AnyStudy } from "./any_study.ts";

/** Samples at several timesteps, and what the model was shown. */
export interface Denoising {
  /** Names of the hyperparameters that have one column: a number, an ordered value, or a choice between two. */
  columns: string[];
  /** By t, from T (pure noise) down to 0 (suggestions); each sample has a value for each of the columns. */
  frames: { t: number; samples: number[][] }[];
  /** The observed points, in the unit cube. */
  observed: number[][];
}

/** Whether a method generates its suggestions so. */
export function isDiffusion(method: string): boolean {
  return method.startsWith("diffusion");
}

const samples = 96;
const steps = 16;
/** Which of the visited timesteps are shown, counted from pure noise. */
const shownSteps = [0, 4, 8, 11, 13, 16];

/** Digits that a picture needs. */
const precision = 1e4;

/** Denoises some samples for the study as it stands; undefined while nothing was measured. */
export async function traceDenoising(study: AnyStudy): Promise<Denoising | undefined> {
  const { space } = study, { coordinates } = space;
  const seen = checkObserved(await study.observed(), { coordinates });
  const whole = observedHistory(seen, coordinates);
  if (whole.points.length === 0) return undefined;
  const model = await pretrainedModel();
  const history = condense(whole, model.facts.largestContext);
  const { names, places } = singleColumns(space);
  const timesteps = [...stridedTimesteps(steps)];
  const shown = new Set(shownSteps.map((step) => timesteps[step] ?? 0));
  const frames: Denoising["frames"] = [];
  await withHistory(
    model,
    history,
    "wasm",
    ({ network, context }) =>
      denoise(network, context, {
        random: Random.of("denoising", whole.points.length),
        samples,
        steps,
        guidance: defaultGuidance,
        onStep: (t, z) => {
          if (!shown.has(t)) return;
          const row = (k: number) =>
            places.map((place) => rounded((z[k * space.dimension + place] + 1) / 2));
          frames.push({ t, samples: Array.from({ length: samples }, (_, k) => row(k)) });
        },
      }),
  );
  const observed = history.points.map((point) => places.map((place) => rounded(point[place])));
  return { columns: names, frames, observed };
}

function singleColumns({ columns, coordinates }: AnyStudy["space"]) {
  const names: string[] = [], places: number[] = [];
  let place = 0;
  coordinates.forEach((coordinate, i) => {
    const { when: _, ...alone } = coordinate;
    if (columnsOf(alone) === 1) {
      names.push(columns[i]);
      places.push(place);
    }
    place += columnsOf(coordinate);
  });
  return { names, places };
}

function rounded(value: number): number {
  return Math.round(value * precision) / precision;
}
