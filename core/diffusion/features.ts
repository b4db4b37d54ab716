/**
 * What the network sees of points, responses and timesteps: fixed features, computed before its
 * first layer. Responses enter only relative to the best of their context, so that adding a constant
 * to them or multiplying them by a positive number changes nothing while gaps to the best are above 1e-6.
 *
 * @module
 */
import { indexOfLargest } from "../numerics/arrays.ts";
import { columnKindFeatures } from "./column_kinds.ts";
import type { History } from "./history.ts";
import { squashImprovement } from "./improvement_bins.ts";
import type { Schedule } from "./schedule.ts";

/** Goes up whenever the meaning or the number of features changes: weights are of use with their own version alone. */
export const featureVersion = 2;
/** Number of features of a coordinate: {@linkcode queryFeatures}. */
export const coordinateFeatures = 12;
/** Number of features of a response: {@linkcode contextFeatures}. */
export const responseFeatures = 7;
/** Number of features of a timestep: {@linkcode conditionFeatures}. */
export const timestepFeatures = 20;
/** Number of features of a point's status: {@linkcode contextFeatures}. */
export const statusFeatures = 2;

/** B contexts of observed points, the input of the Transformer. All arrays are row-major. */
export interface ContextBatch {
  /** B, the number of contexts. */
  contexts: number;
  /** n, the number of points of the largest context. */
  contextSize: number;
  /** d, the number of hyperparameters. */
  dimension: number;
  /** Points, [B, n, d], in [0, 1]. */
  contextX: Float32Array;
  /** Finite responses, [B, n], larger is better. */
  contextY: Float32Array;
  /** Sizes of the contexts, [B], in 1..n; what lies behind a size is padding. @default {all n} */
  contextSizes?: Int32Array;
  /** What is known of every point, [B, n]: {@linkcode pointStatuses}. @default {all measured} */
  contextStatus?: Uint8Array;
  /** What is known of every column, [B, d, 6]: `columnKinds`. @default {nothing} */
  columnKinds?: Float32Array;
}

/** Values of {@linkcode ContextBatch.contextStatus}. Only what is measured has a response. */
export const pointStatuses = { measured: 0, failed: 1, running: 2 } as const;

/** Features of a batch of contexts. */
export interface ContextFeatures {
  /** Features of every coordinate, [B, n, d, 12]. */
  coordinates: Float32Array;
  /** Features of every response, [B, n, 7]; 0 where there is none. */
  responses: Float32Array;
  /** Whether a point failed, and whether it is running, [B, n, 2]. */
  statuses: Float32Array;
  /** Centred points z = 2 x - 1, [B, n, d]. */
  centred: Float32Array;
  /** The centred best point of every context, [B, d]. */
  bestCentred: Float32Array;
  /** Row 0: 1 / size for every point, row 1: 1 for the best point; 0 for padding. [B, 2, n] */
  pooling: Float32Array;
  /** Sizes of the contexts, [B]. */
  sizes: Int32Array;
}

/** Location and scale of a context's responses. */
export interface ResponseScale {
  /** The largest response. */
  best: number;
  /** The unit of graded improvement: max(median gap, 0.2 mean gap, 1e-6), gap = best - y. */
  scale: number;
}

/** Location and scale of the n >= 1 finite responses of a context (the median is the lower one). */
export function responseScale(responses: ArrayLike<number>): ResponseScale {
  let best = -Infinity;
  for (let i = 0; i < responses.length; i++) best = Math.max(best, responses[i]);
  const gaps = Float64Array.from(responses, (y) => best - y).sort();
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const median = gaps[(gaps.length - 1) >> 1];
  return { best, scale: Math.max(median, 0.2 * mean, 1e-6) };
}

/** Histories of one dimension as a batch of contexts. */
export function contextBatchOf(histories: readonly History[]): ContextBatch {
  const contexts = histories.length;
  const dimension = histories[0].points[0].length;
  const all = histories.map(({ points, failed = [], running = [] }) => [
    ...points,
    ...failed,
    ...running,
  ]);
  const contextSizes = Int32Array.from(all, (points) => points.length);
  const contextSize = Math.max(...contextSizes);
  const contextX = new Float32Array(contexts * contextSize * dimension);
  const contextY = new Float32Array(contexts * contextSize);
  const contextStatus = new Uint8Array(contexts * contextSize);
  const columnKinds = new Float32Array(contexts * dimension * columnKindFeatures);
  histories.forEach(({ values, columns }, b) => {
    all[b].forEach((point, i) => contextX.set(point, (b * contextSize + i) * dimension));
    contextY.set(values, b * contextSize);
    statusesOf(histories[b]).forEach((status, i) => contextStatus[b * contextSize + i] = status);
    if (columns !== undefined) columnKinds.set(columns, b * columns.length);
  });
  return {
    contexts,
    contextSize,
    contextSizes,
    dimension,
    contextX,
    contextY,
    contextStatus,
    columnKinds,
  };
}

