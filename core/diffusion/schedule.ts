/**
 * The noise schedule of the diffusion: how much of a point is left after t steps of the forward
 * process. It knows nothing of networks. Tables are computed in float64 and cast once.
 *
 * @module
 */

/** Number of diffusion steps T that every model of this package is trained with. */
export const diffusionSteps = 1000;

/** The name of a schedule. */
export type ScheduleName = "cosine" | "linear";

/** The schedules of {@linkcode scheduleOf}. */
export const scheduleNames: readonly ScheduleName[] = ["cosine", "linear"];

/** A variance schedule over T steps; index 0 is the clean point. */
export interface Schedule {
  /** Which schedule this is. */
  readonly name: ScheduleName;
  /** T, the number of steps. */
  readonly steps: number;
  /** abar_t for t = 0..T, never increasing, abar_0 = 1: the share of the signal's variance. */
  readonly alphaBar: Float32Array;
  /** alpha_t = abar_t / abar_{t-1} for t = 1..T; `alpha[0]` is 1. */
  readonly alpha: Float32Array;
  /** beta_t = 1 - alpha_t for t = 1..T; `beta[0]` is 0. */
  readonly beta: Float32Array;
}

/** The smallest abar of the cosine schedule, so that the last steps keep a finite signal. */
const cosineFloor = 1e-5;

/**
 * The cosine schedule of Nichol & Dhariwal (2021, Eq. 17) with offset s = 0.008, floored at 1e-5:
 * abar_t = f(t) / f(0), f(t) = cos^2((t / T + s) / (1 + s) * pi / 2).
 */
export function cosineSchedule(): Schedule {
  const offset = 0.008;
  const f = (t: number): number =>
    Math.cos(((t / diffusionSteps + offset) / (1 + offset)) * (Math.PI / 2)) ** 2;
  const alphaBar = Float64Array.from(
    { length: diffusionSteps + 1 },
    (_, t) => Math.min(Math.max(f(t) / f(0), cosineFloor), 1),
  );
  alphaBar[0] = 1;
  return fromAlphaBar("cosine", alphaBar);
}

/** The linear schedule of Ho et al. (2020, section 4): beta from 1e-4 to 0.02 over T = 1000 steps. */
export function linearSchedule(): Schedule {
  const alphaBar = new Float64Array(diffusionSteps + 1);
  alphaBar[0] = 1;
  for (let t = 1; t <= diffusionSteps; t++) {
    const beta = 1e-4 + ((t - 1) / (diffusionSteps - 1)) * (0.02 - 1e-4);
    alphaBar[t] = alphaBar[t - 1] * (1 - beta);
  }
  return fromAlphaBar("linear", alphaBar);
}

/** The schedule of that name, computed once. */
export function scheduleOf(name: ScheduleName): Schedule {
  return schedules[name] ??= name === "cosine" ? cosineSchedule() : linearSchedule();
}

const schedules: { [name in ScheduleName]?: Schedule } = {};

/**
 * The timesteps of a strided sampling run: `steps + 1` values from T down to 0, evenly spaced and
 * rounded half to even (as torch.round does).
 *
 * @param steps number of denoising steps, 1..T.
 */
export function stridedTimesteps(steps: number): Int32Array {
  if (!Number.isInteger(steps) || steps < 1 || steps > diffusionSteps) {
    throw new RangeError(
      `Cannot stride the timesteps as 'steps' must be an integer in 1..${diffusionSteps}: got ${steps}`,
    );
  }
  return Int32Array.from(
    { length: steps + 1 },
    (_, k) => roundHalfToEven(diffusionSteps - (diffusionSteps * k) / steps),
  );
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function fromAlphaBar(name: ScheduleName, alphaBar: Float64Array): Schedule {
  const alpha = alphaBar.map((value, t) => (t === 0 ? 1 : value / alphaBar[t - 1]));
  return {
    name,
    steps: diffusionSteps,
    alphaBar: Float32Array.from(alphaBar),
    alpha: Float32Array.from(alpha),
    beta: Float32Array.from(alpha, (value) => 1 - value),
  };
}
