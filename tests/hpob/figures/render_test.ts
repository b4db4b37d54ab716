import { assert, assertEquals, assertGreater, assertNotEquals, assertRejects } from "@std/assert";
import * as vega from "vega";
import { type Figure, renderPng, renderSvg } from "../../../hpob/figures/render.ts";

const figure: Figure = {
  title: "Normalized regret",
  data: { values: [{ x: 0, y: 1 }, { x: 1, y: 3 }] },
  mark: { type: "line", clip: true },
  encoding: {
    x: { field: "x", type: "quantitative" },
    y: { field: "y", type: "quantitative" },
  },
};

Deno.test("equal figures give equal SVGs, whatever was drawn before or at the same time", async () => {
  const alone = await renderSvg(figure);
  const together = await Promise.all([renderSvg({ ...figure, width: 50 }), renderSvg(figure)]);
  assertEquals(together[1], alone);
  assertEquals(await renderSvg(figure), alone);
});

Deno.test("drawing leaves Vega as it was", async () => {
  const { textMetrics } = vega as unknown as { textMetrics: { width: unknown } };
  const { width } = textMetrics;
  await renderSvg(figure);
  await renderSvg({ ...figure, transform: [{ calculate: "unknownFunction(datum.x)", as: "z" }] })
    .catch(() => {});
  assert(textMetrics.width === width);
});

Deno.test("a figure that cannot be drawn does not stop the next one", async () => {
  const broken: Figure = {
    ...figure,
    transform: [{ calculate: "unknownFunction(datum.x)", as: "z" }],
  };
  await assertRejects(() => renderSvg(broken), Error, "unknownFunction");
  assert((await renderSvg(figure)).startsWith("<svg"));
});

Deno.test("a PNG has the figure's size times the scale", async () => {
  const svg = await renderSvg(figure);
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  for (const scale of [1, 2]) {
    const png = await renderPng(svg, { scale });
    assertEquals([...png.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47]);
    const view = new DataView(png.buffer, png.byteOffset);
    assertEquals([view.getUint32(16), view.getUint32(20)], [scale * width, scale * height]);
  }
});

Deno.test("text is drawn in a PNG, and not silently left out", async () => {
  const svg = (text: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" viewBox="0 0 200 40">` +
    `<text x="5" y="30" font-family="DejaVu Sans, Verdana" font-size="20">${text}</text></svg>`;
  const blank = await renderPng(svg(""));
  const [plain, greek] = [await renderPng(svg("Average")), await renderPng(svg("Αγε × 10⁻²"))];
  assertNotEquals(plain, greek);
  for (const png of [plain, greek]) assertGreater(png.length, blank.length + 500);
});
