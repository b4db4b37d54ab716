/**
 * A gallery of two-dimensional slices of response surfaces, as heat maps.
 *
 * @module
 */
import type { Figure } from "./render.ts";
import { frame, type Panel, type Position } from "./_style.ts";
import type { FigureOptions } from "./figure_options.ts";

/** One heat map. */
export interface SurfaceHeatMap {
  /** Above the map. */
  title: string;
  /** Number of grid points r along each axis. */
  resolution: number;
  /** Responses in [0, 1], [r, r], row-major, the vertical coordinate first, from the bottom. */
  values: ArrayLike<number>;
}

/** How {@linkcode surfaceGalleryFigure} lays out its maps. */
export interface SurfaceGalleryOptions extends FigureOptions {
  /**
   * Maps in a row.
   * @default {4}
   */
  columns?: number;
}

/** Responses are drawn in this many steps, so that lines of equal response are seen. */
const levels = 24;
const size = 170;

/** Heat maps beside each other, with one colour scale from the worst (dark) to the best (bright). */
export function surfaceGalleryFigure(
  maps: readonly SurfaceHeatMap[],
  { columns = 4, ...options }: SurfaceGalleryOptions = {},
): Figure {
  const axis = (field: string, resolution: number): Position => ({
    field,
    type: "quantitative",
    scale: { domain: [0, resolution], nice: false },
    axis: null,
  });
  return {
    ...frame(options, columns * (size + 16)),
    columns,
    spacing: 16,
    concat: maps.map((map): Panel => ({
      width: size,
      height: size,
      title: { text: map.title, fontSize: 13, fontWeight: "normal", offset: 5, anchor: "middle" },
      data: { values: stripes(map) },
      mark: { type: "rect", clip: true, aria: false },
      encoding: {
        x: axis("x", map.resolution),
        x2: { field: "x2" },
        y: axis("y", map.resolution),
        y2: { field: "y2" },
        color: {
          field: "value",
          type: "quantitative",
          scale: { scheme: "viridis", domain: [0, 1] },
          legend: {
            orient: "bottom",
            title: "Response, scaled within each slice",
            titleOrient: "left",
            gradientLength: 200,
            values: [0, 0.5, 1],
            format: "~g",
          },
        },
      },
    })),
  };
}

/** Rectangles overlap by this share of a cell, so that no seams are seen between them. */
const overlap = 0.1;

/** Neighbours of a row in the same step are one rectangle: a tenth of the rectangles of a full grid. */
function stripes({ resolution, values }: SurfaceHeatMap) {
  const rectangles = [];
  for (let y = 0; y < resolution; y++) {
    for (let x = 0; x < resolution;) {
      const start = x;
      const level = levelOf(values[y * resolution + x]);
      while (x < resolution && levelOf(values[y * resolution + x]) === level) x++;
      rectangles.push({ x: start, x2: x + overlap, y, y2: y + 1 + overlap, value: level });
    }
  }
  return rectangles;
}

const levelOf = (value: number): number =>
  Number((Math.min(Math.floor(value * levels), levels - 1) / (levels - 1)).toFixed(3));