/** Which points of a history were measured, failed and are running, in this order. */
function statusesOf({ points, failed = [], running = [] }: History): number[] {
  const { measured, failed: failure, running: unknown } = pointStatuses;
  return [points.map(() => measured), failed.map(() => failure), running.map(() => unknown)].flat();
}

/**
 * Features of contexts.
 *
 * @throws {RangeError} when a size is not in 1..n, or a context has no response.
 */
export function contextFeatures(batch: ContextBatch): ContextFeatures {
  const { contexts, contextSize: n, dimension: d, contextX, contextY } = batch;
  const sizes = batch.contextSizes ?? new Int32Array(contexts).fill(n);
  const features: ContextFeatures = {
    coordinates: new Float32Array(contexts * n * d * coordinateFeatures),
    responses: new Float32Array(contexts * n * responseFeatures),
    statuses: new Float32Array(contexts * n * statusFeatures),
    centred: Float32Array.from(contextX, (x) => 2 * x - 1),
    bestCentred: new Float32Array(contexts * d),
    pooling: new Float32Array(contexts * 2 * n),
    sizes,
  };
  for (let b = 0; b < contexts; b++) {
    const size = sizes[b];
    if (!(size >= 1 && size <= n)) {
      throw new RangeError(
        `Cannot encode the contexts as 'contextSizes[${b}]' must be in 1..${n}: got ${size}`,
      );
    }
    const measured: number[] = [];
    for (let i = b * n; i < b * n + size; i++) {
      const status = batch.contextStatus?.[i] ?? pointStatuses.measured;
      if (status === pointStatuses.measured) measured.push(i);
      else features.statuses[i * statusFeatures + status - 1] = 1;
    }
    if (measured.length === 0) {
      throw new RangeError(`Cannot encode the contexts as context ${b} must have a response`);
    }
    const responses = Float32Array.from(measured, (i) => contextY[i]);
    const incumbent = measured[indexOfLargest(responses)];
    features.bestCentred.set(features.centred.subarray(incumbent * d, (incumbent + 1) * d), b * d);
    features.pooling.fill(1 / size, 2 * b * n, 2 * b * n + size);
    features.pooling[2 * b * n + n + (incumbent - b * n)] = 1;
    writeResponseFeatures(features.responses, measured, responses, d);
    for (let i = b * n * d; i < (b * n + size) * d; i++) {
      const z = features.centred[i];
      writeCoordinateFeatures(
        features.coordinates,
        i * coordinateFeatures,
        z,
        z - features.bestCentred[b * d + (i % d)],
      );
    }
  }
  return features;
}

/** Seven features of every response of one context; `rows` says where they go. */
function writeResponseFeatures(
  out: Float32Array,
  rows: readonly number[],
  responses: Float32Array,
  dimension: number,
): void {
  const n = responses.length;
  const { best, scale } = responseScale(responses);
  const mean = responses.reduce((sum, y) => sum + y, 0) / n;
  const squares = responses.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(n - 1, 1));
  for (let i = 0; i < n; i++) {
    const y = responses[i];
    const gap = (y - best) / scale; // <= 0
    const beaten = responses.reduce((count, other) => count + (y > other ? 1 : 0), 0);
    const o = rows[i] * responseFeatures;
    out[o] = squashImprovement(gap) / 6;
    out[o + 1] = gap / (1 - gap);
    out[o + 2] = beaten / n;
    out[o + 3] = Math.min(Math.max((y - mean) / (deviation + 1e-9), -3), 3) / 2;
    out[o + 4] = y >= best - 1e-9 ? 1 : 0;
    out[o + 5] = Math.log(n) / 4;
    out[o + 6] = Math.log(dimension) / 3;
  }
}

/** Noisy query points, the input of the Network. All arrays are row-major. */
export interface QueryBatch {
  /** N, the number of queries of every context. */
  queries: number;
  /** Noisy points z_t, [B, N, d], on the centred scale. */
  noisy: Float32Array;
  /** t, [B, N], in 0..T; 0 is a clean point. */
  timestep: Int32Array;
  /** I, [B, N]: 0 not better, 1 better, 2 dropped. */
  improvementFlag: Int32Array;
}

