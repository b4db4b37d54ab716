import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { weightsSha256 } from "../../core/diffusion/pretrained/weights.ts";
import type { Page } from "../chromium.ts";
import {
  chromium,
  click,
  note,
  type Opening,
  pictureOf,
  placeOn,
  press,
  reload,
  set,
  textOf,
  untilIs,
  untilOther,
  withPlayground,
} from "./_playground.ts";

/** What is seen of the plane around the search space. */
const margin = 0.45;

function playgroundTest(
  name: string,
  fn: (page: Page, folder: string) => Promise<void>,
  opening?: Opening,
): void {
  Deno.test({
    name: `${name}${note}`,
    ignore: chromium === undefined,
    fn: () => withPlayground(fn, opening),
  });
}

const untilDenoised = (page: Page) =>
  page.until("'stepsPerSecond' in document.getElementById('plane-caption').dataset");

playgroundTest("the playground searches from a file", async (page) => {
  await click(page, "run");
  await page.until("document.getElementById('left-caption').dataset.trials === '20'", {
    seconds: 300,
  });
  const regret = await page.evaluate("document.getElementById('left-caption').dataset.regret");
  assertAlmostEquals(Number(regret), 6.951e-5, 5e-4);
});

playgroundTest("the playground works from a static server", async (page) => {
  await untilDenoised(page);
  await click(page, "step");
  await untilIs(page, "left-caption", "1", "trials");
}, { isServed: true });

playgroundTest("the sliders and the flag of the playground change its picture", async (page) => {
  await untilDenoised(page);
  const noise = await pictureOf(page, "plane");
  await set(page, "t", 100);
  const later = await pictureOf(page, "plane");
  assertNotEquals(later, noise);
  await set(page, "attention", "none");
  await untilOther(page, "plane", later);
  const guided = await pictureOf(page, "plane");
  await set(page, "w", 6);
  await untilIs(page, "w-value", "6.0");
  await untilOther(page, "plane", guided);
  const better = await pictureOf(page, "plane");
  await page.evaluate("document.querySelector('input[name=flag][value=\"0\"]').click()");
  await untilOther(page, "plane", better);
});

async function assertSelected(page: Page, expected: readonly [number, number]): Promise<void> {
  const said = await textOf(page, "selected");
  const [, x, y] = /^6 points; point 6 is selected: \((.*), (.*)\)/.exec(said)!;
  assertAlmostEquals(Number(x), expected[0], 0.011);
  assertAlmostEquals(Number(y), expected[1], 0.011);
}

playgroundTest("a context's points are added, dragged and removed", async (page) => {
  await untilDenoised(page);
  await page.doubleClick(...await placeOn(page, "plane", [0.25, 0.75], margin));
  await untilIs(page, "plane-caption", "6", "contextSize");
  await assertSelected(page, [0.25, 0.75]);
  const from = await placeOn(page, "plane", [0.25, 0.75], margin);
  await page.drag(from, await placeOn(page, "plane", [0.1, 0.9], margin));
  await assertSelected(page, [0.1, 0.9]);
  await press(page, "plane", "ArrowRight");
  await assertSelected(page, [0.12, 0.9]);
  await press(page, "plane", "Delete");
  await untilIs(page, "plane-caption", "5", "contextSize");
});

playgroundTest("the playground shows where samples look, and what permuting does", async (page) => {
  const attention = "document.getElementById('attention-text').textContent";
  await page.until(`${attention}.startsWith('All 200 samples')`);
  await set(page, "attention", "one");
  await page.until(`${attention}.startsWith('Sample 1 gives')`);
  const first = await pictureOf(page, "plane");
  await press(page, "plane", "s");
  await page.until(`${attention}.startsWith('Sample 2 gives')`);
  assertNotEquals(await pictureOf(page, "plane"), first);

  const before = await pictureOf(page, "plane");
  await click(page, "shuffle");
  await page.until("document.getElementById('shuffled').textContent !== ''");
  const said = await textOf(page, "shuffled");
  assert(Number(/differs by (\S+)/.exec(said)![1]) < 1e-3, said);
  assertNotEquals(await pictureOf(page, "plane"), before, "the order is written beside the points");
});

