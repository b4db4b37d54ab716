import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../core/search/errors.ts";
import { alignResults } from "../../hpob/comparison/aligned_results.ts";
import { type Results, writeResults } from "../../hpob/comparison/results.ts";
import { traceDenoising } from "../../tasks/report/experiments.ts";
import { historySize, observedTasks, shownDataset } from "../../tasks/report/observed_tasks.ts";
import { checkPermutations } from "../../tasks/report/permutations.ts";
import type { ReportInputs } from "../../tasks/report/inputs.ts";
import { printPdf, renderPage } from "../../tasks/report/page.ts";
import { checkDenoiser, checkNoiseAdder, knownData } from "../../tasks/report/processes.ts";
import { replicatesText } from "../../tasks/report/replicates.ts";
import { secondTrainingText } from "../../tasks/report/second_training.ts";
import { duels, verdictSentence } from "../../tasks/report/statistics.ts";
import { fillTemplate, replaceRegion, wrapParagraph } from "../../tasks/report/template.ts";
import { publishedText } from "../../tasks/report/text.ts";
import { findChromium } from "../chromium.ts";
import { madeUpResults } from "../hpob/figures/_made_up.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

async function deno(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}

/** Runs the task with copies of the README and the model card. */
async function report(folder: string, out: string, inputs: string): Promise<void> {
  await Deno.mkdir(out, { recursive: true });
  await Deno.copyFile("README.md", `${out}/README.md`);
  await Deno.copyFile("docs/model.md", `${out}/model.md`);
  await deno(
    ...["run", "--no-prompt", "--allow-read", "--allow-write", "tasks/report.ts"],
    ...["--results", inputs, "--training", inputs, "--cache", `${folder}/cache`],
    ...["--readme", `${out}/README.md`, "--out", out],
  );
}

const log = [
  "step,seconds,learning_rate,gradient_norm,loss,eps,head,eps_1,eps_2,held_out_loss,held_out_eps,held_out_head",
  "50,20,0.001,1,1.7,0.4,3.6,0.9,0.003,,,",
  "100,41,0.001,1,1.4,0.3,3.0,0.8,0.002,1.4,0.31,3.0",
  "150,60,0.001,1,1.3,0.25,2.9,0.7,0.002,1.3,0.26,2.9",
  "",
].join("\n");

/** A method of which every setting of diffusion search is as good as the default. */
const renamed = (result: Results, method: string): Results => ({ ...result, method });

