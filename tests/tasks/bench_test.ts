import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Model } from "../../core/diffusion/model.ts";
import { pretrainedModel } from "../../core/diffusion/pretrained.ts";
import { version } from "../../core/version.ts";
import { readResults, writeResults } from "../../hpob/comparison/results.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

const small = ["--datasets", "glass", "--methods", "random", "--trials", "4"];

Deno.test("bench writes results, table and figures, and the same ones with any number of workers", () =>
  inTemporaryFolder(async (folder) => {
    const [one, two] = [`${folder}/one`, `${folder}/two`];
    const first = await runTask("bench", ...small, "--out", one, "--workers", "1");
    assertEquals(first.code, 0, first.stderr);
    assertStringIncludes(first.stdout, "5 runs a method, 4 trials, continuous protocol");
    await runTask("bench", ...small, "--out", two, "--workers", "3");
    const results = await readResults(`${one}/random.json`);
    const others = await readResults(`${two}/random.json`);
    assertEquals(
      results.runs.map((run) => run.incumbents),
      others.runs.map((run) => run.incumbents),
    );
    assertEquals(results.runs.length, 5);
    for (const figure of ["rank-and-regret.svg", "rank-and-regret.png", "index.html"]) {
      assert((await Deno.stat(`${one}/figures/${figure}`)).size > 1000, figure);
    }
  }));

Deno.test("bench continues where it was interrupted, without changing a run that was made", () =>
  inTemporaryFolder(async (folder) => {
    await runTask("bench", ...small, "--seeds", "test0,test3", "--out", folder);
    const before = await readResults(`${folder}/random.json`);
    const { code } = await runTask("bench", ...small, "--out", folder);
    assertEquals(code, 0);
    const after = await readResults(`${folder}/random.json`);
    assertEquals(after.runs.length, 5);
    for (const run of before.runs) {
      assertEquals(after.runs.find((other) => other.seed === run.seed), run);
    }
    const text = await Deno.readTextFile(`${folder}/random.json`);
    await runTask("bench", ...small, "--out", folder);
    assertEquals(await Deno.readTextFile(`${folder}/random.json`), text);
  }));

Deno.test("bench records model and version, and does not continue another model's results", () =>
  inTemporaryFolder(async (folder) => {
    const flags = ["--datasets", "glass", "--seeds", "test0", "--trials", "1", "--out", folder];
    const methods = ["--methods", "random,diffusion,diffusion-history"];
    const first = await runTask("bench", ...flags, ...methods);
    assertEquals(first.code, 0, first.stderr);
    const common = { benchmark: "hpob-mini", seed: 0, version };
    const path = `${folder}/diffusion.json`;
    const [random, diffusion, history] = await Promise.all(
      ["random", "diffusion", "diffusion-history"].map((name) =>
        readResults(`${folder}/${name}.json`)
      ),
    );
    const weights = await (await pretrainedModel()).checksum();
    assertEquals(random.settings, common);
    assertEquals(diffusion.settings, { ...common, backend: "wasm", weights });
    assertEquals(history.settings, { ...common, backend: "wasm" });

    const other = "0".repeat(64);
    await writeResults(path, { ...diffusion, settings: { ...diffusion.settings, weights: other } });
    const second = await runTask("bench", ...flags, ...methods);
    assertEquals(second.code, 1);
    assertStringIncludes(second.stderr, `'weights' must be "${other}" as before: got "${weights}"`);
    assertStringIncludes(second.stderr, `choose another --out, or remove ${path}`);
  }));

Deno.test("bench compares transferred weights as a method of its own", () =>
  inTemporaryFolder(async (folder) => {
    const flags = ["--datasets", "glass", "--seeds", "test0", "--trials", "3", "--out", folder];
    const model = await pretrainedModel();
    const parameters = model.parameters.clone();
    parameters.values.fill(0);
    const other = new Model(parameters, model.facts);
    await Deno.writeFile(`${folder}/other.safetensors`, await other.toSafetensors());
    const { code, stdout, stderr } = await runTask(
      "bench",
      ...["--methods", "diffusion", "--transfer", `${folder}/other.safetensors`, ...flags],
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "diffusion-transfer");
    const [own, transferred] = await Promise.all(
      ["diffusion", "diffusion-transfer"].map((name) => readResults(`${folder}/${name}.json`)),
    );
    assertEquals(transferred.settings.weights, await other.checksum());
    assert(own.settings.weights !== transferred.settings.weights);
    assert(own.runs[0].incumbents.join() !== transferred.runs[0].incumbents.join());
    const missing = await runTask("bench", "--transfer", `${folder}/none`, ...flags);
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.stderr, "as the file must exist");
  }));

