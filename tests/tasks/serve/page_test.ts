import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RandomSearch } from "../../../baselines/random_search.ts";
import { DiffusionSearch } from "../../../core/diffusion/diffusion_search.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import { MemoryStorage } from "../../../core/study/memory_storage.ts";
import { Study } from "../../../core/study/study.ts";
import { makeApp } from "../../../tasks/serve/app.ts";
import { readPageFiles } from "../../../tasks/page/page_files.ts";
import { studyPage } from "../../../tasks/page/mod.ts";
import { findChromium, Page } from "../../chromium.ts";
import { inTemporaryFolder } from "../_temporary_folder.ts";
import { limits, space as plain } from "./_client.ts";
// @deno-types="./_statistics.d.ts"
import { importances, lanesOf } from "../../../tasks/page/statistics.js";

const chromium = await findChromium();
if (chromium === undefined) console.log("Chromium is not installed: the page was not opened");

const space = new SearchSpace({
  x: { type: "real", min: 0, max: 1 },
  y: { type: "real", min: 0, max: 1 },
  kind: { type: "choice", values: ["<b>a</b>", "b", "c"] },
});

async function withPage(use: (page: Page, folder: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const page = await Page.open(chromium!, `${folder}/profile`);
    try {
      await use(page, folder);
      assertEquals(page.errors, []);
      const root = "document.documentElement";
      assertEquals(await page.evaluate(`${root}.dataset.violation ?? null`), null);
      assertEquals(await page.evaluate(`${root}.dataset.error ?? null`), null);
    } finally {
      await page.close();
    }
  });
}

const drawn = (trials: number) => `document.documentElement.dataset.drawn === '${trials}'`;
const text = (id: string) => `document.getElementById('${id}').innerText`;

/** A study with a trial of each state. */
async function makeStudy(storage: MemoryStorage, trials: number): Promise<void> {
  await using study = await Study.open({
    ...{ storage, space, keepStorage: true, name: "s" },
    algorithm: new DiffusionSearch({ seed: 1 }),
  });
  await study.addTrials(Array.from({ length: trials }, (_, k) => {
    const configuration = { x: k / trials, y: (k * 0.61803) % 1, kind: "b" as const };
    return { configuration, value: configuration.x };
  }));
  await study.tell(await study.ask(), { state: "fail", reason: "no <i>memory</i>" });
  const pruned = await study.ask();
  await pruned.report(1, 0.5);
  await study.tell(pruned, { state: "pruned" });
}

Deno.test({
  name: "a page lives: events arrive, a brush leaves some trials, details open",
  ignore: chromium === undefined,
  async fn() {
    const storage = new MemoryStorage();
    await makeStudy(storage, 20);
    await using app = makeApp({
      ...{ storage, limits, token: undefined, method: "random" },
      page: await readPageFiles(),
    });
    const listening = Promise.withResolvers<number>();
    const server = Deno.serve({
      ...{ hostname: "127.0.0.1", port: 0 },
      onListen: ({ port }) => listening.resolve(port),
    }, app.fetch);
    const url = `http://127.0.0.1:${await listening.promise}`;
    await withPage(async (page) => {
      await page.goto(`${url}/`, drawn(22));
      assertStringIncludes(await page.evaluate(text("counts")) as string, "20 complete");
      await page.until("!document.getElementById('deploy').hidden");
      await page.until("document.querySelectorAll('#frames canvas').length === 6");

      const asked = await fetch(`${url}/studies/s/trials`, { method: "POST" });
      const { number } = await asked.json();
      await page.until(drawn(23));
      const told = await fetch(`${url}/studies/s/trials/${number}`, {
        method: "PATCH",
        headers: { "Content-Type": "application/json" },
        body: '{"value": 5}',
      });
      await told.body?.cancel();
      await page.until(`${text("counts")}.includes('21 complete')`);

      await page.evaluate("document.getElementById('parallel').scrollIntoView({block: 'center'})");
      // The lower half of the first axis, around its line.
      const box = await page.evaluate(
        "(({ left, top, width, height }) => [left, top, width, height])" +
          "(document.querySelector('#parallel canvas').getBoundingClientRect())",
      ) as number[];
      const [left, top, width, height] = box;
      await page.drag(
        [left + 0.08 * width, top + 0.45 * height],
        [left + 0.3 * width, top + 0.8 * height],
      );
      await page.until("!document.getElementById('all').hidden");
      const some = Number((await page.evaluate(text("count")) as string).split(" of ")[1] ?? 0);
      assert(some < 21, `${some} are left`);
      await page.evaluate("document.getElementById('all').click()");
      assertEquals(await page.evaluate(text("count")), "1 to 23 of 23");

      // The same by the keyboard: the upper half of x.
      await page.evaluate("document.getElementById('low').focus()");
      for (let step = 0; step < 50; step++) await page.press("ArrowRight");
      assertEquals(await page.evaluate("document.getElementById('range').value"), "0.5 to 1");
      const upper = (await page.evaluate(text("count")) as string).split(" of ")[1];
      assert(Number(upper) >= 10 && Number(upper) <= 11, `${upper} are left`);
      await page.press("Home");
      assertEquals(await page.evaluate(text("count")), "1 to 23 of 23");

      await page.evaluate(`(() => {
        const search = document.getElementById('search');
        search.value = 'memory';
        search.dispatchEvent(new Event('input'));
      })()`);
      assertEquals(await page.evaluate(text("count")), "1 to 1 of 1");
      await page.evaluate("document.querySelector('#trials tbody button').click()");
      await page.until("document.getElementById('details').open");
      assertStringIncludes(await page.evaluate(text("details")) as string, "no <i>memory</i>");
    });
    await server.shutdown();
  },
});