Deno.test("the report", (t) =>
  inTemporaryFolder(async (folder) => {
    const inputs = `${folder}/inputs`;
    const results = madeUpResults();
    const diffusion = results.find(({ method }) => method === "diffusion")!;
    for (const place of ["hpob-mini", "ablation"]) {
      await Deno.mkdir(`${inputs}/${place}`, { recursive: true });
    }
    for (const result of [...results, renamed(results[1], "gp-hpob")]) {
      await writeResults(`${inputs}/hpob-mini/${result.method}.json`, result);
    }
    for (const method of ["diffusion-history", "diffusion-steps-4"]) {
      await writeResults(`${inputs}/ablation/${method}.json`, renamed(diffusion, method));
    }
    await Deno.writeTextFile(`${inputs}/log.csv`, log);
    await report(folder, `${folder}/one`, inputs);

    await t.step("has every part, without a place left open", async () => {
      const markdown = await Deno.readTextFile(`${folder}/one/report.md`);
      for (const part of ["hpob-mini, which is not HPO-B", "figures/ablation.svg", "| against"]) {
        assertStringIncludes(markdown, part);
      }
      assert(!markdown.includes("{{") && !/undefined|NaN|Infinity/.test(markdown));
      const page = await Deno.readTextFile(`${folder}/one/report.html`);
      assert(!/(src|href)="https?:/.test(page), "the page loads something");
      assert(!page.includes("katex-error"));
    });

    await t.step("is the same again, to the byte", async () => {
      await report(folder, `${folder}/two`, inputs);
      const names = (await Array.fromAsync(Deno.readDir(`${folder}/one/figures`)))
        .map(({ name }) => `figures/${name}`);
      assert(names.length > 6);
      for (const name of ["report.md", "report.html", "README.md", "model.md", ...names]) {
        const [one, two] = await Promise.all(
          ["one", "two"].map((run) => Deno.readTextFile(`${folder}/${run}/${name}`)),
        );
        assert(one === two, name);
      }
    });

    await t.step("leaves README and model card as the formatter has them", () =>
      deno(
        ...["fmt", "--check", "--config", "deno.json"],
        ...["README.md", "model.md"].map((name) => `${folder}/one/${name}`),
      ));

    const chromium = await findChromium();
    await t.step({
      name: "prints on at most four pages of A4",
      ignore: chromium !== "chromium",
      fn: async () => {
        const pages = await printPdf(`${folder}/one/report.html`, `${folder}/one/report.pdf`);
        assert(pages >= 1 && pages <= 4, `${pages} pages`);
      },
    });

    await t.step("says how to make the inputs that are missing", async () => {
      await report(folder, `${folder}/three`, `${folder}/nothing`);
      const markdown = await Deno.readTextFile(`${folder}/three/report.md`);
      for (const command of ["deno task bench --methods", "deno task train", "efficiency_bench"]) {
        assertStringIncludes(markdown, command);
      }
      const readme = await Deno.readTextFile(`${folder}/three/README.md`);
      assertStringIncludes(readme, "There are no results yet");
    });
  }));

/** Results of a method on data sets of two runs each, with the given regrets at the end. */
function resultsOf(method: string, regrets: readonly number[]): Results {
  return {
    method,
    protocol: "continuous",
    trials: 1,
    settings: {},
    runs: regrets.map((regret, i) => ({
      searchSpaceId: "space",
      datasetId: `d${i >> 1}`,
      seed: `test${i % 2}`,
      incumbents: [0, 1 - regret],
    })),
  };
}

function comparisonOf(first: readonly number[], second: readonly number[]) {
  return alignResults([resultsOf("first", first), resultsOf("second", second)]);
}

Deno.test("replicates show each key's means and compare runs averaged over the keys", () => {
  const worse = Array.from({ length: 20 }, (_, i) => 0.3 + i / 100);
  const shifted = (by: number) => worse.map((regret) => regret + by);
  // The first method is better by .02 on average: .06 better under key 0, .02 worse under key 1.
  const main = [resultsOf("first", shifted(-0.06)), resultsOf("second", worse)];
  const replicate = [resultsOf("second", worse), resultsOf("first", shifted(0.02))];
  const text = replicatesText(main, [replicate], "first");
  assertStringIncludes(text, "0.3750 (0.3350 to 0.4150)");
  assertStringIncludes(text, "0.3950 (0.3950 to 0.3950)");
  assertStringIncludes(text, "beats `second` (20–0–0, p < 0.001)");
  assertEquals(replicatesText(main, [], "first"), "");
  assertEquals(replicatesText(main, [[replicate[0]]], "first"), "");
});

Deno.test("a second training is compared run by run, over the keys", () => {
  const evaluated = (name: string, ends: readonly number[]) => ({
    name,
    spaces: [{
      name: "space",
      // Two keys of three runs.
      runs: ends.map((end, i) => ({
        name: `${Math.floor(i / 3)}/data/${i % 3}`,
        regrets: [1, end],
      })),
    }],
  });
  const [row] = [{ step: 1, seconds: 1, loss: 1, epsLoss: 1, headLoss: 1, lossByNoise: [] }];
  const text = secondTrainingText([{ ...row, heldOutEpsLoss: 0.25 }, row], {
    log: [{ ...row, heldOutEpsLoss: 0.26 }],
    evaluated: [
      evaluated("shipped", [0.2, 0.2, 0.2, 0.4, 0.2, 0.2]),
      // Better in the mean of the first run, equal in that of the second, worse in the third.
      evaluated("other", [0.4, 0.1, 0.3, 0.0, 0.3, 0.3]),
    ],
  });
  assertStringIncludes(text, "held-out loss of 0.2600 (Eq. 2; the shipped one 0.2500)");
  assertStringIncludes(text, "mean regret after 1 trials of 0.2333 over 2 keys (0.2333)");
  assertStringIncludes(text, "it is 1–1–1 won, tied, lost");
  assertStringIncludes(secondTrainingText([row], undefined), "another seed changes is unknown");
});

Deno.test("a method that is always better beats the other, which loses to it", () => {
  const worse = Array.from({ length: 20 }, (_, i) => 0.3 + i / 100);
  const better = worse.map((regret) => regret - 0.1);
  const comparison = comparisonOf(better, worse);
  const [win] = duels(comparison, "first", 1), [loss] = duels(comparison, "second", 1);
  assertEquals([win.other, win.runs.verdict, win.datasets.verdict], ["second", "beats", "beats"]);
  assertEquals([loss.runs.verdict, loss.runs.losses], ["loses to", 20]);
  assert(win.runs.interval[1] < 0 && loss.runs.interval[0] > 0);
});

Deno.test("equal methods are not told apart", () => {
  const regrets = Array.from({ length: 20 }, (_, i) => i / 100);
  const [{ runs }] = duels(comparisonOf(regrets, regrets), "first", 1);
  assertEquals([runs.verdict, runs.ties, runs.adjustedPValue], ["is not told apart from", 20, 1]);
});

Deno.test("exchanging two methods turns every statistic around", () => {
  const regrets = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 12, maxLength: 12 });
  const turned = { "beats": "loses to", "loses to": "beats" } as Record<string, string>;
  fc.assert(
    fc.property(regrets, regrets, (first, second) => {
      const comparison = comparisonOf(first.map((r) => r / 20), second.map((r) => r / 20));
      const [a] = duels(comparison, "first", 1), [b] = duels(comparison, "second", 1);
      for (const unit of ["runs", "datasets"] as const) {
        assertEquals([a[unit].wins, a[unit].losses], [b[unit].losses, b[unit].wins]);
        assert(Math.abs(a[unit].meanDifference + b[unit].meanDifference) < 1e-12);
        assertEquals(b[unit].verdict, turned[a[unit].verdict] ?? a[unit].verdict);
      }
    }),
    { seed: 1, numRuns: 8 },
  );
});

