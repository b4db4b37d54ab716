import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertStringIncludes,
} from "@std/assert";
import { ablationFigure } from "../../../hpob/figures/ablation_figure.ts";
import { comparisonFigures, describeRuns } from "../../../hpob/figures/comparison_figures.ts";
import { noiseFigure } from "../../../hpob/figures/noise_figure.ts";
import { observationsFigure } from "../../../hpob/figures/observations_figure.ts";
import { costFigure } from "../../../hpob/figures/cost_figure.ts";
import { criticalDifferenceDiagram } from "../../../hpob/figures/critical_difference.ts";
import { denoisingFigure } from "../../../hpob/figures/denoising_figure.ts";
import { lossFigure } from "../../../hpob/figures/loss_figure.ts";
import { mainFigure } from "../../../hpob/figures/main_figure.ts";
import { methodStyles } from "../../../hpob/figures/method_style.ts";
import { regretGrid } from "../../../hpob/figures/regret_grid.ts";
import { scaleFigure } from "../../../hpob/figures/scale_figure.ts";
import { surfaceGalleryFigure } from "../../../hpob/figures/surface_gallery.ts";
import { placeLabels } from "../../../hpob/figures/_labels.ts";
import { logTicks } from "../../../hpob/figures/_log_axis.ts";
import { textWidth } from "../../../hpob/figures/_text_width.ts";
import { alignResults } from "../../../hpob/comparison/aligned_results.ts";
import { type Figure, renderSvg } from "../../../hpob/figures/render.ts";
import {
  madeUpAblations,
  madeUpCurves,
  madeUpDenoising,
  madeUpLoss,
  madeUpResults,
  madeUpSurfaces,
} from "./_made_up.ts";

const words = { title: "A title", caption: "What is drawn, and of which benchmark." };
const curves = madeUpCurves(4);

/** One small figure of every kind. */
const figures: Record<string, Figure> = {
  "rank and regret": mainFigure({ averageRank: curves, averageRegret: curves }, words),
  "interactive rank and regret": mainFigure({ averageRank: curves, averageRegret: curves }, {
    interactive: true,
  }),
  "regret on each data set": regretGrid([{ name: "glass", averageRegret: curves }], words),
  "critical difference": criticalDifferenceDiagram({
    ranking: [
      { method: "diffusion", averageRank: 1.5 },
      { method: "gp", averageRank: 1.75 },
      { method: "random", averageRank: 2.75 },
    ],
    observations: 4,
    friedmanPValue: 0.01,
    groups: [["diffusion", "gp"]],
    criticalDifference: 0.8,
  }, words),
  "loss": lossFigure(madeUpLoss(2000), words),
  "denoising": denoisingFigure(
    {
      axes: ["a", "b"],
      frames: [{ t: 1000, candidates: [[-0.2, 0.4], [7, 0]] }, { t: 0, candidates: [[0, 0.5]] }],
      observed: [{ point: [0.1, 0.2], response: 0.9 }, { point: [0.3, 0.4], response: 0.2 }],
    },
    words,
  ),
  "ablation": ablationFigure(madeUpAblations.slice(0, 4), words),
  "cost": costFigure([
    { method: "gp", seconds: 0.01, regret: 0.02 },
    { method: "other", seconds: 0.011, regret: 0.019 },
    { method: "random", seconds: 1e-5, regret: 0 },
  ], words),
  "surface gallery": surfaceGalleryFigure(madeUpSurfaces(3, 2), words),
  "observations": observationsFigure([
    { method: "random", observations: 50, seconds: 0.001 },
    { method: "random", observations: 1000, seconds: 0.001 },
    { method: "gp", observations: 50, seconds: 0.02 },
    { method: "gp", observations: 1000, seconds: 1.5 },
  ], words),
  "scale": scaleFigure([
    {
      heading: "Columns",
      xTitle: "Columns",
      log: false,
      points: [
        { method: "gp", x: 2, value: 0.1, lower: 0.05, upper: 0.15 },
        { method: "gp", x: 40, value: 0.4, lower: 0.3, upper: 0.5 },
        { method: "diffusion", x: 2, value: 0, lower: 0, upper: 0 },
        { method: "diffusion", x: 40, value: 0.2 },
      ],
    },
    {
      heading: "Evaluations",
      xTitle: "Evaluations",
      log: true,
      points: [{ method: "gp", x: 10, value: 0.3 }, { method: "gp", x: 200, value: 0.01 }],
    },
  ], { ...words, yTitle: "Regret", bottom: 0.001 }),
  "noise": noiseFigure(
    [
      { measured: 0.9, truth: 0.7, role: "lucky" },
      { measured: 0.75, truth: 0.8, role: "other" },
      { measured: 0.4, truth: 0.5, role: "other" },
    ],
    { other: "#7f7f7f", lucky: "#d62728" },
    words,
  ),
};

for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`the figure '${name}' is drawn as before`, async (t) => {
    const { config: _, ...specification } = figure;
    await t.assertSnapshot(JSON.stringify(specification, rounded, 1));
    const svg = await renderSvg(figure);
    assertStringIncludes(svg, "</svg>");
    assert(!/NaN|undefined|Infinity/.test(svg), "a coordinate is missing");
  });
}

Deno.test("the SVG of rank and regret is drawn as before, to a tenth of a pixel", async (t) => {
  const svg = await renderSvg(figures["rank and regret"]);
  const lines = svg.replaceAll("><", ">\n<");
  await t.assertSnapshot(lines.replaceAll(/-?\d+\.\d+/g, (number) => `${+(+number).toFixed(1)}`));
});

