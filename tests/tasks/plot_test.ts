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

Deno.test("plot names the flag that settles which protocol is drawn, and the flag does", () =>
  withResults(async (folder) => {
    const published = { space: { first: { test0: results[0].runs[0].incumbents } } };
    await Deno.writeTextFile(`${folder}/GP.json`, JSON.stringify(published));
    const out = ["--out", `${folder}/figures`];
    const clash = await runTask("plot", folder, ...out);
    assertEquals(clash.code, 1);
    assertStringIncludes(clash.stderr, "GP is of an unstated one");
    assertStringIncludes(clash.stderr, "--protocol continuous draws those that state it");
    const settled = await runTask("plot", folder, "--protocol", "continuous", ...out);
    assertEquals(settled.code, 0, settled.stderr);
    assertStringIncludes(settled.stderr, "runs of random are left out");
    const none = await runTask("plot", `${folder}/random.json`, "--protocol", "discrete", ...out);
    assertEquals(none.code, 1);
    assertStringIncludes(none.stderr, "there must be results of the discrete protocol: got random");
  }));

Deno.test("plot draws a folder of HPO-B's whole: each protocol by itself, told by the names", () =>
  inTemporaryFolder(async (folder) => {
    const files = {
      "GP-C": [0.5, 0.6],
      "RS-C": [0.5, 0.5],
      "GP": [0.4, 0.3],
      "Random": [0.4, 0.4],
    };
    for (const [name, test0] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}.json`, JSON.stringify({ s: { d: { test0 } } }));
    }
    const { code, stderr } = await runTask("plot", folder, "--out", `${folder}/figures`);
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "GP, Random for the discrete one");
    assertStringIncludes(stderr, "1 of 1 runs fall");
    for (const protocol of ["continuous", "discrete"]) {
      const svg = await Deno.readTextFile(`${folder}/figures/${protocol}/rank-and-regret.svg`);
      assertStringIncludes(svg, `${protocol} protocol`);
    }
  }));

Deno.test("plot tells files of one name apart by labels", () =>
  withResults(async (folder) => {
    await Deno.mkdir(`${folder}/after`);
    const files = [`${folder}/gp.json`, `${folder}/after/gp.json`];
    await Deno.copyFile(files[0], files[1]);
    const out = ["--out", `${folder}/figures`];
    const equal = await runTask("plot", ...files, ...out);
    assertEquals(equal.code, 1);
    assertStringIncludes(equal.stderr, `"gp" is the name of ${files.join(" and ")}. --label`);
    const labelled = await runTask("plot", ...files, "--label", "before,after", ...out);
    assertEquals(labelled.code, 0, labelled.stderr);
    assertStringIncludes(labelled.stdout, "| before |");
    assertStringIncludes(await Deno.readTextFile(`${folder}/figures/ranking.svg`), "after");
    const few = await runTask("plot", ...files, "--label", "before", ...out);
    assertEquals(few.code, 2);
    assertStringIncludes(few.stderr, "a name for each of the 2 files");
  }));

Deno.test("plot draws methods of any name", () =>
  inTemporaryFolder(async (folder) => {
    const names = [
      `a"b'c`,
      "x[0].y",
      "a|b",
      "🦊",
      "__proto__",
      "constructor",
      "a\\b",
      "<b>&amp;",
      "gp",
      "Gaussian process",
    ];
    for (const [i, method] of names.entries()) {
      const runs = ["test0", "test1"].map((seed, k) => ({
        searchSpaceId: "s.p[0]",
        datasetId: `d"${k}`,
        seed,
        incumbents: [0.2, 0.3 + i / 50 + k / 10],
      }));
      await writeResults(`${folder}/${i}.json`, {
        method,
        protocol: "continuous",
        trials: 1,
        settings: {},
        runs,
      });
    }
    const { code, stdout, stderr } = await runTask("plot", folder, "--out", `${folder}/figures`);
    assertEquals(code, 0, stderr);
    for (const cell of ["a\\|b", "\\_\\_proto\\_\\_", "x\\[0\\].y", "\\<b\\>\\&amp;"]) {
      assertStringIncludes(stdout, `| ${cell} `);
    }
    const svg = await Deno.readTextFile(`${folder}/figures/rank-and-regret.svg`);
    for (
      const label of [
        "x[0].y",
        "🦊",
        "__proto__",
        "constructor",
        "&lt;b&gt;&amp;amp;",
        "Gaussian process (2)",
      ]
    ) {
      assertStringIncludes(svg, label);
    }
  }));
