/**
 * Points and responses as they stand in tables of earlier experiments.
 *
 * @module
 */
import { chance } from "../../search/draw.ts";
import type { Random } from "../../search/random.ts";
import type { Gate } from "./gate.ts";

/** How often tables have a property. */
export interface TableShares {
  /**
   * Probability that the points are denser at one end of each input, as on a scale that nobody chose for them.
   * @default {0.5}
   */
  skewedShare?: number;
  /**
   * Probability that a gate shows: while it is closed, the inputs that it controls are imputed, and often other
   * inputs are copies of it.
   * @default {0.7}
   */
  imputedShare?: number;
}

/** The defaults of {@linkcode TableShares}. */
export const defaultTableShares: Required<TableShares> = { skewedShare: 0.5, imputedShare: 0.7 };

/** Options of {@linkcode drawTablePoints}. */
export interface TablePointsOptions extends TableShares {
  /** d, the number of inputs. */
  dimension: number;
  /** Number of points. */
  count: number;
  /** The conditional hyperparameter, if there is one. */
  gate: Gate | undefined;
}

/**
 * Draws points with what experimenters and encoders do to a table, as far as one table has it:
 *
 * - inputs on a skewed scale: x^w or 1 - (1 - x)^w, w log-normal;
 * - binary inputs (60 % of the tables, then 30 % of the inputs; a gate in 70 %): encoded categories;
 * - constant inputs (60 %, then 15 %), at 1 or 0: values that nobody varied;
 * - where a gate shows, the inputs that it controls are imputed with 0 or 1 while it is closed, and in 70 % up to
 *   40 % of the inputs are copies of it or of its complement: indicators of missing values and the other columns of
 *   a one-hot encoding.
 *
 * All other coordinates are uniform.
 *
 * @returns [count, d], row-major, in [0, 1].
 */
export function drawTablePoints(random: Random, options: TablePointsOptions): Float64Array {
  const { dimension, count, gate, skewedShare, imputedShare } = {
    ...defaultTableShares,
    ...options,
  };
  const points = random.point(count * dimension);
  if (chance(random, skewedShare)) skew(random, points, dimension);
  const hasBinary = chance(random, 0.6), hasConstant = chance(random, 0.6);
  const binaryGate = chance(random, 0.7) ? gate?.input : undefined;
  for (let j = 0; j < dimension; j++) {
    const threshold = random.uniform();
    const isBinary = (hasBinary && chance(random, 0.3)) || j === binaryGate;
    const isConstant = hasConstant && chance(random, 0.15);
    const constant = chance(random, 0.7) ? 1 : 0;
    for (let o = j; o < points.length; o += dimension) {
      if (isConstant) points[o] = constant;
      else if (isBinary) points[o] = points[o] > threshold ? 1 : 0;
    }
  }
  if (gate !== undefined && chance(random, imputedShare)) {
    imputeControlled(random, points, { dimension, gate });
    if (chance(random, 0.7)) copyGate(random, points, { dimension, gate });
  }
  return points;
}

function skew(random: Random, points: Float64Array, dimension: number): void {
  for (let j = 0; j < dimension; j++) {
    const power = Math.exp(0.7 * random.normal());
    const isMirrored = chance(random, 0.5);
    for (let o = j; o < points.length; o += dimension) {
      points[o] = isMirrored ? 1 - (1 - points[o]) ** power : points[o] ** power;
    }
  }
}

interface GatedTable {
  dimension: number;
  gate: Gate;
}

/** Where the gate is closed, sets each input that it controls to a constant: 0 in 70 %, else 1. */
function imputeControlled(
  random: Random,
  points: Float64Array,
  { dimension, gate }: GatedTable,
): void {
  const constants = Float64Array.from(gate.controlled, () => chance(random, 0.7) ? 0 : 1);
  for (let o = 0; o < points.length; o += dimension) {
    const point = points.subarray(o, o + dimension);
    if (!gate.isClosed(point)) continue;
    gate.controlled.forEach((j, i) => {
      if (j !== gate.input) point[j] = constants[i];
    });
  }
}

/** Overwrites some inputs with 1 where the gate is closed and 0 where it is open, or the other way round. */
function copyGate(random: Random, points: Float64Array, { dimension, gate }: GatedTable): void {
  const share = 0.4 * random.uniform();
  for (let j = 0; j < dimension; j++) {
    if (j === gate.input || !chance(random, share)) continue;
    const isIndicator = chance(random, 0.6);
    for (let o = 0; o < points.length; o += dimension) {
      const isClosed = gate.isClosed(points.subarray(o, o + dimension));
      points[o + j] = isClosed === isIndicator ? 1 : 0;
    }
  }
}

/** Adds normal noise to responses; `level` is its deviation in units of theirs. */
export function addNoise(random: Random, responses: Float64Array, level: number): void {
  const mean = responses.reduce((sum, y) => sum + y, 0) / responses.length;
  const squares = responses.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  const deviation = level * Math.sqrt(squares / Math.max(1, responses.length - 1));
  for (let i = 0; i < responses.length; i++) responses[i] += deviation * random.normal();
}
