/**
 * Two-dimensional slices of random surfaces: what the policy is taught, as data for a figure.
 *
 * @module
 */
import { Random } from "../../search/random.ts";
import { ResponseSurface } from "./response_surface.ts";

/** A slice of a surface through its best of some uniform points, along its two most influential inputs. */
export interface SurfaceSlice {
  /** Such as `smooth, d = 4`. */
  title: string;
  /** d, the number of inputs of the surface. */
  dimension: number;
  /** The two inputs that vary, horizontal and vertical. */
  axes: [number, number];
  /** Number of grid points r along each axis, at (i + 1/2) / r. */
  resolution: number;
  /** Responses, [r, r], row-major, the vertical coordinate first; scaled to [0, 1] within the slice. */
  values: Float64Array;
}

/** Options of {@linkcode surfaceGallery}. */
export interface GalleryOptions {
  /** Identifies the surfaces. @default {0} */
  seed?: number;
  /** Dimensions of the surfaces, one column of the gallery each. @default {[2, 4, 8, 16]} */
  dimensions?: readonly number[];
  /** Number of surfaces of each kind and dimension. @default {2} */
  surfacesPerKind?: number;
  /** Grid points along each axis. @default {48} */
  resolution?: number;
}

const kinds = [
  ["smooth", { smoothShare: 1 }],
  ["rugged", { smoothShare: 0, surrogateShare: 0 }],
  ["surrogate", { smoothShare: 0, surrogateShare: 1 }],
] as const;

/**
 * Draws slices, in rows: all dimensions of the first smooth surface, then of the second, then the rugged ones, then
 * the surrogates of tables.
 */
export function surfaceGallery(options: GalleryOptions = {}): SurfaceSlice[] {
  const { seed = 0, dimensions = [2, 4, 8, 16], surfacesPerKind = 2, resolution = 48 } = options;
  const slices: SurfaceSlice[] = [];
  for (const [kind, shares] of kinds) {
    for (let index = 0; index < surfacesPerKind; index++) {
      for (const dimension of dimensions) {
        const random = Random.of("gallery", seed, kind, index, dimension);
        const surface = ResponseSurface.draw(random, dimension, { ...shares, plateauShare: 0 });
        const title = `${kind}, d = ${dimension}`;
        slices.push({ title, ...sliceSurface(random, surface, resolution) });
      }
    }
  }
  return slices;
}

const anchorCandidates = 512;

function sliceSurface(
  random: Random,
  surface: ResponseSurface,
  resolution: number,
): Omit<SurfaceSlice, "title"> {
  const { dimension } = surface;
  const candidates = random.point(anchorCandidates * dimension);
  const responses = surface.evaluate(candidates);
  const best = responses.indexOf(Math.max(...responses));
  const anchor = candidates.slice(best * dimension, (best + 1) * dimension);
  const influence = anchor.map((_, j) => rangeAlong(surface, anchor, j, resolution));
  const [first, second = first] = Array.from(influence.keys())
    .sort((a, b) => influence[b] - influence[a]);

  const points = new Float64Array(resolution * resolution * dimension);
  for (let row = 0, o = 0; row < resolution; row++) {
    for (let column = 0; column < resolution; column++, o += dimension) {
      points.set(anchor, o);
      points[o + second] = (row + 0.5) / resolution;
      points[o + first] = (column + 0.5) / resolution;
    }
  }
  const values = surface.evaluate(points);
  const low = values.reduce((a, b) => Math.min(a, b));
  const range = values.reduce((a, b) => Math.max(a, b)) - low;
  return {
    dimension,
    axes: [first, second],
    resolution,
    values: values.map((value) => range > 0 ? (value - low) / range : 0),
  };
}

/** How much the response varies when input `j` alone moves. */
function rangeAlong(
  surface: ResponseSurface,
  anchor: Float64Array,
  j: number,
  resolution: number,
): number {
  let low = Infinity, high = -Infinity;
  const point = anchor.slice();
  for (let i = 0; i < resolution; i++) {
    point[j] = (i + 0.5) / resolution;
    const [value] = surface.evaluate(point);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}
