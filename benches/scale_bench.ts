/**
 * `deno task bench:scale`: the time of a suggestion and the regret, over the number of columns and of observations.
 *
 * @module
 */
import { pretrainedModel } from "../core/diffusion/pretrained.ts";
import { renderSvg } from "../hpob/figures/render.ts";
import { writeAtomically } from "../hpob/files/atomic.ts";
import { type Command, runCommand } from "../tasks/shared/cli.ts";
import { Progress } from "../tasks/shared/progress.ts";
import { regretRuns, suggestionSeconds } from "./scale/measure.ts";
import { scaleFigures } from "./scale/figures.ts";
import { scalePage } from "./scale/page.ts";
import {
  readScaleResults,
  regretsOf,
  sameRegretPiece,
  type ScalePlan,
  timesOf,
  writeScaleResults,
} from "./scale/results.ts";

const command: Command = {
  name: "bench:scale",
  summary: "Measures time and regret from 2 to 40 columns, and up to 200 observations.",
  flags: {
    runs: { value: "N", description: "Functions of each family", default: "5" },
    "long-runs": { value: "N", description: "Of them, with 200 evaluations", default: "2" },
    quick: { description: "Few columns and evaluations: whether all works" },
    out: { value: "DIR", description: "Folder of the page scale.md and all else", default: "docs" },
  },
  examples: [
    "deno task bench:scale",
    "deno task bench:scale --quick --runs 1 --long-runs 1 --out results/scale",
  ],
};

const fullPlan: Omit<ScalePlan, "runs" | "longRuns"> = {
  dimensions: [2, 4, 8, 16, 24, 32, 40],
  observations: 50,
  evaluations: 50,
  timedAfter: [25, 50, 100, 200],
  timedAt: [16, 40],
  searchedAfter: [10, 25, 50, 100, 200],
  searchedAt: [8, 16, 40],
  repeats: 5,
};
const quickPlan: typeof fullPlan = {
  dimensions: [2, 5],
  observations: 6,
  evaluations: 7,
  timedAfter: [6, 8],
  timedAt: [2, 5],
  searchedAfter: [6, 8],
  searchedAt: [2, 4, 5],
  repeats: 1,
};

await runCommand(command, async (flags) => {
  const plan: ScalePlan = {
    ...flags.on("quick") ? quickPlan : fullPlan,
    runs: flags.integer("runs", 0, 100),
    longRuns: flags.integer("long-runs", 0, 100),
  };
  const out = flags.required("out");
  await Deno.mkdir(`${out}/results`, { recursive: true });
  await Deno.mkdir(`${out}/figures`, { recursive: true });
  const file = `${out}/results/scale.json`;
  const model = await pretrainedModel();
  const results = await readScaleResults(file, await model.checksum());
  const times = timesOf(plan), regrets = regretsOf(plan);
  const progress = new Progress(
    times.length + regrets.length,
    (done) => `${done} of ${times.length + regrets.length} parts`,
  );
  for (const [done, place] of times.entries()) {
    progress.update(done);
    const { method, dimension, observations } = place;
    const isKnown = results.times.some((known) =>
      known.method === method && known.dimension === dimension &&
      known.observations === observations
    );
    if (isKnown) continue;
    const seconds = await suggestionSeconds({ ...place, repeats: plan.repeats });
    results.times.push({ ...place, seconds: Number(seconds.toPrecision(2)) });
    await writeScaleResults(file, results);
  }
  for (const [done, wanted] of regrets.entries()) {
    progress.update(times.length + done);
    const known = results.regrets.find((piece) => sameRegretPiece(piece, wanted));
    const first = known?.runs.length ?? 0;
    if (first >= wanted.runs) continue;
    const runs = await regretRuns({ ...wanted, first, count: wanted.runs - first });
    if (known) known.runs.push(...runs);
    else results.regrets.push({ ...wanted, runs });
    await writeScaleResults(file, results);
  }
  progress.finish();
  for (const [name, figure] of Object.entries(scaleFigures(results, plan))) {
    await writeAtomically(`${out}/figures/${name}.svg`, await renderSvg(figure));
  }
  await writeAtomically(`${out}/scale.md`, await scalePage(results, plan, model.facts));
  console.log(`Written: ${file}, ${out}/scale.md and its figures`);
});
