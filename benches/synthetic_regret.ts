/**
 * Regret after 50 trials on smooth functions of low dimension and on the held-out tasks of the prior:
 *
 *     deno run --allow-read benches/synthetic_regret.ts [--methods a,b] [--weights FILE] [--runs 5] [--seed 0]
 *
 * Prints the mean over runs of log10 of the relative regret (optimum - best) / (optimum - median of random
 * points), at least 1e-6, and a comparison of each method's runs with the first one's: on the smooth tasks of at most 8
 * dimensions, and on all tasks.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { Model } from "../core/diffusion/model.ts";
import { validationTasks } from "../core/diffusion/training/validation_tasks.ts";
import { deriveSeed, Random } from "../core/search/random.ts";
import { searchTask } from "../core/search/search_loop.ts";
import type { Task } from "../core/search/task.ts";
import { signTest, wilcoxonTest } from "../hpob/comparison/statistics.ts";
import { type MethodName, methods } from "../tasks/shared/methods.ts";
import {
  branin,
  gaussianProcessDraw,
  hartmann3,
  hartmann6,
} from "../tasks/shared/synthetic_functions.ts";

/** A task with a name, of which the response is minus the regret: 0 at the optimum, -1 for the median of random points. */
interface ScaledTask extends Task {
  name: string;
  evaluate(point: Float64Array): number;
}

const args = parseArgs(Deno.args, {
  string: ["methods", "weights", "runs", "seed", "trials"],
  default: {
    methods: "gp-polished,gp,diffusion,diffusion-unrefined,diffusion-global,diffusion-ranked",
    runs: "5",
    seed: "0",
    trials: "50",
  },
});
const model = args.weights && Model.fromSafetensors(Deno.readFileSync(args.weights));
const [runs, seed, trials] = [args.runs, args.seed, args.trials].map(Number);
const names: MethodName[] = args.methods.split(",");

const smooth = [
  branin,
  hartmann3,
  hartmann6,
  ...[2, 4, 8].map((d) => gaussianProcessDraw(d, 0.3, d)),
];
const tasks: ScaledTask[] = [
  ...smooth.map(({ name, dimension, maximum, evaluate }) => {
    const random = Random.of("median", name);
    const sample = Array.from({ length: 1001 }, () => evaluate(random.point(dimension)));
    const scale = maximum - sample.sort((a, b) => a - b)[500];
    return { name, dimension, evaluate: (x: Float64Array) => (evaluate(x) - maximum) / scale };
  }),
  ...validationTasks({ tasksPerDimension: 4 }).map(({ name, dimension, evaluate }) => ({
    name,
    dimension,
    evaluate: (x: Float64Array) => evaluate(x) - 1,
  })),
];

async function bestRegret(method: MethodName, task: ScaledTask, run: number): Promise<number> {
  const random = Random.of("synthetic regret", task.name, run);
  const points = Array.from({ length: 5 }, () => random.point(task.dimension));
  const responses = points.map(task.evaluate);
  let best = Math.max(...responses);
  const algorithm = methods[method]({
    seed: deriveSeed(seed, task.name, run),
    backend: "wasm",
    ...(model && { model }),
  });
  const steps = searchTask(algorithm, task, { points, responses });
  for (let trial = 0; trial < trials; trial++) {
    best = Math.max(best, (await steps.next()).value!.response);
  }
  return Math.log10(Math.max(1e-6, -best));
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** What is summed up: titles, which tasks, and log regrets of each method's runs on them. */
const groups = [
  {
    title: "smooth, d <= 8",
    includes: ({ name, dimension }: ScaledTask) => dimension <= 8 && !name.includes("rugged"),
    logs: names.map((): number[] => []),
  },
  { title: "all", includes: () => true, logs: names.map((): number[] => []) },
];
console.log(["task".padEnd(28), "d", ...names].join("\t"));
for (const task of tasks) {
  const logs: number[][] = [];
  for (const name of names) {
    const values: number[] = [];
    for (let run = 0; run < runs; run++) values.push(await bestRegret(name, task, run));
    logs.push(values);
  }
  for (const group of groups) {
    if (group.includes(task)) logs.forEach((values, m) => group.logs[m].push(...values));
  }
  const cells = logs.map((values) => mean(values).toFixed(2));
  console.log([task.name.padEnd(28), task.dimension, ...cells].join("\t"));
}
for (const { title, logs: [first, ...others] } of groups) {
  const means = [first, ...others].map((values) => mean(values).toFixed(2));
  console.log([`mean: ${title}`.padEnd(28), "", ...means].join("\t"));
  others.forEach((values, i) => {
    const { wins, losses, ties } = signTest(values, first);
    const { pValue } = wilcoxonTest(values, first);
    console.log(
      `  ${names[i + 1]} against ${names[0]}: ${wins} won, ${ties} tied, ${losses} lost, ` +
        `Wilcoxon p = ${pValue.toPrecision(2)}`,
    );
  });
}
