/**
 * The pictures of the playground that the README shows.
 *
 *     deno task bench:pictures
 *
 * Draws docs/figures/denoising-animation.svg, 200 samples on their way from noise to suggestions, as the page shows
 * them; and, with Chromium, docs/figures/playground.webp, a part of the built page.
 *
 * @module
 */
import { startBackend } from "../core/diffusion/backend.ts";
import { Random } from "../core/search/random.ts";
import { renderPng } from "../hpob/figures/render.ts";
import { coloursOf } from "../tasks/playground/colours.ts";
import { landscapeOf, resolution } from "../tasks/playground/landscapes.ts";
import { denoiseSamples } from "../tasks/playground/model_views.ts";
import { findChromium, Page } from "../tests/chromium.ts";

const folder = new URL("../docs/figures/", import.meta.url);

/** Sides of the picture and of the search space in it, in pixels. */
const side = 400, square = 210, margin = (side - square) / 2;
/** Steps of the denoising, every other one of which is a frame; the seconds that they take; and those of the end. */
const steps = 40, moving = 5, still = 2;

const toPixels = (x: number, y: number): [number, number] => [
  Math.round(margin + square * x),
  Math.round(margin + square * (1 - y)),
];

/** The landscape, one pixel a point of its grid. */
async function backgroundOf(grid: Float64Array): Promise<string> {
  const pixels = coloursOf(grid).map((colour, k) => {
    const y = resolution - 1 - Math.floor(k / resolution), rgb = colour.map(Math.round);
    return `<rect x="${k % resolution}" y="${y}" width="1" height="1" fill="rgb(${rgb})"/>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${resolution}" height="${resolution}" ` +
    `shape-rendering="crispEdges">${pixels.join("")}</svg>`;
  return (await renderPng(svg, { scale: 1 })).toBase64();
}

/** Everybody's samples from noise to suggestions, over and over; whoever wants no motion sees the last frame. */
async function animation(): Promise<string> {
  await startBackend("wasm");
  const landscape = landscapeOf("branin", 1), random = Random.of("start", 5);
  const points = Array.from({ length: 5 }, () => random.point(2));
  const responses = Float64Array.from(points, landscape.evaluate);
  const { frames } = await denoiseSamples({
    kind: "denoise",
    context: { points, responses },
    improvementFlag: 1,
    guidance: 1.5,
    samples: 200,
    steps,
    seed: 1,
  });
  const shown = frames.filter((_, k) => k % 2 === 0);
  // The last frame stands as long as it takes to fill the time.
  const held = Math.round((shown.length - 1) * still / moving);
  const animate = (values: string[]): string =>
    `dur="${moving + still}s" repeatCount="indefinite" values="${
      [...values, ...Array(held).fill(values.at(-1))].join(";")
    }"/>`;
  const ways = Array.from(
    { length: 200 },
    (_, i) => shown.map((z) => toPixels((z[2 * i] + 1) / 2, (z[2 * i + 1] + 1) / 2)),
  );
  const best = responses.indexOf(Math.max(...responses));
  const marks = points.map(([x, y], i) => {
    const [u, v] = toPixels(x, y);
    return i === best
      ? `<path class="best" d="${star(u, v, 10)}"/>`
      : `<rect class="context" x="${u - 5}" y="${v - 5}" width="10" height="10"/>`;
  });
  const [left, top] = toPixels(0, 1), bar = shown.map((_, k) => square * k / (shown.length - 1));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" width="${side}" height="${side}">
<title>200 samples on their way from noise to the next suggestion</title>
<style>
text { font: 13px sans-serif; fill: #6b7480; }
.sample { fill: #e4002b; stroke: #fff; stroke-width: 1; }
.context { fill: #fff; stroke: #000; stroke-width: 1.5; }
.best { fill: #ff9500; stroke: #000; stroke-width: 1.5; }
.frame { fill: none; stroke: #6b7480; }
.bar { fill: #6b7480; }
.still { display: none; }
@media (prefers-reduced-motion: reduce) { .moving { display: none; } .still { display: inline; } }
</style>
<image x="${left}" y="${top}" width="${square}" height="${square}" preserveAspectRatio="none" opacity="0.75" href="data:image/png;base64,${await backgroundOf(
    landscape.grid,
  )}"/>
<rect class="frame" x="${left}" y="${top}" width="${square}" height="${square}"/>
<g class="moving">
${
    ways.map((way) =>
      `<circle class="sample" r="3"><animateTransform attributeName="transform" type="translate" ${
        animate(way.map((place) => place.join(" ")))
      }</circle>`
    ).join("\n")
  }
<rect class="bar" x="${left}" y="${side - 14}" height="4"><animate attributeName="width" ${
    animate(bar.map((width) => String(Math.round(width))))
  }</rect>
</g>
<g class="still">
${
    ways.map((way) => {
      const [x, y] = way.at(-1)!;
      return `<circle class="sample" r="3" cx="${x}" cy="${y}"/>`;
    }).join("")
  }
</g>
${marks.join("")}
<text x="${left}" y="${side - 20}">noise</text>
<text x="${left + square}" y="${side - 20}" text-anchor="end">suggestions</text>
</svg>
`;
}

/** A star around a place. */
function star(x: number, y: number, radius: number): string {
  const corners = Array.from({ length: 10 }, (_, k) => {
    const angle = -Math.PI / 2 + k * Math.PI / 5, length = k % 2 === 0 ? radius : radius * 0.45;
    return `${(x + length * Math.cos(angle)).toFixed(1)} ${
      (y + length * Math.sin(angle)).toFixed(1)
    }`;
  });
  return `M${corners.join("L")}Z`;
}

/** The page after 20 steps of both optimizers, with the attention of one sample. */
async function screenshot(chromium: string): Promise<Uint8Array> {
  const profile = await Deno.makeTempDir();
  const page = await Page.open(chromium, profile, ["--hide-scrollbars"]);
  try {
    await page.emulate({ width: 1040, height: 900 });
    await page.goto(
      new URL("../docs/playground/index.html", import.meta.url).href,
      "document.getElementById('status')?.textContent === 'Ready.'",
    );
    await page.evaluate("document.getElementById('run').click()");
    await page.until("document.getElementById('left-caption').dataset.trials === '20'", {
      seconds: 300,
    });
    await page.evaluate(`(() => {
      const set = (id, value) => {
        document.getElementById(id).value = value;
        document.getElementById(id).dispatchEvent(new Event("input"));
      };
      set("t", 250);
      set("attention", "one");
    })()`);
    await page.until("document.getElementById('attention-text').textContent.startsWith('Sample')");
    const clip = await page.evaluate(`(() => {
      const { left, top, width } = document.getElementById("search").getBoundingClientRect();
      const { bottom } = document.getElementById("think").getBoundingClientRect();
      const space = 16;
      return {
        x: left + scrollX - space,
        y: top + scrollY,
        width: width + 2 * space,
        height: bottom - top,
      };
    })()`);
    return await page.screenshot(clip as Parameters<Page["screenshot"]>[0], "webp");
  } finally {
    await page.close();
    await Deno.remove(profile, { recursive: true });
  }
}

await Deno.writeTextFile(new URL("denoising-animation.svg", folder), await animation());
const chromium = await findChromium();
if (chromium === undefined) console.log("The page was not drawn: there is no Chromium.");
else await Deno.writeFile(new URL("playground.webp", folder), await screenshot(chromium));
