/** The page's figures in Vega-Lite: pure functions of data. */
import { historyOf, importances, isMeasured, lanesOf, positionOf } from "./statistics.js";

const states = ["complete", "running", "pruned", "fail", "waiting"];
/** Marks of trials: their states, but those that measured a leader again have one of their own. */
const marks = ["complete", "measured again", "pruned", "fail"];

/** A figure's looks in the page's own colours, light or dark. */
export function themeOf(style) {
  const colour = (name) => style.getPropertyValue(name).trim();
  const [text, line, faint] = ["--text", "--line", "--faint"].map(colour);
  return {
    config: {
      background: "transparent",
      font: "system-ui, sans-serif",
      view: { stroke: null },
      axis: {
        labelColor: text,
        titleColor: text,
        domainColor: line,
        tickColor: line,
        gridColor: faint,
        titleFontWeight: "normal",
      },
      legend: { labelColor: text, titleColor: text, titleFontWeight: "normal" },
      title: { color: text, fontWeight: "normal", fontSize: 12 },
    },
    states: { domain: states, range: states.map((state) => colour(`--${state}`)) },
    marks: {
      domain: marks,
      range: marks.map((mark) => colour(mark === "measured again" ? "--again" : `--${mark}`)),
    },
    shapes: { domain: marks, range: ["circle", "diamond", "triangle-down", "cross"] },
    isDark: colour("--scheme") === "dark",
    accent: colour("--accent"),
    text,
    faint,
  };
}

const markLegend = {
  orient: "top",
  title: null,
  symbolOpacity: 1,
  columns: { expr: "containerSize()[0] < 400 ? 3 : 5" },
};
const legend = { ...markLegend, symbolType: "circle" };
const tooltip = [{ field: "number", title: "trial" }, { field: "state" }, { field: "value" }];

/** The best value so far, with every trial; those without a value stand at the worst one. */
export function bestFigure({ study, trials }, theme) {
  const rows = historyOf(trials, study.goal);
  const values = rows.map(({ value }) => value).filter((value) => value !== null);
  const sign = study.goal === "maximize" ? 1 : -1;
  const worst = values.reduce(
    (one, other) => sign * other < sign * one ? other : one,
    values[0] ?? 0,
  );
  const x = {
    field: "order",
    type: "quantitative",
    title: "finished trials",
    axis: { tickMinStep: 1, format: "d", grid: false },
  };
  return {
    data: { values: rows.map((row) => ({ ...row, at: row.value ?? worst })) },
    width: "container",
    height: 240,
    layer: [
      {
        mark: { type: "point", filled: true, opacity: 0.75 },
        encoding: {
          x,
          y: { field: "at", type: "quantitative", title: "value", scale: { zero: false } },
          color: { field: "mark", type: "nominal", scale: theme.marks, legend: markLegend },
          shape: { field: "mark", type: "nominal", scale: theme.shapes, legend: markLegend },
          size: { condition: { test: "datum.mark === 'measured again'", value: 70 }, value: 30 },
          tooltip: [...tooltip, { field: "confirms", title: "measures again trial" }],
        },
      },
      {
        transform: [{ filter: "datum.best !== null" }],
        mark: { type: "line", interpolate: "step-after", color: theme.accent, strokeWidth: 2 },
        encoding: { x, y: { field: "best", type: "quantitative" } },
      },
    ],
  };
}

/** How much of the values' variance each hyperparameter explains. */
export function importanceFigure({ study, trials }, theme) {
  return {
    data: { values: importances(study.space, trials) },
    width: "container",
    height: { step: 24 },
    mark: { type: "bar", color: theme.accent, height: 14, cornerRadiusEnd: 2 },
    encoding: {
      x: {
        field: "share",
        type: "quantitative",
        title: "share of the variance",
        scale: { domain: [0, 1] },
        axis: { format: "%", tickCount: 5 },
      },
      y: { field: "name", type: "nominal", sort: "-x", title: null },
      tooltip: [{ field: "name" }, { field: "share", format: ".1%" }],
    },
  };
}

/** Lines that are drawn at once, of more trials: the best ones and the last ones. */
const mostLines = 400;