Deno.test("bench makes runs of the discrete protocol and of a folder in HPO-B's format", () =>
  inTemporaryFolder(async (folder) => {
    const flags = ["--protocol", "discrete", "--data", "hpob/mini", "--space", "mini-xgboost"];
    const { code, stderr } = await runTask("bench", ...small, ...flags, "--out", folder);
    assertEquals(code, 0, stderr);
    assertEquals((await readResults(`${folder}/random.json`)).protocol, "discrete");
    const mixed = await runTask("bench", ...small, "--out", folder);
    assertEquals(mixed.code, 1);
    assertStringIncludes(mixed.stderr, "'protocol' must be \"discrete\" as before");
  }));

/** Writes the embedded benchmark's data set glass as a benchmark of two search spaces. */
async function writeTwoSpaces(folder: string): Promise<void> {
  const spaces = ["first", "second"], mini = "hpob/mini";
  await Deno.mkdir(`${folder}/hpob-data`, { recursive: true });
  await Deno.mkdir(`${folder}/saved-surrogates`);
  for (const file of ["meta-test-dataset.json", "bo-initializations.json"]) {
    const { glass } =
      JSON.parse(await Deno.readTextFile(`${mini}/hpob-data/${file}`))["mini-xgboost"];
    const content = Object.fromEntries(spaces.map((space) => [space, { glass }]));
    await Deno.writeTextFile(`${folder}/hpob-data/${file}`, JSON.stringify(content));
  }
  const statistics = JSON.parse(
    await Deno.readTextFile(`${mini}/saved-surrogates/summary-stats.json`),
  );
  const renamed: Record<string, unknown> = {};
  for (const space of spaces) {
    renamed[`surrogate-${space}-glass`] = statistics["surrogate-mini-xgboost-glass"];
    await Deno.copyFile(
      `${mini}/saved-surrogates/surrogate-mini-xgboost-glass.json`,
      `${folder}/saved-surrogates/surrogate-${space}-glass.json`,
    );
  }
  await Deno.writeTextFile(
    `${folder}/saved-surrogates/summary-stats.json`,
    JSON.stringify(renamed),
  );
}

Deno.test("bench runs all search spaces of a benchmark and draws a figure of each", () =>
  inTemporaryFolder(async (folder) => {
    await writeTwoSpaces(folder);
    const flags = ["--data", folder, "--methods", "random", "--trials", "3"];
    const out = ["--out", `${folder}/out`];
    const missing = await runTask("bench", ...flags, ...out);
    assertEquals(missing.code, 2);
    assertStringIncludes(missing.stderr, "--space is required as the benchmark has several");
    for (const aggregation of ["macro", "micro"]) {
      const all = ["--space", "all", "--aggregation", aggregation];
      const { code, stdout, stderr } = await runTask("bench", ...flags, ...all, ...out);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "10 runs a method");
      assertStringIncludes(stdout, "figures/spaces.svg");
    }
  }));

Deno.test("bad input gets one line that says what was given and what is possible", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const out = ["--out", `${folder}/out`];
    const cases: [number, string, string[]][] = [
      [2, "did you mean --trials?", ["--trails", "5"]],
      [2, 'did you mean "random"?', ["--methods", "randm"]],
      [2, "possible are spambase, vehicle, sonar, pima, vowel, glass", ["--datasets", "iris"]],
      [2, "must be one of mini-xgboost", ["--space", "5971"]],
      [2, "possible are test0, test1, test2, test3, test4", ["--seeds", "test9"]],
      [2, "whole number from 1 to", ["--trials", "0"]],
      [2, "possible are continuous, discrete", ["--protocol", "both"]],
      [2, "possible are wasm, webgpu, cpu", ["--backend", "cuda"]],
      [1, "meta-test-dataset.json must exist", ["--data", folder]],
      [1, "file", [...small, "--out", `${folder}/file`]],
    ];
    for (const [code, message, args] of cases) {
      const result = await runTask("bench", ...(args.includes("--out") ? [] : out), ...args);
      assertEquals(result.code, code, `${args}: ${result.stderr}`);
      assertStringIncludes(result.stderr, message);
      assertEquals(result.stderr.match(/^ +at /m), null, "a stack trace");
    }
    const made = await Deno.stat(`${folder}/out`).catch(() => undefined);
    assertEquals(made, undefined, "nothing is left behind");
  }));