Deno.test("verdicts become one sentence, in which many equal methods are not listed", () => {
  const verdicts = [
    { other: "a", verdict: "beats" },
    { other: "b", verdict: "loses to" },
    { other: "c", verdict: "beats" },
  ] as const;
  assertEquals(
    verdictSentence(verdicts, (m) => m.toUpperCase()),
    "beats A and C and loses to B",
  );
  const equal = ["d", "e", "f", "g"].map((other) =>
    ({ other, verdict: "is not told apart from" }) as const
  );
  assertEquals(
    verdictSentence([...equal, ...verdicts], (m) => m),
    "beats a and c, loses to b and is not told apart from the others",
  );
  assertEquals(verdictSentence(equal, (m) => m), "is not told apart from any of the others");
});

Deno.test("a template has a value for every place, and a place for every value", () => {
  assertEquals(fillTemplate("a {{b-c}} {{d}}", { "b-c": "1", d: "$&" }), "a 1 $&");
  assertThrows(() => fillTemplate("{{a}}", {}), RangeError, "{{a}}");
  assertThrows(() => fillTemplate("", { a: "1" }), RangeError, "a");
});

Deno.test("a region is replaced again and again, and nothing around it", () => {
  const text = "before\n\n<!-- x: written -->\n<!-- /x -->\n\nafter\n";
  const options = { name: "x", content: "new", source: "file" };
  const once = replaceRegion(text, options);
  assertEquals(once, "before\n\n<!-- x: written -->\n\nnew\n\n<!-- /x -->\n\nafter\n");
  assertEquals(replaceRegion(once, options), once);
  assertThrows(() => replaceRegion("none", options), InputError, "file");
});