playgroundTest("noise is added to a point, and predicted over the plane", async (page) => {
  await untilDenoised(page);
  const samples = await pictureOf(page, "plane");
  await page.evaluate("document.querySelector('input[name=view][value=forward]').click()");
  await page.until(
    "document.getElementById('plane-caption').textContent === 'z at t = 1000 is 0.00 z0 + 1.00 noise'",
  );
  assertNotEquals(await pictureOf(page, "plane"), samples);
  await set(page, "attention", "none");
  const plain = await pictureOf(page, "plane");
  await click(page, "arrows");
  await untilOther(page, "plane", plain);
});

playgroundTest("a landscape is drawn with the mouse, and searched", async (page) => {
  const branin = await pictureOf(page, "left-plane");
  await set(page, "task", "drawn");
  await untilOther(page, "left-plane", branin);
  const before = await pictureOf(page, "left-plane");
  await page.drag(
    await placeOn(page, "left-plane", [0.1, 0.1]),
    await placeOn(page, "left-plane", [0.4, 0.2]),
  );
  await untilOther(page, "left-plane", before);
  await click(page, "step");
  await untilIs(page, "left-caption", "1", "trials");
});

playgroundTest("a surrogate of the embedded benchmark is searched", async (page) => {
  await set(page, "task", "table");
  assert((await textOf(page, "task-note")).includes("surrogate of the embedded benchmark"));
  await click(page, "step");
  await untilIs(page, "right-caption", "1", "trials");
});

playgroundTest("a study is asked and told by hand, and survives a reload", async (page, folder) => {
  await page.downloadInto(folder);
  await click(page, "new-study-button");
  await page.until("!document.getElementById('ask').disabled");
  await click(page, "ask");
  await page.until("!document.getElementById('tell-form').hidden");
  const configuration = await textOf(page, "configuration");
  assert(configuration.includes("learningRate"), configuration);

  await reload(page);
  await page.until("!document.getElementById('tell-form').hidden");
  assertEquals(await textOf(page, "configuration"), configuration);
  await page.evaluate("document.getElementById('value').value = '0.25'");
  await click(page, "tell");
  await page.until("document.getElementById('own-status').textContent.includes('0.25')");

  await page.evaluate("document.getElementById('count').value = 5");
  await click(page, "evaluate");
  await page.until("document.querySelectorAll('#trials tr').length === 6");
  await untilIs(page, "evaluate", "Evaluate");
  const rows = await textOf(page, "trials");
  await reload(page);
  assertEquals(await textOf(page, "trials"), rows);

  await click(page, "csv");
  const [head, ...lines] = (await downloaded(`${folder}/trials.csv`)).trim().split("\n");
  assert(head.includes("learningRate"), head);
  assertEquals(lines.length, 6);
  await click(page, "json");
  assertEquals(JSON.parse(await downloaded(`${folder}/trials.json`)).length, 6);
});

/** The text of a file that a browser writes. */
async function downloaded(path: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const text = await Deno.readTextFile(path).catch(() => "");
    if (text !== "") return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`there is no ${path}`);
}

playgroundTest("with reduced motion, a press on Play goes one tenth of the way", async (page) => {
  await page.emulate({ width: 1200, height: 900, isMotionReduced: true });
  await untilDenoised(page);
  await click(page, "play");
  assertEquals(await textOf(page, "t-value"), "900");
  assertEquals(await textOf(page, "play"), "Play");
});

const computes = (page: Page) => page.evaluate("document.getElementById('backend').value");
const softwareGpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

playgroundTest(
  "the playground computes on WebGPU when that is chosen",
  async (page) => assertEquals(await computes(page), "webgpu"),
  { flags: softwareGpu, query: "?backend=webgpu" },
);

playgroundTest("the playground does not choose WebGPU in software", async (page) => {
  assertEquals(await computes(page), "wasm");
  assertEquals(await textOf(page, "backend-note"), "");
}, { flags: softwareGpu });

playgroundTest("WebAssembly computes where WebGPU was chosen and is not there", async (page) => {
  assertEquals(await computes(page), "wasm");
  assert((await textOf(page, "backend-note")).includes("WebGPU does not work here"));
  await untilDenoised(page);
}, { query: "?backend=webgpu" });

Deno.test("the page that is kept in docs has the weights of the package", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/playground/index.html", import.meta.url),
  );
  const packed = Uint8Array.fromBase64(/id="worker-data">([^<]+)</.exec(page)![1]);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  assert((await new Response(stream).text()).includes(weightsSha256));
});
