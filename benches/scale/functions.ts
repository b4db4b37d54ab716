/**
 * Functions with a known optimum at any number of columns, which are not draws of the prior that the model was trained
 * on: a rotated ellipsoid, a bumpy function of four inputs among others that do nothing, and a mixed space.
 *
 * @module
 */
import {
  type Coordinate,
  dimensionOf,
  drawPoint,
  readValues,
  valuesOf,
  writeValues,
} from "../../core/search/coordinates.ts";
import { logUniform } from "../../core/search/draw.ts";
import { Random } from "../../core/search/random.ts";

/** A function on [0, 1]^dimension, or on a space of so many columns. */
export interface ScaleFunction {
  /** What the columns mean; all are reals where it is not said. */
  readonly coordinates?: readonly Coordinate[];
  /** A uniform point of its space. */
  drawUniform(random: Random): Float64Array;
  /** A point at which the loss is 0. */
  readonly optimum: Float64Array;
  /** At least 0, to be minimized. */
  loss(point: Float64Array): number;
}

/** The families, by the names of result files: a function for each number of columns and each key. */
export const families = { ellipsoid, sparse, mixed } as const;

/** A name of a family. */
export type Family = keyof typeof families;

/** All names. */
export const familyNames = Object.keys(families) as Family[];

/** The longest and the shortest half axis of the ellipsoids differ by this factor. */
const axisRatio = 10;

/** (x - c)' Q' D Q (x - c): Q a random rotation, D from 1 to `axisRatio` squared, c away from the border. */
function ellipsoid(dimension: number, key: number): ScaleFunction {
  const random = Random.of("scale ellipsoid", dimension, key);
  const centre = random.point(dimension).map((u) => 0.2 + 0.6 * u);
  const rotation = randomRotation(random, dimension);
  const curvatures = rotation.map((_, i) => axisRatio ** (2 * i / (dimension - 1)));
  return {
    drawUniform: (random) => random.point(dimension),
    optimum: centre,
    loss: (point) =>
      rotation.reduce((sum, axis, i) => {
        const along = axis.reduce((s, a, j) => s + a * (point[j] - centre[j]), 0);
        return sum + curvatures[i] * along * along;
      }, 0),
  };
}

/** Orthonormal vectors: normal ones, made orthogonal one after another (Gram and Schmidt). */
function randomRotation(random: Random, dimension: number): Float64Array[] {
  const axes: Float64Array[] = [];
  while (axes.length < dimension) {
    let axis = Float64Array.from({ length: dimension }, () => random.normal());
    for (const other of axes) {
      const along = axis.reduce((sum, a, j) => sum + a * other[j], 0);
      axis = axis.map((a, j) => a - along * other[j]);
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((a) => a / length));
  }
  return axes;
}

/** Inputs of the sparse functions that do something, and the waves of each, which are half as deep as it is wide. */
const relevantInputs = 4, waves = 3;

/** The sum over four of the inputs of a parabola with waves, so that each has several local optima. */
function sparse(dimension: number, key: number): ScaleFunction {
  const random = Random.of("scale sparse", dimension, key);
  const inputs = random.permutation(dimension).slice(0, relevantInputs);
  const centre = random.point(inputs.length).map((u) => 0.1 + 0.8 * u);
  const weights = Float64Array.from(inputs, () => logUniform(random, 0.3, 1));
  const optimum = random.point(dimension);
  inputs.forEach((input, i) => optimum[input] = centre[i]);
  return {
    drawUniform: (random) => random.point(dimension),
    optimum,
    loss: (point) =>
      inputs.reduce((sum, input, i) => {
        const away = point[input] - centre[i];
        const wave = (1 - Math.cos(2 * Math.PI * waves * away)) / 2;
        return sum + weights[i] * (away * away + 0.1 * wave);
      }, 0),
  };
}

/** Eight columns of the mixed spaces, which are repeated: the third hyperparameter is there with one value of the second. */
const mixedBlock = (first: number): readonly Coordinate[] => [
  { kind: "real" },
  { kind: "choice", count: 2 },
  { kind: "real", when: [{ parent: first + 1, values: [1] }] },
  { kind: "levels", positions: [0, 0.2, 0.4, 0.6, 0.8, 1] },
  { kind: "choice", count: 3 },
];

/**
 * A loss for each hyperparameter, 0 at a target: squared distances of reals and levels, any numbers for choices. Summed
 * up with weights, and with the products of neighbours, so that hyperparameters interact.
 */
function mixed(dimension: number, key: number): ScaleFunction {
  const random = Random.of("scale mixed", dimension, key);
  const coordinates: Coordinate[] = [];
  while (dimensionOf(coordinates) < dimension) {
    coordinates.push(...mixedBlock(coordinates.length));
  }
  while (dimensionOf(coordinates) > dimension) coordinates.pop();
  const target = readValues(drawPoint(random, coordinates), coordinates);
  const weights = target.map(() => logUniform(random, 0.1, 1));
  const choiceLosses = coordinates.map((coordinate) =>
    coordinate.kind === "choice"
      ? Array.from({ length: coordinate.count }, () => 0.2 + 0.8 * random.uniform())
      : []
  );
  const lossOf = (value: number, i: number): number => {
    const coordinate = coordinates[i];
    // What is inactive here or at the target is told apart by its parent.
    if (value === target[i] || Number.isNaN(value) || Number.isNaN(target[i])) return 0;
    if (coordinate.kind === "choice") return choiceLosses[i][value];
    const width = coordinate.kind === "levels" ? valuesOf(coordinate) - 1 : 1;
    return ((value - target[i]) / width) ** 2;
  };
  return {
    coordinates,
    optimum: writeValues(target, coordinates),
    drawUniform: (random) => drawPoint(random, coordinates),
    loss(point) {
      const losses = readValues(point, coordinates).map(lossOf);
      return losses.reduce(
        (sum, loss, i) => sum + weights[i] * loss + loss * (losses[i + 1] ?? 0),
        0,
      );
    },
  };
}

/** The median loss of uniform points, which has regret 1. */
export function medianLoss(
  { drawUniform, loss }: Pick<ScaleFunction, "drawUniform" | "loss">,
): number {
  const random = Random.of("scale median");
  const losses = Array.from({ length: 1001 }, () => loss(drawUniform(random)));
  return losses.sort((a, b) => a - b)[500];
}