Deno.test("bands that reach zero end at the bottom of the logarithmic axis", () => {
  const lowest = Math.min(...curves.flatMap(({ lower }) => lower));
  const { hconcat: [linear, log] } = JSON.parse(JSON.stringify(figures["rank and regret"]));
  const drawn = (panel: { data: { values: { lower: number }[] } }) =>
    Math.min(...panel.data.values.map(({ lower }) => lower));
  const scale = log.layer[0].encoding.y.scale;
  assertEquals(scale.type, "log");
  assertGreater(scale.domain[0], 0);
  assertEquals(drawn(log), scale.domain[0]);
  assertAlmostEquals(drawn(linear), lowest, 1e-6);
  assert(lowest < 0);
});

Deno.test("methods that found the optimum everywhere can still be drawn", async () => {
  const found = ["gp", "random"].map((method) => ({
    method,
    values: [0, 0],
    lower: [0, 0],
    upper: [0, 0],
  }));
  const svg = await renderSvg(mainFigure({ averageRank: found, averageRegret: found }));
  assert(!/NaN|Infinity/.test(svg));
});

Deno.test("the four methods of HPO-B's figure keep their colours and come first, with TPE", () => {
  const styles = methodStyles(["turbo", "diffusion", "gp", "GP", "dgp", "RS", "tpe"]);
  assertEquals(
    styles.slice(0, 5).map(({ label, color }) => [label, color]),
    [
      ["Random search", "#1f77b4"],
      ["Deep-kernel GP", "#ff7f0e"],
      ["Gaussian process", "#2ca02c"],
      ["TPE", "#000000"],
      ["Diffusion search", "#d62728"],
    ],
  );
  assertEquals(styles.slice(5).map(({ label }) => label), ["turbo", "GP"]);
  assertEquals(new Set(styles.map(({ color }) => color)).size, 7);
});

Deno.test("labels lie on no mark and on no other label while there is room", () => {
  const points = [[100, 100], [112, 100], [100, 118], [395, 100], [200, 4]].map(([x, y], i) => ({
    label: `method ${i}`,
    x,
    y,
  }));
  const boxes = placeLabels(points, { width: 400, height: 200 }).map(({ align, dx, dy }, i) => {
    const width = textWidth(points[i].label, { size: 13, bold: false });
    const left = points[i].x + dx - { left: 0, center: 0.5, right: 1 }[align] * width;
    return { left, right: left + width, top: points[i].y + dy - 8, bottom: points[i].y + dy + 8 };
  });
  boxes.forEach((a, i) => {
    assert(a.left >= 0 && a.right <= 400 && a.top >= 0 && a.bottom <= 200, `label ${i} is outside`);
    for (const b of boxes.slice(0, i)) {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top ||
        b.bottom <= a.top;
      assert(apart, `label ${i} lies on another one`);
    }
    for (const { x, y } of points) {
      assert(x <= a.left || x >= a.right || y <= a.top || y >= a.bottom, `label ${i} hides a mark`);
    }
  });
});

Deno.test("logarithmic ticks are round, within the domain and neither crowded nor missing", () => {
  assertEquals(logTicks([0.008, 0.3]), [0.01, 0.02, 0.05, 0.1, 0.2]);
  assertEquals(logTicks([1e-5, 1]), [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]);
  assertEquals(logTicks([0.02, 0.06]), [0.02, 0.03, 0.04, 0.05]);
  assertEquals(logTicks([0.0205, 0.0238]), [0.021, 0.022, 0.023]);
});

Deno.test("a comparison of several search spaces gets a panel for each and one for all", () => {
  const comparison = alignResults(madeUpResults(["5971", "5965"], ["x"]));
  const names = comparisonFigures(comparison).map(({ name }) => name);
  assertEquals(names, ["rank-and-regret", "spaces", "datasets", "ranking"]);
  const spaces = comparisonFigures(comparison)[1].draw();
  assertEquals("concat" in spaces && spaces.concat.length, 3);
});

Deno.test("one method on one run is drawn without a ranking", () => {
  const [result] = madeUpResults(["space"], ["x"]);
  const alone = alignResults([{ ...result, runs: result.runs.slice(0, 1) }]);
  assertEquals(comparisonFigures(alone).map(({ name }) => name), ["rank-and-regret"]);
});

Deno.test("captions say which benchmark is drawn, and never take hpob-mini for HPO-B", () => {
  const comparison = alignResults(madeUpResults());
  assertEquals(
    describeRuns(comparison, "hpob-mini"),
    "On hpob-mini (embedded benchmark, not HPO-B), search space mini-xgboost, continuous protocol, " +
      "30 runs of each method on 6 data sets.",
  );
  const [{ caption }] = comparisonFigures(comparison);
  assertStringIncludes(caption, "95% intervals");
  const [official] = comparisonFigures(comparison, { band: "official" });
  assertStringIncludes(official.caption, "half of a 95% interval");
});

Deno.test("candidates far outside of the search space are left out of the picture", () => {
  const drawn = JSON.stringify(denoisingFigure(madeUpDenoising()));
  assert(!JSON.stringify(figures.denoising).includes('"x":7'));
  assertStringIncludes(drawn, '"t = 1000"');
});

/** Numbers with 4 digits: the last ones may differ between machines. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toPrecision(4)) : value;
}
