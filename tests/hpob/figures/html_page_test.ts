import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { alignResults } from "../../../hpob/comparison/aligned_results.ts";
import { comparisonFigures } from "../../../hpob/figures/comparison_figures.ts";
import { type PageContents, renderHtml } from "../../../hpob/figures/html_page.ts";
import { findChromium, Page } from "../../chromium.ts";
import { madeUpResults } from "./_made_up.ts";

function contents(): PageContents {
  const comparison = alignResults(madeUpResults(["space"], ["first", "<second>"]));
  return {
    title: "Rank & regret",
    introduction: "Made up, </script> & all.",
    methods: comparison.methods,
    sections: comparisonFigures(comparison).map(({ title, caption, draw }) => ({
      heading: title,
      text: caption,
      figure: draw({ interactive: true }),
    })),
  };
}

Deno.test("a page is the same for equal contents, and names nothing to load", async () => {
  const page = await renderHtml(contents());
  assertEquals(await renderHtml(contents()), page);
  const markup = page.replaceAll(/<script>.*?<\/script>/gs, "");
  assertFalse(/\b(src|href)=|url\(|@import/.test(markup));
  assertStringIncludes(markup, "default-src 'none'");
});

Deno.test("text of a page is text, whatever signs it contains", async () => {
  const page = await renderHtml(contents());
  assertStringIncludes(page, "<h1>Rank &#38; regret</h1>");
  assertStringIncludes(page, "Made up, &#60;/script&#62; &#38; all.");
  assertEquals(page.match(/<\/script>/g)?.length, 2);
});

const chromium = await findChromium();

Deno.test({
  name: "a browser shows a page from its file: figures, tooltips, and buttons that hide methods",
  ignore: chromium === undefined,
  async fn() {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/index.html`, await renderHtml(contents()));
    const page = await Page.open(chromium!, `${folder}/profile`);
    try {
      const url = `file://${folder}/index.html`;
      await page.goto(url, "document.documentElement.dataset.ready === '3'");
      const lines = "document.querySelectorAll('.mark-line path').length";
      const before = await page.evaluate(lines) as number;
      assertEquals(before, 16); // four methods in the panels rank, regret and two data sets
      await page.evaluate("document.querySelector('[data-method=\"Random search\"]').click()");
      await page.until("document.documentElement.dataset.hidden === 'Random search'");
      assertEquals(await page.evaluate(lines), before - 4);
      assertEquals(
        await page.evaluate("document.querySelector('nav button').getAttribute('aria-pressed')"),
        "false",
      );
      await page.evaluate("document.querySelector('nav button').click()");
      await page.until("document.documentElement.dataset.hidden === ''");
      assertEquals(await page.evaluate(lines), before);

      const place = await page.evaluate(
        "(({ left, top, width, height }) => [left + width / 4, top + height / 2])" +
          "(document.querySelector('.figure svg').getBoundingClientRect())",
      ) as [number, number];
      await page.pointAt(...place);
      await page.until("!document.getElementById('tooltip').hidden");
      const tooltip = await page.evaluate("document.getElementById('tooltip').innerText") as string;
      for (const text of ["Trials", "Random search", "Diffusion search"]) {
        assertStringIncludes(tooltip, text);
      }

      assertEquals(page.errors, []);
      assertEquals(page.requests, [url]);
      assertEquals(await page.evaluate("document.title"), "Rank & regret");
    } finally {
      await page.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