Deno.test({
  name:
    "a page in one file shows ten thousand trials, at 360 pixels, light and dark, and loads nothing",
  ignore: chromium === undefined,
  async fn() {
    await withPage(async (page, folder) => {
      await using study = await Study.open({ space, algorithm: new RandomSearch(), repeats: true });
      const values = Array.from({ length: 10_000 }, (_, k) => (k * 0.61803) % 1);
      await study.addTrials(values.map((x) => ({
        ...{ configuration: { x, y: 1 - x, kind: "b" as const }, value: x },
        ...{ startedAt: new Date(1000), finishedAt: new Date(2000) },
      })));
      const url = `file://${folder}/study.html`;
      await Deno.writeTextFile(`${folder}/study.html`, await studyPage(study));
      for (const scheme of ["light", "dark"] as const) {
        await page.emulate({ width: 360, height: 800, scheme });
        await page.goto(url, drawn(10_000));
        assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360);
      }
      assertEquals(await page.evaluate(text("count")), "1 to 25 of 10000");
      assertEquals(page.requests.filter((request) => request !== url && request !== "data:,"), []);
    });
  },
});

Deno.test("the page is sent without a token, and nothing else is", async () => {
  await using app = makeApp({
    ...{ storage: new MemoryStorage(), limits, token: "a-token-of-some-length" },
    ...{ method: "random", page: await readPageFiles() },
  });
  const get = async (path: string) => {
    const response = await app.fetch(new Request(`http://127.0.0.1:8420${path}`));
    return [response.status, await response.text()] as const;
  };
  const [status, html] = await get("/");
  assertEquals(status, 200);
  assertEquals(/<script>|<style>|\son\w+=|style=/.test(html), false);
  for (
    const [path, expected] of [["/page.js", 200], ["/page.css", 200], ["/studies", 401]] as const
  ) {
    assertEquals((await get(path))[0], expected);
  }
});

Deno.test("importances are what a hyperparameter explains, and nothing of what it does not", () => {
  const trials = Array.from({ length: 200 }, (_, k) => {
    const x = k / 200, kind = ["a", "b", "c"][k % 3];
    return { state: "complete", value: 10 * x, configuration: { x, kind } };
  });
  const [first, second] = importances(plain, trials);
  assertEquals([first.name, second.name], ["x", "kind"]);
  assert(first.share > 0.95 && second.share < 0.05, JSON.stringify([first, second]));
  assertEquals(importances(plain, []).map(({ share }) => share), [0, 0]);
});

Deno.test("trials that overlap stand in lanes of their own", () => {
  const at = (second: number) => new Date(1000 * second).toISOString();
  const lanes = lanesOf([
    { number: 0, state: "complete", startedAt: at(0), finishedAt: at(2) },
    { number: 1, state: "complete", startedAt: at(1), finishedAt: at(3) },
    { number: 2, state: "running", startedAt: at(2) },
    { number: 3, state: "waiting" },
  ], 5000);
  assertEquals(lanes.map(({ number, lane, end }) => [number, lane, end]), [
    [0, 1, 2000],
    [1, 2, 3000],
    [2, 1, 5000],
  ]);
});
