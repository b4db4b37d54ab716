/**
 * What can be searched in the plane.
 *
 * @module
 */
import { ResponseSurface } from "../../core/diffusion/prior/response_surface.ts";
import { Random } from "../../core/search/random.ts";
import type { Task } from "../../core/search/task.ts";
import { branin, hartmann3, hartmann6 } from "../shared/synthetic_functions.ts";

/** Number of grid points r along each axis. */
export const resolution = 64;

/** A function of the plane, with a grid of its values. */
export interface Landscape extends Task {
  readonly dimension: 2;
  evaluate(point: ArrayLike<number>): number;
  /** Values at ((i + 1/2) / r, (j + 1/2) / r), [r, r], the vertical coordinate first. */
  readonly grid: Float64Array;
  /** The smallest value of the grid. */
  readonly minimum: number;
  /** The largest value that is known. */
  readonly maximum: number;
}

/** The landscapes by what a person reads. */
export const landscapeNames = {
  branin: "Branin",
  hartmann3: "Hartmann-3, a slice",
  hartmann6: "Hartmann-6, a slice",
  smooth: "Prior, smooth",
  rugged: "Prior, rugged",
  surrogate: "Prior, surrogate of a table",
  table: "hpob-mini (pima)",
  drawn: "Draw your own",
} as const;

/** Which landscape. */
export type LandscapeName = keyof typeof landscapeNames;

/** A landscape of that name; `seed` tells apart the surfaces of the prior. */
export function landscapeOf(
  name: Exclude<LandscapeName, "table" | "drawn">,
  seed: number,
): Landscape {
  switch (name) {
    case "branin":
      return landscape(([x, y]) => branin.evaluate(Float64Array.of(x, y)), branin.maximum);
    case "hartmann3":
      return landscape(([x, y]) => hartmann3.evaluate(Float64Array.of(0.1146, x, y)));
    case "hartmann6":
      return landscape(([x, y]) =>
        hartmann6.evaluate(Float64Array.of(0.2017, 0.15, 0.4769, x, 0.3117, y))
      );
    default:
      return priorLandscape(name, seed);
  }
}

/** A landscape whose values were computed before, [r, r] on a finer grid, the vertical coordinate first. */
export function tableLandscape(table: Float32Array): Landscape {
  const side = Math.sqrt(table.length);
  const cell = (x: number): number => Math.min(Math.floor(x * side), side - 1);
  const maximum = table.reduce((most, value) => Math.max(most, value), -Infinity);
  return landscape(([x, y]) => table[cell(y) * side + cell(x)], maximum);
}

const shares = {
  smooth: { smoothShare: 1 },
  rugged: { smoothShare: 0, surrogateShare: 0 },
  surrogate: { smoothShare: 0, surrogateShare: 1 },
} as const;

function priorLandscape(name: keyof typeof shares, seed: number): Landscape {
  const random = Random.of("playground", name, seed);
  const surface = ResponseSurface.draw(random, 2, { ...shares[name], plateauShare: 0 });
  return landscape((point) => surface.evaluate(Float64Array.from(point))[0]);
}

/** A landscape of a person's hand: hills and hollows, each a bump of the width of a brush. */
export class DrawnLandscape implements Landscape {
  readonly dimension = 2;
  /** See {@linkcode Landscape}; a new one after each stroke. */
  grid: Float64Array = new Float64Array(resolution ** 2);

  /** Raises (or, by a negative height, lowers) the land around a point. */
  raise([x, y]: readonly [number, number], height: number): void {
    const width = 0.09;
    this.grid = this.grid.map((value, k) => {
      const [u, v] = gridPoint(k);
      const distance = ((u - x) ** 2 + (v - y) ** 2) / (2 * width ** 2);
      return value + height * Math.exp(-distance);
    });
  }

  /** Between the points of the grid, bilinearly. */
  evaluate(point: ArrayLike<number>): number {
    const [column, u] = cellOf(point[0]), [row, v] = cellOf(point[1]);
    const at = (i: number, j: number): number => this.grid[i * resolution + j];
    const low = at(row, column) * (1 - u) + at(row, column + 1) * u;
    const high = at(row + 1, column) * (1 - u) + at(row + 1, column + 1) * u;
    return low * (1 - v) + high * v;
  }

  /** See {@linkcode Landscape}. */
  get minimum(): number {
    return Math.min(...this.grid);
  }

  /** See {@linkcode Landscape}. */
  get maximum(): number {
    return Math.max(...this.grid);
  }
}

/** The cell of the grid that a coordinate is in, and where in it, 0..1. */
function cellOf(x: number): [number, number] {
  const place = Math.min(Math.max(x * resolution - 0.5, 0), resolution - 1);
  const cell = Math.min(Math.floor(place), resolution - 2);
  return [cell, place - cell];
}

/** The k-th point of the grid. */
function gridPoint(k: number): [number, number] {
  return [(k % resolution + 0.5) / resolution, (Math.floor(k / resolution) + 0.5) / resolution];
}

/** Where no maximum is known, the best of a finer grid stands for it. */
function landscape(
  evaluate: (point: ArrayLike<number> & Iterable<number>) => number,
  maximum?: number,
): Landscape {
  const grid = Float64Array.from({ length: resolution ** 2 }, (_, k) => evaluate(gridPoint(k)));
  const best = gridPoint(grid.indexOf(Math.max(...grid)));
  const finer = Array.from({ length: 41 ** 2 }, (_, k) => {
    const offset = (i: number): number => (i - 20) / 20 / resolution;
    const shifted = [best[0] + offset(k % 41), best[1] + offset(Math.floor(k / 41))];
    return evaluate(shifted.map((x) => Math.min(Math.max(x, 0), 1)));
  });
  return {
    dimension: 2,
    evaluate: (point) => evaluate(Float64Array.from(point)),
    grid,
    minimum: Math.min(...grid),
    maximum: maximum ?? Math.max(...finer, ...grid),
  };
}

/** Part of the range between the smallest and the largest value that is missing to the largest, 0..1. */
export function normalizedRegret({ minimum, maximum }: Landscape, value: number): number {
  return maximum > minimum ? Math.max(0, maximum - value) / (maximum - minimum) : 0;
}
