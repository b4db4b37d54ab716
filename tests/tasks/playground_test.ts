import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { weightsSha256 } from "../../core/diffusion/pretrained/weights.ts";
import { findChromium, Page } from "../chromium.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

const chromium = await findChromium();
const note = chromium ? "" : " (not run: no Chromium)";

/** Builds the page and opens it from its file. */
async function withPlayground(use: (page: Page) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const { code, stderr } = await runTask("build:playground", "--out", `${folder}/index.html`);
    assertEquals(code, 0, stderr);
    assert((await Deno.stat(`${folder}/index.html`)).size < 4e6);
    const page = await Page.open(chromium!, `${folder}/profile`);
    try {
      await page.goto(
        `file://${folder}/index.html`,
        "document.getElementById('status')?.textContent === 'Ready.'",
      );
      await use(page);
      assertEquals(page.errors, []);
      const loaded = page.requests.filter((url) => !/^(blob|data):/.test(url));
      assertEquals([...new Set(loaded)], [`file://${folder}/index.html`]);
    } finally {
      await page.close();
    }
  });
}

const click = (page: Page, id: string) => page.evaluate(`document.getElementById("${id}").click()`);
const slide = (page: Page, id: string, value: number) =>
  page.evaluate(`(() => {
    const slider = document.getElementById("${id}");
    slider.value = ${value};
    slider.dispatchEvent(new Event("input"));
  })()`);
const pressOnPlane = (page: Page, key: string) =>
  page.evaluate(
    `document.getElementById("plane").dispatchEvent(new KeyboardEvent("keydown", { key: "${key}" }))`,
  );
const picture = (page: Page) => page.evaluate("document.getElementById('plane').toDataURL()");

Deno.test({
  name: `the playground searches, and shows the way from noise to suggestions${note}`,
  ignore: chromium === undefined,
  fn: () =>
    withPlayground(async (page) => {
      await page.until("'stepsPerSecond' in document.getElementById('plane-caption').dataset");
      const noise = await picture(page);
      await slide(page, "t", 100);
      const later = await picture(page);
      assertNotEquals(later, noise, "the timestep changes the picture");
      await pressOnPlane(page, "a");
      await page.until("document.getElementById('plane-caption').dataset.contextSize === '6'");
      await pressOnPlane(page, "Delete");
      await page.until("document.getElementById('plane-caption').dataset.contextSize === '5'");

      await slide(page, "w", 6);
      await page.until("document.getElementById('w-value').textContent === '6.0'");
      const before = JSON.stringify(later);
      await page.until(`document.getElementById('plane').toDataURL() !== ${before}`);

      await click(page, "shuffle");
      await page.until("document.getElementById('shuffled').textContent !== ''");
      const said = await page.evaluate("document.getElementById('shuffled').textContent") as string;
      assert(Number(/differs by (\S+)/.exec(said)![1]) < 1e-3, said);

      await click(page, "run");
      await page.until("document.getElementById('left-caption').dataset.trials === '20'");
      const regret = await page.evaluate("document.getElementById('left-caption').dataset.regret");
      assertAlmostEquals(Number(regret), 6.951e-5, 5e-4);
    }),
});

Deno.test({
  name: `a study in the playground is asked and told by hand, and survives a reload${note}`,
  ignore: chromium === undefined,
  fn: () =>
    withPlayground(async (page) => {
      await click(page, "new-study-button");
      await page.until("!document.getElementById('ask').disabled");
      await click(page, "ask");
      await page.until("!document.getElementById('tell-form').hidden");
      const asked = "document.getElementById('configuration').textContent";
      const configuration = await page.evaluate(asked) as string;
      assert(configuration.includes("learningRate"), configuration);

      await reload(page);
      await page.until("!document.getElementById('tell-form').hidden");
      assertEquals(await page.evaluate(asked), configuration);
      await page.evaluate("document.getElementById('value').value = '0.25'");
      await click(page, "tell");
      await page.until("document.getElementById('own-status').textContent.includes('0.25')");

      await page.evaluate("document.getElementById('count').value = 5");
      await click(page, "evaluate");
      await page.until("document.querySelectorAll('#trials tr').length === 6");
      await page.until("document.getElementById('evaluate').textContent === 'Evaluate'");
      const rows = () => page.evaluate("document.getElementById('trials').textContent");
      const before = await rows();
      await reload(page);
      assertEquals(await rows(), before);
    }),
});

async function reload(page: Page): Promise<void> {
  await page.evaluate("document.getElementById('status').textContent = 'Left.'; location.reload()");
  await page.until("document.getElementById('status')?.textContent === 'Ready.'");
}

Deno.test("the page that is kept in docs has the weights of the package", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/playground/index.html", import.meta.url),
  );
  const packed = Uint8Array.fromBase64(/id="worker-data">([^<]+)</.exec(page)![1]);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  assert((await new Response(stream).text()).includes(weightsSha256));
});
