import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { writeResults } from "../../hpob/comparison/results.ts";
import { madeUpResults } from "../hpob/figures/_made_up.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

const results = madeUpResults(["space"], ["first"]);

/** Runs a test in a folder that holds the results. */
const withResults = (test: (folder: string) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    for (const result of results) await writeResults(`${folder}/${result.method}.json`, result);
    await test(folder);
  });

Deno.test("plot draws the same figures twice from a folder of result files", () =>
  withResults(async (folder) => {
    const files: Uint8Array[][] = [];
    for (const out of ["one", "two"]) {
      const { code, stdout, stderr } = await runTask("plot", folder, "--out", `${folder}/${out}`);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "rank @50");
      const names = ["rank-and-regret.svg", "rank-and-regret.png", "ranking.svg", "index.html"];
      files.push(await Promise.all(names.map((name) => Deno.readFile(`${folder}/${out}/${name}`))));
    }
    assertEquals(files[0], files[1]);
  }));

Deno.test("plot reads HPO-B's own files, and draws chosen methods and trials", () =>
  withResults(async (folder) => {
    const path = `${folder}/GP.json`;
    const incumbents = results[0].runs[0].incumbents.map((value) => Math.min(1, value + 1e-9));
    await Deno.writeTextFile(path, JSON.stringify({ space: { first: { test0: incumbents } } }));
    const out = `${folder}/figures`;
    const { code, stdout, stderr } = await runTask(
      ...["plot", folder, "--methods", "GP,random", "--trials", "7"],
      ...["--protocol", "continuous", "--out", out],
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "rank @7");
    assert(!stdout.includes("diffusion"));
    const svg = await Deno.readTextFile(`${out}/rank-and-regret.svg`);
    assertStringIncludes(svg, "1 run of each method on 1 data set");
  }));

Deno.test("plot refuses to mix protocols, and draws nothing then", () =>
  withResults(async (folder) => {
    const other = { ...results[0], method: "other", protocol: "discrete" as const };
    await writeResults(`${folder}/other.json`, other);
    const { code, stderr } = await runTask("plot", folder, "--out", `${folder}/figures`);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "as all must be of one protocol");
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
    assert(!names.includes("figures"));
  }));

Deno.test("plot says what is wrong with its arguments", () =>
  withResults(async (folder) => {
    const missing = await runTask("plot", `${folder}/none`);
    assertEquals(missing.code, 1);
    assertStringIncludes(missing.stderr, "must be a result file or a folder of them");
    const method = await runTask("plot", folder, "--methods", "difusion");
    assertEquals(method.code, 2);
    assertStringIncludes(method.stderr, 'did you mean "diffusion"?');
    const trials = await runTask("plot", folder, "--trials", "51");
    assertEquals(trials.code, 2);
    assertStringIncludes(trials.stderr, "from 1 to 50");
  }));
