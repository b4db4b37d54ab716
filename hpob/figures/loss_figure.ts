/**
 * The loss of a training over its steps, as a whole and by noise level.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { logTicksOf } from "./_log_axis.ts";
import { type Encoding, frame, type Panel, type Position } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";

/** One row of a training's log. */
export interface LossRow {
  /** Step of the optimizer, from 1. */
  step: number;
  /** What is minimized. */
  loss: number;
  /** Mean of (eps - eps_hat)^2, Eq. 2. */
  epsLoss: number;
  /** Loss of the improvement head, where there is one. */
  headLoss?: number;
  /** Eq. 2 on held-out tasks, where it was measured at this step. */
  heldOutEpsLoss?: number;
  /** Eq. 2 by range of t, from the least noise (t near 0) to the most (t near T); may be empty. */
  lossByNoise: readonly number[];
}

/** Curves of the left panel: what of a row they draw. */
const curves: Record<string, { color: string; of: (row: LossRow) => number | undefined }> = {
  "Minimized loss": { color: "#7f7f7f", of: (row) => row.loss },
  "Noise loss (Eq. 2)": { color: "#d62728", of: (row) => row.epsLoss },
  "Noise loss, held out": { color: "#000000", of: (row) => row.heldOutEpsLoss },
  "Head loss": { color: "#56b4e9", of: (row) => row.headLoss },
};

/** Points of a curve per tenfold number of steps; rows between them are averaged. */
const pointsPerDecade = 24;

/** What both panels share. */
interface Axes {
  x: Position;
  interactive: boolean;
}

/**
 * Two panels, both axes logarithmic: losses of the training on the left, Eq. 2 by noise level on the
 * right, where it is known. Values that are not positive and finite are left out.
 */
export function lossFigure(rows: readonly LossRow[], options: FigureOptions = {}): Figure {
  const x: Position = {
    field: "step",
    type: "quantitative",
    scale: { type: "log", nice: false },
    axis: {
      title: "Training step",
      values: logTicksOf(rows.map(({ step }) => step)),
      format: "~s",
      grid: false,
    },
  };
  const axes = { x, interactive: options.interactive ?? false };
  return {
    ...frame(options, 860),
    spacing: 40,
    resolve: { scale: { color: "independent" } },
    hconcat: [lossPanel(rows, axes), ...noisePanels(rows, axes)],
  };
}

const size = { width: 360, height: 280 };

/** Each loss of the training. */
function lossPanel(rows: readonly LossRow[], { x, interactive }: Axes): Panel {
  const points = Object.entries(curves).flatMap(([curve, { of }]) => curveOf(rows, of, { curve }));
  const drawn = Object.keys(curves).filter((name) => points.some(({ curve }) => curve === name));
  return {
    ...size,
    data: { values: points },
    mark: { type: "line", strokeWidth: 2.5, point: interactive },
    encoding: {
      x,
      y: lossAxis("Loss", points),
      color: {
        field: "curve",
        type: "nominal",
        scale: { domain: drawn, range: drawn.map((name) => curves[name].color) },
        legend: { orient: "bottom", columns: 2, symbolType: "stroke", symbolSize: 400 },
      },
      ...(interactive ? tooltip("curve") : {}),
    },
  };
}

/** Eq. 2 by ranges of t; no panel where it was not measured. */
function noisePanels(rows: readonly LossRow[], { x, interactive }: Axes): Panel[] {
  const ranges = Math.max(...rows.map(({ lossByNoise }) => lossByNoise.length));
  const points = Array.from(
    { length: ranges },
    (_, i) =>
      curveOf(rows, (row) => row.lossByNoise[i], {
        noise: (i + 0.5) / ranges,
        range: `${percent(i / ranges)} to ${percent((i + 1) / ranges)} of T`,
      }),
  ).flat();
  if (points.length === 0) return [];
  return [{
    ...size,
    data: { values: points },
    mark: { type: "line", strokeWidth: 2, point: interactive },
    encoding: {
      x,
      y: lossAxis("Noise loss (Eq. 2)", points),
      color: {
        field: "noise",
        type: "quantitative",
        scale: { scheme: { name: "viridis", extent: [0, 0.9] }, domain: [0, 1] },
        legend: {
          orient: "bottom",
          title: "Noise level t / T",
          titleOrient: "left",
          gradientLength: 200,
          values: [0, 0.5, 1],
          format: "~g",
        },
      },
      detail: { field: "range" },
      ...(interactive ? tooltip("range") : {}),
    },
  }];
}

function lossAxis(title: string, points: readonly { value: number }[]): Position {
  return {
    field: "value",
    type: "quantitative",
    scale: { type: "log", nice: false, padding: 6 },
    axis: { title, values: logTicksOf(points.map(({ value }) => value)), format: "~g" },
  };
}

function tooltip(name: string): Pick<Encoding, "tooltip"> {
  return {
    tooltip: [
      { field: name, type: "nominal", title: "Curve" },
      { field: "step", type: "quantitative", title: "Step" },
      { field: "value", type: "quantitative", format: ".4g", title: "Loss" },
    ],
  };
}

/** Means over equal parts of a logarithmic axis of steps. */
function curveOf<T>(rows: readonly LossRow[], of: (row: LossRow) => number | undefined, name: T) {
  const points = rows.map((row) => ({ step: row.step, value: of(row) }))
    .filter((point): point is { step: number; value: number } =>
      point.step > 0 && point.value !== undefined && point.value > 0 && point.value < Infinity
    );
  const parts = Map.groupBy(
    points,
    ({ step }) => Math.floor(Math.log10(step) * pointsPerDecade + 1e-9),
  );
  return [...parts.values()].map((part) => ({
    ...name,
    step: round(part.reduce((sum, { step }) => sum + step, 0) / part.length),
    value: round(part.reduce((sum, { value }) => sum + value, 0) / part.length),
  }));
}

const round = (value: number): number => Number(value.toPrecision(5));
const percent = (share: number): string => `${Math.round(100 * share)} %`;
