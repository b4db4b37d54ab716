/** The playground's page, built once and opened in a browser. */
import { assert, assertEquals } from "@std/assert";
import { findChromium, Page } from "../chromium.ts";
import { runTask } from "./_run_task.ts";
import { inTemporaryFolder } from "./_temporary_folder.ts";

/** The browser. */
export const chromium: string | undefined = await findChromium();
/** What a test's name says where it cannot run. */
export const note = chromium ? "" : " (not run: no Chromium)";

let built: Promise<Uint8Array<ArrayBuffer>> | undefined;

async function build(): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array();
  await inTemporaryFolder(async (folder) => {
    const { code, stderr } = await runTask("build:playground", "--out", `${folder}/index.html`);
    assertEquals(code, 0, stderr);
    bytes = await Deno.readFile(`${folder}/index.html`);
  });
  assert(bytes.length < 4e6);
  return bytes;
}

/** How {@linkcode withPlayground} opens the page. */
export interface Opening {
  /** Whether from a static server, and not from a file. @default {false} */
  isServed?: boolean;
  /** What stands behind the address. @default {""} */
  query?: string;
  /** Flags of the browser. @default {none} */
  flags?: readonly string[];
}

/** Opens the page, and makes sure that it reports no error and asks nothing of the network. */
export async function withPlayground(
  use: (page: Page, folder: string) => Promise<void>,
  { isServed = false, query = "", flags = [] }: Opening = {},
): Promise<void> {
  const bytes = await (built ??= build());
  await inTemporaryFolder(async (folder) => {
    await Deno.writeFile(`${folder}/index.html`, bytes);
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(bytes, { headers: { "content-type": "text/html" } }),
    );
    const address = isServed
      ? `http://127.0.0.1:${server.addr.port}/`
      : `file://${folder}/index.html`;
    const page = await Page.open(chromium!, `${folder}/profile`, flags);
    try {
      await page.goto(address + query, isReady, { seconds: 180 }); // WebGPU in software is slow
      await use(page, folder);
      assertEquals(page.errors, []);
      const loaded = page.requests.filter((url) => !/^(blob|data):/.test(url));
      assertEquals([...new Set(loaded)], [address + query]);
    } finally {
      await page.close();
    }
  });
}

const isReady = "document.getElementById('status')?.textContent === 'Ready.'";

/** Opens the page again. */
export async function reload(page: Page): Promise<void> {
  await page.evaluate("document.getElementById('status').textContent = 'Left.'; location.reload()");
  await page.until(isReady);
}

/** What stands in an element. */
export const textOf = async (page: Page, id: string): Promise<string> =>
  await page.evaluate(`document.getElementById("${id}").textContent`) as string;

/** Waits until what stands in an element, or in one of its data attributes, is so. */
export const untilIs = (page: Page, id: string, value: string, attribute?: string): Promise<void> =>
  page.until(
    `document.getElementById("${id}").${
      attribute === undefined ? "textContent" : `dataset.${attribute}`
    } === ${JSON.stringify(value)}`,
  );

/** Presses a button. */
export const click = (page: Page, id: string): Promise<unknown> =>
  page.evaluate(`document.getElementById("${id}").click()`);

/** Sets a slider, or a choice. */
export const set = (page: Page, id: string, value: number | string): Promise<unknown> =>
  page.evaluate(`(() => {
    const control = document.getElementById("${id}");
    control.value = ${JSON.stringify(value)};
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type));
  })()`);

/** Presses a key on a canvas. */
export const press = (page: Page, id: string, key: string): Promise<unknown> =>
  page.evaluate(`(() => {
    const canvas = document.getElementById("${id}");
    canvas.focus();
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "${key}" }));
  })()`);

/** What a canvas shows. */
export const pictureOf = async (page: Page, id: string): Promise<string> =>
  await page.evaluate(`document.getElementById("${id}").toDataURL()`) as string;

/** Waits until a canvas shows something else. */
export const untilOther = (page: Page, id: string, picture: string): Promise<void> =>
  page.until(`document.getElementById("${id}").toDataURL() !== ${JSON.stringify(picture)}`);

/** Where in the window a point of the unit square is, on a canvas that shows a margin around it. */
export async function placeOn(
  page: Page,
  id: string,
  [x, y]: readonly [number, number],
  margin = 0,
): Promise<[number, number]> {
  const { left, top, side } = await page.evaluate(`(() => {
    const canvas = document.getElementById("${id}");
    canvas.scrollIntoView({ block: "center" });
    const { left, top } = canvas.getBoundingClientRect(), { clientLeft, clientTop } = canvas;
    return { left: left + clientLeft, top: top + clientTop, side: canvas.clientWidth };
  })()`) as { left: number; top: number; side: number };
  const scale = side / (1 + 2 * margin);
  return [left + (x + margin) * scale, top + (1 + margin - y) * scale];
}
