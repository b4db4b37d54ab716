/**
 * What optimizers do about runs that fail and measurements with noise, on the held-out tasks of the prior:
 *
 *     deno task bench:awareness [--methods a,b] [--weights FILE] [--runs 3] [--seed 0]
 *
 * Failures: a third of the cube fails, beyond a plane over one to three inputs. Each method is told of failures
 * (NaN), or not at all; printed are failures in 50 trials and the mean regret. Noise: normal, of 5 and of 20 % of the
 * deviation of responses at random points; printed is the mean regret of the true value of what is recommended after
 * 50 trials, by `recommend`, and by the method's own estimate where it has one.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { mean, standardDeviation } from "simple-statistics";
import { recommend } from "../baselines/recommend.ts";
import { LockstepHost } from "../core/diffusion/lockstep.ts";
import { Model } from "../core/diffusion/model.ts";
import {
  type ValidationTask,
  validationTasks,
} from "../core/diffusion/training/validation_tasks.ts";
import type { Algorithm } from "../core/search/algorithm.ts";
import { deriveSeed, Random } from "../core/search/random.ts";
import { DiffusionSearch } from "../core/diffusion/diffusion_search.ts";
import { signTest, wilcoxonTest } from "../hpob/comparison/statistics.ts";
import { type MethodName, methods } from "../tasks/shared/methods.ts";

const args = parseArgs(Deno.args, {
  string: ["methods", "weights", "runs", "seed", "trials", "only"],
  default: { methods: "gp,diffusion", runs: "3", seed: "0", trials: "50", only: "failures,noise" },
});
const model = args.weights && Model.fromSafetensors(Deno.readFileSync(args.weights));
const [runs, seed, trials] = [args.runs, args.seed, args.trials].map(Number);
const names = args.methods.split(",") as MethodName[];
const tasks = validationTasks({ tasksPerDimension: 4 });
const cases = tasks.flatMap((task) => Array.from({ length: runs }, (_, run) => ({ task, run })));
await using host = new LockstepHost();

function algorithmOf(name: MethodName, task: ValidationTask, run: number): Algorithm {
  const options = { seed: deriveSeed(seed, task.name, run), ...(model && { model }) };
  // All runs of diffusion at once: their networks answer together.
  if (name === "diffusion") return new DiffusionSearch({ ...options, host });
  return methods[name]({ ...options, backend: "wasm" });
}

/** Whether a point lies in the third of the cube that fails. */
function failingThird({ dimension, name }: ValidationTask): (point: Float64Array) => boolean {
  const random = Random.of("failing third", name);
  const weights = new Float64Array(dimension);
  for (const j of random.permutation(dimension).slice(0, 1 + random.integer(3))) {
    weights[j] = random.normal();
  }
  const sum = (point: Float64Array) => weights.reduce((s, w, j) => s + w * point[j], 0);
  const sums = Array.from({ length: 3001 }, () => sum(random.point(dimension)));
  const threshold = sums.sort((a, b) => a - b)[2000];
  return (point) => sum(point) > threshold;
}

async function withFailures(name: MethodName, isTold: boolean) {
  return await Promise.all(cases.map(async ({ task, run }) => {
    const fails = failingThird(task), random = Random.of("failures", task.name, run);
    const algorithm = algorithmOf(name, task, run);
    const points: Float64Array[] = [], responses: number[] = [];
    const add = (point: Float64Array): number => {
      const response = fails(point) ? NaN : task.evaluate(point);
      if (isTold || Number.isFinite(response)) {
        points.push(point);
        responses.push(response);
      }
      return response;
    };
    while (points.length < 5) add(random.point(task.dimension));
    let failures = 0, best = Math.max(...responses.filter(Number.isFinite), -1);
    for (let trial = 0; trial < trials; trial++) {
      // With a key of its own, as a failure that is not told changes nothing in what is observed.
      const response = add(
        await algorithm.observeAndSuggest({ points, responses }, { key: trial }),
      );
      if (Number.isFinite(response)) best = Math.max(best, response);
      else failures++;
    }
    return { failures, regret: 1 - best };
  }));
}

async function withNoise(name: MethodName, level: number) {
  return await Promise.all(cases.map(async ({ task, run }) => {
    const random = Random.of("noise", task.name, run, level);
    const sample = Array.from({ length: 200 }, () => task.evaluate(random.point(task.dimension)));
    const noise = level * standardDeviation(sample);
    const algorithm = algorithmOf(name, task, run);
    const points = Array.from({ length: 5 }, () => random.point(task.dimension));
    const measure = (point: Float64Array) => task.evaluate(point) + noise * random.normal();
    const responses = points.map(measure);
    for (let trial = 0; trial < trials; trial++) {
      const point = await algorithm.observeAndSuggest({ points, responses });
      points.push(point);
      responses.push(measure(point));
    }
    const observed = { points, responses };
    const own = await algorithm.estimate?.(observed);
    const recommended = (await recommend(observed))!.recommended.point;
    const measuredBest = points[responses.indexOf(Math.max(...responses))];
    return {
      recommended: 1 - task.evaluate(recommended),
      own: 1 - task.evaluate(own?.recommended.point ?? recommended),
      measuredBest: 1 - task.evaluate(measuredBest),
      visited: 1 - Math.max(...points.map((point) => task.evaluate(point))),
    };
  }));
}

function compare(title: string, ours: readonly number[], theirs: readonly number[]): void {
  const { wins, losses } = signTest(ours, theirs);
  console.log(
    `  ${title}: ${wins} won, ${losses} lost, p = ${
      wilcoxonTest(ours, theirs).pValue.toPrecision(2)
    }`,
  );
}

if (args.only.includes("failures")) {
  console.log("a third of the cube fails: failures in 50 trials, regret @50");
  for (const name of names) {
    const [told, ignored] = [await withFailures(name, true), await withFailures(name, false)];
    for (const [title, of] of [["told", told], ["not told", ignored]] as const) {
      const failures = mean(of.map((r) => r.failures)), regret = mean(of.map((r) => r.regret));
      console.log(`${name}, ${title}`.padEnd(24), failures.toFixed(1), regret.toFixed(4));
    }
    compare(
      "regret, told against not told",
      told.map((r) => r.regret),
      ignored.map((r) => r.regret),
    );
  }
}
if (args.only.includes("noise")) {
  for (const level of [0.05, 0.2]) {
    console.log(
      `noise of ${
        100 * level
      } %: regret of recommended, by own estimate, measured best, best visited`,
    );
    const all = [];
    for (const name of names) {
      const results = await withNoise(name, level);
      all.push(results);
      const of = (key: keyof typeof results[0]) => mean(results.map((r) => r[key])).toFixed(4);
      console.log(name.padEnd(24), of("recommended"), of("own"), of("measuredBest"), of("visited"));
    }
    for (let i = 1; i < names.length; i++) {
      compare(
        `${names[i]} against ${names[0]}, recommended`,
        all[i].map((r) => r.recommended),
        all[0].map((r) => r.recommended),
      );
    }
  }
}