/** Features of a batch of queries. */
export interface QueryFeatures {
  /** Features of every coordinate, [B, N, d, 12]. */
  coordinates: Float32Array;
  /** sqrt(abar_t) z_t, [B, N, d]. */
  scaledNoisy: Float32Array;
  /** abar_t, [B, N]. */
  alphaBar: Float32Array;
}

/** Features of what queries are conditioned on beside their context. */
export interface ConditionFeatures {
  /** Features of the timestep, [B, N, 20]. */
  timesteps: Float32Array;
  /** One-hot I, [B, N, 3]. */
  flags: Float32Array;
}

/** Features of timesteps and flags. */
export function conditionFeatures(
  { timestep, improvementFlag }: Pick<QueryBatch, "timestep" | "improvementFlag">,
  schedule: Schedule,
): ConditionFeatures {
  const rows = timestep.length;
  const features: ConditionFeatures = {
    timesteps: new Float32Array(rows * timestepFeatures),
    flags: new Float32Array(rows * 3),
  };
  for (let row = 0; row < rows; row++) {
    const t = timestep[row];
    features.flags[row * 3 + improvementFlag[row]] = 1;
    writeTimestepFeatures(features.timesteps, row * timestepFeatures, schedule.alphaBar[t], t);
  }
  return features;
}

/**
 * Features of queries; the difference to the best point of the context (`bestCentred`, [B, d]) is
 * taken to sqrt(abar_t) z_best, the mean of a noised best point.
 */
export function queryFeatures(
  batch: QueryBatch,
  context: { bestCentred: Float32Array; dimension: number; schedule: Schedule },
): QueryFeatures {
  const { queries, noisy, timestep } = batch;
  const { bestCentred, dimension: d, schedule } = context;
  const rows = timestep.length;
  const features: QueryFeatures = {
    coordinates: new Float32Array(rows * d * coordinateFeatures),
    scaledNoisy: new Float32Array(rows * d),
    alphaBar: new Float32Array(rows),
  };
  for (let row = 0; row < rows; row++) {
    const alphaBar = schedule.alphaBar[timestep[row]];
    const signal = Math.sqrt(alphaBar);
    const best = Math.floor(row / queries) * d;
    features.alphaBar[row] = alphaBar;
    for (let j = 0; j < d; j++) {
      const i = row * d + j;
      features.scaledNoisy[i] = signal * noisy[i];
      writeCoordinateFeatures(
        features.coordinates,
        i * coordinateFeatures,
        noisy[i],
        noisy[i] - signal * bestCentred[best + j],
      );
    }
  }
  return features;
}

/** z, z^2, sines and cosines of pi z/2, pi z, 2 pi z, and four views of the offset to the best. */
function writeCoordinateFeatures(out: Float32Array, at: number, z: number, offset: number): void {
  const angle = (Math.PI * z) / 2;
  const sine1 = Math.sin(angle), cosine1 = Math.cos(angle);
  const sine2 = 2 * sine1 * cosine1, cosine2 = 1 - 2 * sine1 * sine1; // double angle
  out[at] = z;
  out[at + 1] = z * z;
  out[at + 2] = sine1;
  out[at + 3] = cosine1;
  out[at + 4] = sine2;
  out[at + 5] = cosine2;
  out[at + 6] = 2 * sine2 * cosine2;
  out[at + 7] = 1 - 2 * sine2 * sine2;
  out[at + 8] = offset;
  out[at + 9] = Math.tanh(2 * offset);
  out[at + 10] = Math.tanh(10 * offset);
  out[at + 11] = Math.exp(-((offset / 0.1) ** 2));
}

/** Log signal-to-noise ratio, its sines and cosines, and the two mixing factors. */
function writeTimestepFeatures(
  out: Float32Array,
  at: number,
  alphaBar: number,
  timestep: number,
): void {
  const logSnr = Math.min(Math.max(Math.log(alphaBar / (1 - alphaBar + 1e-4)), -12), 10);
  out[at] = logSnr / 6;
  out[at + 1] = Math.sqrt(alphaBar);
  out[at + 2] = Math.sqrt(1 - alphaBar);
  out[at + 3] = timestep === 0 ? 1 : 0;
  for (let k = 1; k <= 8; k++) {
    out[at + 3 + k] = Math.sin((k * logSnr) / 8);
    out[at + 11 + k] = Math.cos((k * logSnr) / 8);
  }
}