/** The trials of which parallel coordinates are drawn. */
export function drawnTrials({ study, trials }) {
  const complete = trials.filter(isMeasured);
  if (complete.length <= mostLines) return complete;
  const sign = study.goal === "maximize" ? -1 : 1;
  const best = complete.toSorted((one, other) => sign * (one.value - other.value));
  return [...new Set([...best.slice(0, mostLines / 2), ...complete.slice(-mostLines / 2)])];
}

const valueAxis = "value";

/** The axes of parallel coordinates: what varies, and the value. */
export function axesOf({ space }) {
  return [...Object.keys(space).filter((name) => space[name].type !== "constant"), valueAxis];
}

/** What an axis shows: a hyperparameter, or the range of the values. */
export function scaleOf({ study, trials }, axis) {
  if (axis !== valueAxis) return study.space[axis];
  const range = { type: "real", min: Infinity, max: -Infinity };
  for (const { value } of trials.filter(isMeasured)) {
    range.min = Math.min(range.min, value);
    range.max = Math.max(range.max, value);
  }
  return range;
}

/** A function of a trial: where it stands on each axis. */
export function placesIn(data) {
  const axes = axesOf(data.study).map((axis) => [axis, scaleOf(data, axis)]);
  return ({ value, configuration }) =>
    axes.map(([axis, scale]) => ({
      axis,
      position: positionOf(scale, axis === valueAxis ? value : configuration?.[axis]),
    })).filter(({ position }) => position !== undefined);
}

/** A line a trial over an axis a hyperparameter; the signal `chosen` holds the numbers of those that a brush left. */
export function parallelFigure(data, theme) {
  const placesOf = placesIn(data), axes = axesOf(data.study);
  const rows = drawnTrials(data).flatMap(({ number, value, ...trial }) =>
    placesOf({ ...trial, value }).map((place) => ({ ...place, number, value }))
  );
  const isChosen = "chosen === null || indexof(chosen, datum.number) >= 0";
  const x = {
    field: "axis",
    type: "nominal",
    sort: axes,
    title: null,
    scale: { type: "point", padding: 0.4 },
    axis: { orient: "top", grid: true, labelAngle: axes.length > 4 ? -35 : 0, labelLimit: 110 },
  };
  const y = {
    field: "position",
    type: "quantitative",
    title: null,
    scale: { domain: [-0.03, 1.03], nice: false },
    axis: { values: [0, 1], labelExpr: "datum.value ? 'high' : 'low'", grid: false },
  };
  const color = {
    condition: {
      test: isChosen,
      field: "value",
      type: "quantitative",
      scale: {
        // The best are what stands out: dark on white, bright on black.
        scheme: { name: "viridis", extent: theme.isDark ? [0.25, 1] : [0, 0.85] },
        reverse: (data.study.goal === "minimize") === theme.isDark,
      },
      legend: { orient: "bottom", gradientThickness: 8 },
    },
    value: theme.faint,
  };
  const opacity = { condition: { test: isChosen, value: 0.7 }, value: 0.2 };
  return {
    params: [{ name: "chosen", value: null }],
    data: { values: rows },
    width: "container",
    height: 260,
    layer: [
      {
        mark: { type: "line", strokeWidth: 1.2 },
        encoding: { x, y, detail: { field: "number" }, color, opacity },
      },
      {
        params: [{ name: "brush", select: { type: "interval", encodings: ["x", "y"] } }],
        mark: { type: "point", filled: true, size: 12 },
        encoding: { x, y, color, opacity },
      },
    ],
  };
}

/** Points of a slice; of more trials, every second, third, ... is drawn. */
const mostPoints = 2000;

