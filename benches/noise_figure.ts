/**
 * Draws docs/figures/noise.svg, measured against true values in one study of a made-up objective, and prints how
 * recommendations compare over many studies: `deno task bench:noise`.
 *
 * @module
 */
import { GaussianProcess } from "../baselines/gaussian_process.ts";
import { gridPoints } from "../core/search/coordinates.ts";
import type { Confirm } from "../core/search/confirmation.ts";
import { Random } from "../core/search/random.ts";
import { SearchSpace } from "../core/search/search_space.ts";
import { Study } from "../core/study/study.ts";
import { noiseFigure } from "../hpob/figures/noise_figure.ts";
import { renderSvg } from "../hpob/figures/render.ts";

const space = new SearchSpace({
  rate: { type: "ordered", values: [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1] },
  depth: { type: "integer", min: 1, max: 8 },
  width: { type: "ordered", values: [16, 32, 64, 128, 256, 512] },
  optimizer: { type: "choice", values: ["sgd", "adam", "rmsprop"] },
});
type Values = { rate: number; depth: number; width: number; optimizer: string };

const trials = 50, studies = 20;
/** Standard deviations of a measurement; the figure is of the second. */
const noises = [0.01, 0.03, 0.06];

/** Accuracy without noise: a smooth part, and what is particular to each configuration. */
function truth(values: Values): number {
  const { rate, depth, width, optimizer } = values;
  const bend = (Math.log10(rate) + 3) ** 2 / 40 + ((depth - 5) / 16) ** 2 +
    (Math.log2(width / 128) / 14) ** 2;
  const particular = Random.of("particular", rate, depth, width, optimizer).normal();
  return 0.9 - bend - (optimizer === "adam" ? 0 : 0.03) + 0.01 * particular;
}

const best = Math.max(
  ...gridPoints(space.coordinates).map((point) => truth(space.decode(point) as Values)),
);
interface Outcome {
  lucky: number;
  recommended: number;
  visited: number;
}

async function tune(
  seed: number,
  noise: number,
  confirm: Confirm,
  draw: boolean,
): Promise<Outcome> {
  await using study = await Study.open({
    space,
    algorithm: new GaussianProcess({ seed }),
    confirm,
  });
  await study.optimize(
    ({ number, configuration }) =>
      truth(configuration as Values) + noise * Random.of("noise figure", seed, number).normal(),
    { trials },
  );
  const all = await study.trials();
  const luckiest = (await study.best())!, recommended = (await study.recommend())!;
  const truths = all.map(({ configuration }) => truth(configuration as Values));
  if (draw) {
    const names = { other: "Measured once", lucky: "Best measurement", chosen: "Recommended" };
    const values = all.map(({ number, value }) => ({
      measured: value!,
      truth: truths[number],
      role: number === luckiest.number
        ? names.lucky
        : recommended.trials.includes(number)
        ? names.chosen
        : names.other,
    }));
    const colors = {
      [names.other]: "#7f7f7f",
      [names.lucky]: "#d62728",
      [names.chosen]: "#2ca02c",
    };
    const figure = noiseFigure(values, colors, {
      title: "A lucky measurement",
      caption: `${trials} trials; a measurement varies by ${noise}.`,
    });
    const file = new URL("../docs/figures/noise.svg", import.meta.url);
    await Deno.writeTextFile(file, await renderSvg(figure));
  }
  return {
    lucky: best - truth(luckiest.configuration as Values),
    recommended: best - truth(recommended.configuration as Values),
    visited: best - Math.max(...truths),
  };
}

for (const noise of noises) {
  for (const confirm of [false, "auto"] as const) {
    const sums: Outcome = { lucky: 0, recommended: 0, visited: 0 };
    for (let seed = 0; seed < studies; seed++) {
      const draw = seed === 0 && confirm === false && noise === noises[1];
      const outcome = await tune(seed, noise, confirm, draw);
      for (const key of Object.keys(sums) as (keyof Outcome)[]) sums[key] += outcome[key] / studies;
    }
    console.log(`noise ${noise}, confirm: ${confirm}`, sums);
  }
}