Deno.test("lines are broken between words, never within code", () => {
  const code = "`" + "word ".repeat(17) + "`";
  assertEquals(wrapParagraph(`some text before ${code} after`), `some text before\n${code} after`);
});

Deno.test("the published results fill their table as far as they go, and what is missing is said", () => {
  const [random, gp] = madeUpResults(["5971", "4796"], ["a", "b"]);
  const published = [renamed(gp, "GP-C")];
  const text = (official: Results[], published: Results[]) =>
    publishedText({ official, published } as unknown as ReportInputs);
  const [bench, fetch] = ["deno task bench --data", "deno task fetch --published"];
  for (const command of [bench, fetch]) assertStringIncludes(text([], []), command);

  const ours = text([random], []);
  assertStringIncludes(ours, fetch);
  const theirs = text([], published);
  assertStringIncludes(theirs, bench);
  const both = text([random], published);
  assert(!both.includes(bench) && !both.includes(fetch));
  for (const filled of [theirs, both]) assertStringIncludes(filled, "| published `GP-C` |");
  for (const filled of [ours, theirs, both]) {
    assertStringIncludes(filled, "On HPO-B, search space 5971");
  }
});

Deno.test("a formula that cannot be read, or a picture that was not drawn, stops the page", async () => {
  const figures = new Map([["figures/a.svg", "<svg/>"]]);
  const page = await renderPage("![A](figures/a.svg) $`x_t`$", { title: "T", figures });
  assertStringIncludes(page, 'class="a" src="data:image/svg+xml');
  assertStringIncludes(page, 'class="katex"');
  const error = await renderPage("![B](figures/b.svg)", { title: "T", figures }).catch((e) => e);
  assertStringIncludes(error.message, "figures/b.svg");
});

Deno.test("noised points have the expected variance, and are normal at t = T", async () => {
  for (const level of await checkNoiseAdder(shownDataset, [0, 300, 1000])) {
    assert(Math.abs(level.variance - level.expectedVariance) < 0.03);
    assertEquals(level.normalityPValue > 0.05, level.t === 1000, `${level.schedule} ${level.t}`);
  }
});

Deno.test("with exact noise predictions, many steps return the data's distribution, few a narrower one", () => {
  for (const { rule, steps, mean, deviation } of checkDenoiser()) {
    assert(Math.abs(mean - knownData.mean) < 0.02, `${rule} ${steps}: mean ${mean}`);
    if (steps === 1000) assert(Math.abs(deviation - knownData.deviation) < 0.01);
    else assert(deviation < 0.9 * knownData.deviation);
  }
});

Deno.test("a denoising can be watched, from pure noise to suggestions", async () => {
  const [task] = await observedTasks();
  const { frames } = await traceDenoising(task, [1000, 500, 0]);
  assertEquals(frames.map(({ t }) => t), [1000, 500, 0]);
  const outside = frames.map(({ points }) =>
    points.flatMap((point) => [...point]).filter((x) => x < -0.01 || x > 1.01).length /
    (points.length * task.points[0].length)
  );
  assert(Math.abs(outside[0] - 0.31) < 0.05, `${outside[0]}`); // |z| > 1.02 of a normal z
  assert(outside[1] < outside[0] && outside[2] === 0, `${outside}`); // clipped at the last step
});

Deno.test("the order of observations matters to the model only if it is told", async () => {
  const tasks = await observedTasks();
  assertEquals(tasks.map(({ points }) => points.length), tasks.map(() => historySize));
  const effect = await checkPermutations(tasks[0], 2);
  assert(effect.set < 1e-5 && effect.columns < 1e-5 && effect.movedSet < 1e-3);
  assert(effect.sequence > 1e-3);
});
