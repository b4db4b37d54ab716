/** Made-up data of every figure, as realistic as it needs to be to look at the figures. */
import { Random } from "../../../core/search/random.ts";
import type { Ablation } from "../../../hpob/figures/ablation_figure.ts";
import type { DenoisingData } from "../../../hpob/figures/denoising_figure.ts";
import type { LossRow } from "../../../hpob/figures/loss_figure.ts";
import type { SurfaceHeatMap } from "../../../hpob/figures/surface_gallery.ts";
import type { BandCurve } from "../../../hpob/comparison/metrics.ts";
import type { Results } from "../../../hpob/comparison/results.ts";

const pace: Record<string, number> = { random: 0.03, gp: 0.08, dgp: 0.06, diffusion: 0.1 };

/** Results of four methods on `datasets` of each search space, five runs each. */
export function madeUpResults(
  spaces: readonly string[] = ["mini-xgboost"],
  datasets: readonly string[] = ["glass", "pima", "sonar", "spambase", "vehicle", "vowel"],
): Results[] {
  return Object.keys(pace).map((method) => ({
    method,
    protocol: "continuous",
    trials: 50,
    settings: { benchmark: "hpob-mini" },
    runs: spaces.flatMap((searchSpaceId) =>
      datasets.flatMap((datasetId, i) =>
        [0, 1, 2, 3, 4].map((n) => {
          const seed = `test${n}`;
          const start = Random.of("start", searchSpaceId, datasetId, seed).uniform();
          const random = Random.of(method, searchSpaceId, datasetId, seed);
          const incumbents = [0.95 - 0.1 * (i + 1) * start];
          for (let k = 0; k < 50; k++) {
            const regret = 1 - incumbents[k];
            const step = random.uniform() < 0.35 ? 6 * pace[method] * random.uniform() : 0;
            incumbents.push(1 - regret * (1 - step));
          }
          return { searchSpaceId, datasetId, seed, incumbents };
        })
      )
    ),
  }));
}

/** Curves with bands that reach below zero. */
export function madeUpCurves(trials: number): BandCurve[] {
  return Object.keys(pace).map((method) => {
    const values = Array.from({ length: trials + 1 }, (_, k) => 0.3 * Math.exp(-k * pace[method]));
    return {
      method,
      values,
      lower: values.map((value, k) => value - 0.16 * Math.sqrt(k)),
      upper: values.map((value, k) => value + 0.16 * Math.sqrt(k)),
    };
  });
}

export function madeUpLoss(steps: number): LossRow[] {
  const random = Random.of("loss");
  return Array.from({ length: steps / 50 }, (_, i) => {
    const step = 50 * (i + 1);
    const noisy = (value: number) => value * Math.exp(0.05 * random.normal());
    const epsLoss = noisy(0.12 + 0.9 * (step / 50) ** -0.5);
    return {
      step,
      epsLoss,
      loss: noisy(1.6 * epsLoss + 0.1),
      headLoss: noisy(0.3 + 0.4 * (step / 50) ** -0.4),
      ...(step % 1000 === 0 ? { heldOutEpsLoss: noisy(1.05 * epsLoss) } : {}),
      lossByNoise: Array.from(
        { length: 10 },
        (_, k) => noisy(0.9 * Math.exp(-0.45 * k) * (0.25 + 0.75 * (step / 50) ** -0.5)),
      ),
    };
  });
}

export function madeUpDenoising(): DenoisingData {
  const random = Random.of("denoising");
  const ends = Array.from({ length: 160 }, (_, i): [number, number] => {
    const [x, y] = i % 4 === 0 ? [0.2, 0.3] : [0.72, 0.8];
    const inside = (value: number) => Math.min(Math.max(value, 0), 1);
    return [inside(x + 0.06 * random.normal()), inside(y + 0.05 * random.normal())];
  });
  const noise = ends.map(() => [random.normal(), random.normal()]);
  return {
    axes: ["learning rate", "max. depth"],
    frames: [1000, 800, 600, 400, 300, 200, 100, 0].map((t) => {
      const alphaBar = Math.exp(-10 * (t / 1000) ** 2);
      const mix = (end: number, eps: number) =>
        (Math.sqrt(alphaBar) * (2 * end - 1) + Math.sqrt(1 - alphaBar) * eps + 1) / 2;
      return {
        t,
        candidates: ends.map(([x, y], i) => [mix(x, noise[i][0]), mix(y, noise[i][1])]),
      };
    }),
    observed: Array.from({ length: 18 }, () => {
      const point: [number, number] = [random.uniform(), random.uniform()];
      const distance = Math.hypot(point[0] - 0.72, point[1] - 0.8);
      return { point, response: Math.exp(-3 * distance * distance) };
    }),
  };
}

export const madeUpAblations: Ablation[] = ([
  ["Training", "pre-trained", 0.021, 0.006, 0.9, true],
  ["Training", "on the history alone", 0.052, 0.011, 14],
  ["Denoising steps", "8", 0.027, 0.008, 0.25],
  ["Denoising steps", "32", 0.021, 0.006, 0.9, true],
  ["Denoising steps", "1000", 0.0205, 0.006, 25],
  ["Guidance weight", "0", 0.034, 0.009, 0.9],
  ["Guidance weight", "2", 0.021, 0.006, 0.9, true],
  ["Guidance weight", "6", 0.026, 0.03, 0.9],
  ["Candidate", "first sample", 0.029, 0.008, 0.4],
  ["Candidate", "best of 64 by its own rank", 0.021, 0.006, 0.9, true],
] as const).map(([group, name, regret, half, seconds, isDefault = false]) => ({
  group,
  name,
  regret,
  interval: [regret - half, regret + half],
  seconds,
  isDefault,
}));

export function madeUpSurfaces(resolution: number, count: number): SurfaceHeatMap[] {
  return Array.from({ length: count }, (_, i) => ({
    title: `${i % 2 === 0 ? "smooth" : "rugged"}, d = ${2 ** (1 + (i % 4))}`,
    resolution,
    values: Float64Array.from({ length: resolution ** 2 }, (_, p) => {
      const x = (p % resolution) / resolution;
      const y = Math.floor(p / resolution) / resolution;
      return (Math.sin(3 * x + i) * Math.cos((2 + i) * y) + 1) / 2;
    }),
  }));
}