/** The value over one hyperparameter. */
export function sliceFigure({ study, trials }, theme, name) {
  const { type, log, values } = study.space[name];
  const isNumber = type === "real" || type === "integer";
  const found = trials.filter(({ value, configuration }) =>
    Number.isFinite(value) && configuration?.[name] !== undefined
  );
  const stride = Math.ceil(found.length / mostPoints);
  const rows = found.filter((_, i) => i % stride === 0).map(
    ({ number, state, value, configuration }) => {
      const at = isNumber ? configuration[name] : String(configuration[name]);
      return { number, state, value, at };
    },
  );
  const scale = { scale: { type: log ? "log" : "linear", zero: false, nice: false } };
  return {
    data: { values: rows },
    width: "container",
    height: 150,
    mark: { type: "point", filled: true, size: 22, opacity: 0.65 },
    encoding: {
      x: {
        field: "at",
        type: isNumber ? "quantitative" : "nominal",
        title: name,
        ...(isNumber ? scale : { sort: values?.map(String) }),
        axis: isNumber
          ? { tickCount: 4, format: "~g", grid: false, labelOverlap: true, labelSeparation: 8 }
          : { labelAngle: 0 },
      },
      y: { field: "value", type: "quantitative", title: null, scale: { zero: false } },
      color: { field: "state", type: "nominal", scale: theme.states, legend: null },
      tooltip: [...tooltip, { field: "at", title: name }],
    },
  };
}

/** Milliseconds. */
const day = 86_400_000;

/** Which trials ran when, side by side. */
export function timelineFigure({ trials }, theme, now) {
  const bars = lanesOf(trials, now);
  const lanes = bars.reduce((most, { lane }) => Math.max(most, lane), 1);
  const last = bars.reduce((last, { end }) => Math.max(last, end), 0);
  const days = (last - bars[0].start) / day;
  const format = days < 1 ? "%H:%M:%S" : days < 30 ? "%d %b %H:%M" : "%Y-%m-%d";
  return {
    data: { values: bars },
    width: "container",
    height: Math.min(Math.max(20 * lanes, 50), 300),
    mark: { type: "bar", stroke: theme.faint, strokeWidth: 0.5 },
    encoding: {
      x: { field: "start", type: "temporal", title: null, axis: { labelOverlap: true, format } },
      x2: { field: "end" },
      y: { field: "lane", type: "ordinal", title: "side by side", axis: { labelOverlap: true } },
      color: { field: "state", type: "nominal", scale: theme.states, legend },
      tooltip,
    },
  };
}

/** What a trial reported. */
export function reportFigure({ intermediateValues }, theme) {
  return {
    data: { values: intermediateValues },
    width: "container",
    height: 140,
    mark: { type: "line", point: true, color: theme.accent },
    encoding: {
      x: { field: "step", type: "quantitative", axis: { tickMinStep: 1, grid: false } },
      y: { field: "value", type: "quantitative", scale: { zero: false } },
    },
  };
}

const margin = 0.5;

/** Samples at one timestep over two hyperparameters, with the search space as a box and what was observed. */
export function denoisingFigure({ columns, frames, observed }, theme, [first, second], index) {
  const [i, j] = [columns.indexOf(first), columns.indexOf(second)];
  const { t, samples } = frames[index];
  const domain = [-margin, 1 + margin];
  const isNear = (at) => at >= domain[0] && at <= domain[1];
  const rows = (points) =>
    points.filter((point) => isNear(point[i]) && isNear(point[j]))
      .map((point) => ({ x: point[i], y: point[j] }));
  const placed = (field) => ({
    field,
    type: "quantitative",
    scale: { domain, nice: false },
    axis: null,
  });
  const [x, y] = [placed("x"), placed("y")];
  const meaning = index === 0 ? ": noise" : t === 0 ? ": suggestions" : "";
  return {
    width: "container",
    height: 150,
    title: `t = ${t}${meaning}`,
    layer: [
      {
        data: { values: [{ x: 0, y: 0, right: 1, top: 1 }] },
        mark: { type: "rect", fill: theme.faint, fillOpacity: 0.35, stroke: theme.faint },
        encoding: { x, y, x2: { field: "right" }, y2: { field: "top" } },
      },
      {
        data: { values: rows(observed) },
        mark: {
          type: "point",
          shape: "cross",
          filled: true,
          size: 24,
          color: theme.text,
          opacity: 0.6,
        },
        encoding: { x, y },
      },
      {
        data: { values: rows(samples) },
        mark: { type: "circle", size: 20, color: theme.accent, opacity: 0.7 },
        encoding: { x, y },
      },
    ],
  };
}
