import { assert, assertEquals } from "@std/assert";
import { findChromium, Page } from "../chromium.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

const chromium = await findChromium();

Deno.test({
  name: `studies in a browser's IndexedDB do what every storage has to do${
    chromium ? "" : " (not run: no Chromium)"
  }`,
  ignore: chromium === undefined,
  fn: () =>
    inTemporaryFolder(async (folder) => {
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["bundle", "--quiet", "--platform", "browser", "--output", `${folder}/checks.js`],
          new URL("_indexed_db_checks.ts", import.meta.url).pathname,
        ],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const script = await Deno.readTextFile(`${folder}/checks.js`);
      await Deno.writeTextFile(
        `${folder}/index.html`,
        `<!doctype html><script type="module">${
          script.replaceAll("</script", "<\\/script")
        }</script>`,
      );
      const page = await Page.open(chromium!, `${folder}/profile`);
      try {
        await page.goto(`file://${folder}/index.html`, "'problems' in window");
        assertEquals(await page.evaluate("problems"), []);
        assert(await page.evaluate("checked > 10"));
        assertEquals(page.errors, []);
      } finally {
        await page.close();
      }
    }),
});
