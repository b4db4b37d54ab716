/**
 * How candidates arise from noise: the same candidates at several timesteps, on two hyperparameters.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { frame, type Panel, type Position } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";

/** What {@linkcode denoisingFigure} draws. */
export interface DenoisingData {
  /** Names of the two hyperparameters, horizontal and vertical. */
  axes: readonly [string, string];
  /** Candidates on the way from noise (t = T) to suggestions (t = 0), in units of the search space. */
  frames: readonly {
    /** Timestep. */
    t: number;
    /** Both coordinates of every candidate; inside [0, 1] at the end. */
    candidates: readonly (readonly [number, number])[];
  }[];
  /** Observed points. */
  observed: readonly {
    /** Both coordinates, in [0, 1]. */
    point: readonly [number, number];
    /** Normalized response, in [0, 1]; larger is better. */
    response: number;
  }[];
}

/** How far outside of the search space noise is still shown. */
const margin = 0.45;
const size = 200;

/**
 * A panel for each timestep, in the order given: candidates as red dots, observed points coloured by
 * response, and the search space as a box. Candidates further out than the panel are not drawn.
 */
export function denoisingFigure(data: DenoisingData, options: FigureOptions = {}): Figure {
  const { interactive = false } = options;
  const domain = [-margin, 1 + margin];
  const ticks = { values: [0, 0.5, 1], format: "~g", grid: false };
  const axis = (field: string, title: string | null): Position => ({
    field,
    type: "quantitative",
    scale: { domain: [...domain], nice: false, zero: false },
    axis: { ...ticks, title },
  });
  const best = data.observed.reduce((a, b) => b.response > a.response ? b : a, data.observed[0]);
  const observed = data.observed.map(({ point, response }) => ({
    x: round(point[0]),
    y: round(point[1]),
    response: round(response),
  })).sort((a, b) => a.response - b.response); // the best on top
  const columns = Math.min(data.frames.length, 4);
  const panels = data.frames.map(({ t, candidates }, i): Panel => {
    const x = axis("x", i + columns >= data.frames.length ? data.axes[0] : null);
    const y = axis("y", i % columns === 0 ? data.axes[1] : null);
    const inside = candidates
      .filter((candidate) => candidate.every((c) => c >= domain[0] && c <= domain[1]))
      .map(([a, b]) => ({ x: round(a), y: round(b) }));
    return {
      width: size,
      height: size,
      title: {
        text: `t = ${t}`,
        fontSize: 14,
        fontWeight: "normal",
        offset: 6,
        anchor: "middle",
        frame: "group",
      },
      layer: [
        {
          data: { values: [{ x: 0, y: 0, right: 1, top: 1 }] },
          mark: { type: "rect", fill: "#f5f5f5", stroke: "#aaa" },
          encoding: { x, y, x2: { field: "right" }, y2: { field: "top" } },
        },
        {
          data: { values: inside },
          mark: { type: "circle", color: "#d62728", size: 16, opacity: 0.5, aria: false },
          encoding: { x, y },
        },
        {
          data: { values: observed },
          mark: { type: "circle", size: 80, opacity: 1, stroke: "white", strokeWidth: 1 },
          encoding: {
            x,
            y,
            color: {
              field: "response",
              type: "quantitative",
              scale: { scheme: "viridis", domain: [0, 1] },
              legend: {
                orient: "bottom",
                title: "Observed response",
                titleOrient: "left",
                gradientLength: 200,
                values: [0, 0.5, 1],
                format: "~g",
              },
            },
            ...(interactive ? { tooltip: { field: "response", type: "quantitative" } } : {}),
          },
        },
        {
          data: { values: best === undefined ? [] : [{ x: best.point[0], y: best.point[1] }] },
          mark: { type: "point", shape: "circle", size: 190, stroke: "#000", strokeWidth: 2 },
          encoding: { x, y },
        },
      ],
    };
  });
  return { ...frame(options, columns * (size + 50)), columns, spacing: 22, concat: panels };
}

const round = (value: number): number => Number(value.toFixed(4));
