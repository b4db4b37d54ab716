import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { renderSvg } from "../../hpob/figures/render.ts";
import {
  type MethodModelRuns,
  modelResults,
  type ModelRun,
  type ModelTrial,
  readModelRuns,
} from "../../tasks/report/model_runs.ts";
import {
  type TunedModels,
  tunedModelsFigures,
  tunedModelsOf,
  tunedModelsText,
} from "../../tasks/report/models.ts";
import { hasOptuna, pythonWithOptuna } from "../core/storage/optuna/_optuna.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

/** A run of two initial configurations and what follows, by its losses. */
function run(model: string, seed: number, losses: readonly (number | null)[]): ModelRun {
  const trials = losses.map((value): ModelTrial => ({
    configuration: {},
    value,
    ...(value === null ? { reason: "diverged" } : { test: value + 0.5 }),
    seconds: { suggestion: 0.25, evaluation: 1 },
  }));
  const settings = { learner: "learner 1.0", package: "package 2.0" };
  return { model, seed, initial: 2, settings, trials };
}

function methodsWith(losses: Record<string, readonly (number | null)[]>): MethodModelRuns[] {
  return Object.entries(losses).map(([method, later]) => ({
    method,
    runs: ["a", "b"].flatMap((model) =>
      [0, 1, 2].map((seed) => run(model, seed, [3, 5 + seed, ...later]))
    ),
  }));
}

Deno.test("bench:models refuses methods and models that it does not know", async () => {
  const { code, stderr } = await runTask("bench:models", "--methods", "optuna-tpa");
  assertEquals(code, 2);
  assertStringIncludes(stderr, 'did you mean "optuna-tpe"?');
  assertEquals((await runTask("bench:models", "--seeds", "x")).code, 2);
});

Deno.test({
  name: "bench:models tunes through the service and by Optuna, and goes on where it ended" +
    (hasOptuna() ? "" : " (Optuna is not installed: see .ci/run)"),
  ignore: !hasOptuna(),
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const flags = ["--models", "svm", "--methods", "random,optuna-tpe", "--seeds", "0"];
      const tune = (...more: string[]) =>
        runTask("bench:models", ...flags, "--python", pythonWithOptuna, "--out", folder, ...more);
      const few = ["--initial", "3", "--trials", "2"];
      const { code, stdout, stderr } = await tune(...few);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "| optuna-tpe |");
      const paths = ["random", "optuna-tpe"].map((method) => `${folder}/${method}.jsonl`);
      const [[ours], [theirs]] = await Promise.all(paths.map(readModelRuns));
      assertEquals([ours.trials.length, theirs.trials.length], [5, 5]);
      const withoutSeconds = ({ trials }: ModelRun) =>
        trials.slice(0, 3).map(({ seconds: _, ...trial }) => trial);
      assertEquals(withoutSeconds(ours), withoutSeconds(theirs));
      for (const { configuration, value, test, reason } of ours.trials) {
        assertEquals("gamma" in configuration, configuration.kernel !== "linear");
        assert(value === null ? reason !== undefined : value >= 0 && test! >= 0);
      }
      const before = await Deno.readTextFile(paths[0]);
      assertEquals((await tune(...few)).code, 0);
      assertEquals(await Deno.readTextFile(paths[0]), before);
      const other = await tune("--initial", "3", "--trials", "4");
      assertEquals(other.code, 1);
      assertStringIncludes(other.stderr, "its runs must be made alike");
    }),
});

Deno.test("losses become regrets between the best of all and the median of the first", () => {
  const [first, second] = modelResults(methodsWith({ one: [null, 2], two: [9, 1] }));
  // The median of 3, 5, 3, 6, 3, 7 is 4, the best of all 1.
  const [{ incumbents, secondsPerSuggestion }] = first.runs;
  incumbents.forEach((incumbent, k) => {
    assertAlmostEquals(1 - incumbent, [2 / 3, 2 / 3, 1 / 3][k], 1e-12);
  });
  assertEquals(second.runs[0].incumbents[2], 1);
  assertEquals(secondsPerSuggestion, 0.25);
});

Deno.test("a run in which every training failed has the largest regret", () => {
  const failed = { method: "failed", runs: [run("a", 0, [null, null, null])] };
  const other = { method: "other", runs: [run("a", 0, [2, 1, 1])] };
  const [{ runs: [{ incumbents }] }] = modelResults([failed, other]);
  assertEquals(incumbents, [0, 0]);
});

Deno.test("the section says first where diffusion search loses, and has losses and failures", async () => {
  const tuned = tunedModelsOf({
    models: methodsWith({ diffusion: [2, 2], better: [1, null], worse: [3, 3] }),
  })!;
  const text = await tunedModelsText(tuned);
  assertStringIncludes(text, "lower means, not told apart, have `better`");
  assertStringIncludes(text, "| `better`         | **1.0000** | **1.5000** |");
  assertStringIncludes(text, "learner 1.0, package 2.0");
  assert(text.indexOf("loses") < text.indexOf("beats") || !text.includes("beats"));
  assert(!/\{\{|undefined|NaN|Infinity/.test(text));
  for (const { draw } of tunedModelsFigures(tuned)) {
    assert(!/NaN|Infinity/.test(await renderSvg(draw())));
  }
});

Deno.test("methods without all runs are left out of the section, and without any it says how to make them", async () => {
  const whole = methodsWith({ diffusion: [2, 2], other: [1, 1] });
  const part = { method: "part", runs: whole[0].runs.slice(1) };
  const { methods } = tunedModelsOf({ models: [...whole, part] }) as TunedModels;
  assertEquals(methods.map(({ method }) => method), ["diffusion", "other"]);
  assertStringIncludes(await tunedModelsText(tunedModelsOf({ models: [] })), "bench:models");
});

Deno.test("a damaged line of measurements is named", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.jsonl`, `${JSON.stringify(run("a", 0, [1, 1]))}\n{"x\n`);
    const error = await readModelRuns(`${folder}/a.jsonl`).catch((error) => error);
    assertStringIncludes(error.message, "line 2 must be a run");
  }));
