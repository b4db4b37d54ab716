// The axial block of `../axial_block.ts`, forward and backward, context by context, so that what is
// worked on stays in the cache. Tokens lie [point][hyperparameter][width], row-major.

import { addColumnSums, matmul, pack, transpose } from "./matmul";
import { gelu, geluBackward, normalize, normalizeBackward, softmax, softmaxBackward } from "./elementwise";

/** Arguments of both passes, in the order of `../_axial_block_wasm.ts`. Pointers are in bytes. */
@unmanaged
class Arguments {
  contexts: i32;
  queries: i32;
  keys: i32;
  dimension: i32;
  width: i32;
  heads: i32;
  /** 1 where all queries of a context share their relevance, else `queries`. */
  relevanceRows: i32;
  // Inputs, as documented in `../axial_block.ts`.
  tokens: usize;
  /** 0 where the tokens attend to themselves. */
  keysAndValues: usize;
  relevance: usize;
  queryCoordinates: usize;
  keyCoordinates: usize;
  keyShare: usize;
  /** 0 where there is none. */
  modulation: usize;
  sizes: usize;
  n1: usize;
  n2: usize;
  q: usize;
  kv: usize;
  o: usize;
  m1: usize;
  m1Bias: usize;
  m2: usize;
  m2Bias: usize;
  /** The block's output; in the backward pass its gradient. */
  output: usize;
  /** What the backward pass needs of every context. */
  saved: usize;
  /** Bytes from one context to the next in `saved`; 0 where there will be no backward pass. */
  savedStride: usize;
  scratch: usize;
  // Gradients, zeroed by the caller; `dkv` and `dKeysAndValues` exclude each other.
  dTokens: usize;
  dKeysAndValues: usize;
  dRelevance: usize;
  dModulation: usize;
  dn1: usize;
  dn2: usize;
  dq: usize;
  dkv: usize;
  do: usize;
  dm1: usize;
  dm1Bias: usize;
  dm2: usize;
  dm2Bias: usize;
}

// The call at hand: its arguments, and sizes that follow from them. Lengths named *Bytes are strides.
let g = changetype<Arguments>(0);
let headWidth: i32, tokensPerContext: i32, keyTokens: i32, columns: i32, chunkPoints: i32;
let tokenBytes: usize, pairBytes: usize, kvBytes: usize, headBytes: usize, columnBytes: usize, mapBytes: usize;
// Saved values of the context at hand.
let roots1: usize, roots2: usize, query: usize, selfKv: usize, tiedMaps: usize, columnMaps: usize;
let attended: usize, middle: usize, hidden: usize;
// Scratch of both passes: transposed weights, and buffers for the context at hand.
let qT: usize, kvT: usize, oT: usize, m1T: usize, m2T: usize;
let chunkU: usize, chunkHidden: usize, packed: usize, keysT: usize, coordinatesT: usize, kernelFeatures: usize;
let means: usize, onMeans: usize;
// Scratch of the backward pass.
let chunkD: usize, coordinates: usize, dMiddle: usize, dAttended: usize, dQuery: usize, dSelfKv: usize;
let dMap: usize, dKernelFeatures: usize, dMeans: usize, dOnMeans: usize;

let cursor: usize;

/** The next `count` floats of the buffer that is laid out, aligned to a vector. */
function take(count: i32): usize {
  const at = cursor;
  cursor += (<usize>count * 4 + 15) & ~15;
  return at;
}

function begin(pointer: usize): void {
  g = changetype<Arguments>(pointer);
  headWidth = g.width / g.heads;
  tokensPerContext = g.queries * g.dimension;
  keyTokens = g.keys * g.dimension;
  columns = (g.keys + 3) & ~3; // of an attention map, padded to whole vectors
  chunkPoints = max(1, 64 / g.dimension); // 64 tokens at a time stay in the first-level cache
  tokenBytes = <usize>g.width * 4;
  pairBytes = 2 * tokenBytes;
  kvBytes = 4 * tokenBytes;
  headBytes = <usize>headWidth * 4;
  columnBytes = <usize>columns * 4;
  mapBytes = <usize>g.queries * columnBytes;
}

function layOutSaved(base: usize): usize {
  cursor = base;
  roots1 = take(tokensPerContext);
  roots2 = take(tokensPerContext);
  query = take(tokensPerContext * 2 * g.width);
  selfKv = take(g.keysAndValues ? 0 : keyTokens * 4 * g.width);
  tiedMaps = take(g.heads * g.queries * columns);
  columnMaps = take(g.heads * g.dimension * g.queries * columns);
  attended = take(tokensPerContext * 2 * g.width);
  middle = take(tokensPerContext * g.width);
  hidden = take(tokensPerContext * 2 * g.width);
  return cursor - base;
}

function layOutScratch(base: usize): usize {
  const w = g.width, chunk = chunkPoints * g.dimension;
  cursor = base;
  qT = take(2 * w * w);
  kvT = take(4 * w * w);
  oT = take(2 * w * w);
  m1T = take(4 * w * w);
  m2T = take(2 * w * w);
  chunkU = take(chunk * w);
  chunkHidden = take(chunk * 2 * w);
  packed = take(max(g.queries, g.keys) * headWidth);
  keysT = take(g.dimension * headWidth * columns);
  coordinatesT = take(2 * g.dimension * columns);
  kernelFeatures = take(g.queries * 2 * g.dimension);
  means = take(chunkPoints * w);
  onMeans = take(chunkPoints * 2 * w);
  chunkD = take(chunk * 2 * w);
  coordinates = take(g.keys * padded4(2 * g.dimension));
  dMiddle = take(tokensPerContext * w);
  dAttended = take(tokensPerContext * 2 * w);
  dQuery = take(tokensPerContext * 2 * w);
  dSelfKv = take(keyTokens * 4 * w);
  dMap = take(g.queries * columns);
  dKernelFeatures = take(g.queries * padded4(2 * g.dimension));
  dMeans = take(chunkPoints * w);
  dOnMeans = take(chunkPoints * 2 * w);
  return cursor - base;
}

// @ts-ignore: decorator
@inline
function padded4(count: i32): i32 {
  return (count + 3) & ~3;
}

/** Bytes that a context needs in `saved`. */
export function axialBlockSavedBytes(pointer: usize): usize {
  begin(pointer);
  return layOutSaved(0);
}

/** Bytes that both passes need in `scratch`. */
export function axialBlockScratchBytes(pointer: usize): usize {
  begin(pointer);
  return layOutScratch(0);
}

export function axialBlockForward(pointer: usize): void {
  begin(pointer);
  layOutScratch(g.scratch);
  const w = g.width;
  transpose(2 * w, w, g.q, tokenBytes, qT, pairBytes, 1);
  if (!g.keysAndValues) transpose(4 * w, w, g.kv, tokenBytes, kvT, kvBytes, 1);
  transpose(w, 2 * w, g.o, pairBytes, oT, tokenBytes, 1);
  transpose(2 * w, 2 * w, g.m1, pairBytes, m1T, pairBytes, 1);
  transpose(w, 2 * w, g.m2, pairBytes, m2T, tokenBytes, 1);
  memory.fill(keysT, 0, <usize>(g.dimension * headWidth) * columnBytes);
  for (let b = 0; b < g.contexts; b++) {
    layOutSaved(g.saved + <usize>b * g.savedStride);
    project(b);
    tiedAttention(b);
    columnAttention(b);
    perceptron(b);
  }
}

/** Keys and values of a context, [n, D, 4 W]: tied keys, column keys, tied values, column values. */
// @ts-ignore: decorator
@inline
function kvOf(b: i32): usize {
  return g.keysAndValues ? g.keysAndValues + <usize>(b * keyTokens) * kvBytes : selfKv;
}

// @ts-ignore: decorator
@inline
function sizeOf(b: i32): i32 {
  return load<i32>(g.sizes + <usize>b * 4);
}

// @ts-ignore: decorator
@inline
function modulationOf(b: i32, point: i32): usize {
  return g.modulation ? g.modulation + <usize>(b * g.queries + point) * kvBytes : 0;
}

/** Queries (and keys and values) of the normalized tokens. */
function project(b: i32): void {
  const tokens = g.tokens + <usize>(b * tokensPerContext) * tokenBytes;
  for (let point = 0; point < g.queries; point += chunkPoints) {
    const points = min(chunkPoints, g.queries - point);
    const first = <usize>(point * g.dimension), count = points * g.dimension;
    normalize(
      points, g.dimension, g.width, tokens + first * tokenBytes, g.n1,
      modulationOf(b, point), kvBytes, roots1 + first * 4, chunkU,
    );
    matmul(count, 2 * g.width, 1, g.width, chunkU, tokenBytes, 0, 4, qT, pairBytes, query + first * pairBytes, pairBytes, false);
    if (!g.keysAndValues) {
      matmul(count, 4 * g.width, 1, g.width, chunkU, tokenBytes, 0, 4, kvT, kvBytes, selfKv + first * kvBytes, kvBytes, false);
    }
  }
}

/** One attention map a head for all hyperparameters: scaled products plus the ARD kernel. */
function tiedAttention(b: i32): void {
  const d = g.dimension, n = sizeOf(b), kv = kvOf(b);
  const rowQuery = <usize>d * pairBytes, rowKv = <usize>d * kvBytes;
  layOutCoordinates(b, n);
  for (let head = 0; head < g.heads; head++) {
    const at = <usize>(head * headWidth) * 4, map = tiedMaps + <usize>head * mapBytes;
    transposeHead(n, kv + at, 1 / sqrt<f32>(<f32>(headWidth * d)));
    matmul(g.queries, columns, d, headWidth, query + at, rowQuery, pairBytes, 4, keysT, columnBytes, map, columnBytes, false);
    layOutKernelFeatures(b, head);
    matmul(g.queries, columns, 1, 2 * d, kernelFeatures, <usize>(8 * d), 0, 4, coordinatesT, columnBytes, map, columnBytes, true);
    softmax(g.queries, n, columns, map);
    for (let j = 0; j < d; j++) {
      pack(n, headWidth, kv + <usize>j * kvBytes + pairBytes + at, rowKv, packed);
      matmul(
        g.queries, headWidth, 1, n, map, columnBytes, 0, 4, packed, headBytes,
        attended + <usize>j * pairBytes + at, rowQuery, false,
      );
    }
  }
}

/** Every hyperparameter attends over the points on its own. */
function columnAttention(b: i32): void {
  const d = g.dimension, n = sizeOf(b), kv = kvOf(b);
  const rowQuery = <usize>d * pairBytes, rowKv = <usize>d * kvBytes;
  const headRows = <usize>headWidth * columnBytes;
  for (let head = 0; head < g.heads; head++) {
    const at = tokenBytes + <usize>(head * headWidth) * 4;
    transposeHead(n, kv + at, 1 / sqrt<f32>(<f32>headWidth));
    for (let j = 0; j < d; j++) {
      const map = columnMaps + <usize>(head * d + j) * mapBytes;
      matmul(
        g.queries, columns, 1, headWidth, query + <usize>j * pairBytes + at, rowQuery, 0, 4,
        keysT + <usize>j * headRows, columnBytes, map, columnBytes, false,
      );
      softmax(g.queries, n, columns, map);
      pack(n, headWidth, kv + <usize>j * kvBytes + pairBytes + at, rowKv, packed);
      matmul(
        g.queries, headWidth, 1, n, map, columnBytes, 0, 4, packed, headBytes,
        attended + <usize>j * pairBytes + at, rowQuery, false,
      );
    }
  }
}

/** keysT = scale * transposed keys (or values) of a head, [D * headWidth, n]; `x` is its first. */
function transposeHead(n: i32, x: usize, scale: f32): void {
  for (let j = 0; j < g.dimension; j++) {
    transpose(
      n, headWidth, x + <usize>j * kvBytes, <usize>g.dimension * kvBytes,
      keysT + <usize>(j * headWidth) * columnBytes, columnBytes, scale,
    );
  }
}

/** coordinatesT = [z; z^2], [2 D, n]. */
function layOutCoordinates(b: i32, n: i32): void {
  const d = g.dimension, z = g.keyCoordinates + <usize>(b * keyTokens) * 4;
  memory.fill(coordinatesT, 0, <usize>(2 * d) * columnBytes);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const value = load<f32>(z + <usize>(i * d + j) * 4);
      const to = coordinatesT + <usize>j * columnBytes + <usize>i * 4;
      store<f32>(to, value);
      store<f32>(to + <usize>d * columnBytes, value * value);
    }
  }
}

/** kernelFeatures = [2 w sqrt(abar) z, -abar w] of every query, [N, 2 D]. */
function layOutKernelFeatures(b: i32, head: i32): void {
  const d = g.dimension;
  for (let i = 0; i < g.queries; i++) {
    const row = <usize>(b * g.queries + i);
    const share = load<f32>(g.keyShare + row * 4);
    const z = g.queryCoordinates + row * <usize>(4 * d);
    const w = relevanceOf(b, i, head, g.relevance);
    const to = kernelFeatures + <usize>(i * 8 * d);
    for (let j: usize = 0; j < <usize>d; j++) {
      const relevance = load<f32>(w + j * <usize>(4 * g.heads));
      store<f32>(to + j * 4, 2 * relevance * load<f32>(z + j * 4));
      store<f32>(to + (<usize>d + j) * 4, -share * relevance);
    }
  }
}

// @ts-ignore: decorator
@inline
function relevanceOf(b: i32, point: i32, head: i32, base: usize): usize {
  const row = b * g.relevanceRows + (g.relevanceRows == 1 ? 0 : point);
  return base + <usize>(row * g.dimension * g.heads + head) * 4;
}

/** The residual of the attentions and the MLP. */
function perceptron(b: i32): void {
  const w = g.width, d = g.dimension;
  const offset = <usize>(b * tokensPerContext) * tokenBytes;
  for (let point = 0; point < g.queries; point += chunkPoints) {
    const points = min(chunkPoints, g.queries - point), count = points * d;
    const first = <usize>(point * d);
    const mid = middle + first * tokenBytes, pre = hidden + first * pairBytes;
    const out = g.output + offset + first * tokenBytes;
    memory.copy(mid, g.tokens + offset + first * tokenBytes, <usize>count * tokenBytes);
    matmul(count, w, 1, 2 * w, attended + first * pairBytes, pairBytes, 0, 4, oT, tokenBytes, mid, tokenBytes, true);
    normalizeMiddle(b, point, points);
    for (let i = 0; i < points; i++) memory.copy(onMeans + <usize>i * pairBytes, g.m1Bias, pairBytes);
    matmul(points, 2 * w, 1, w, means, tokenBytes, 0, 4, m1T + <usize>w * pairBytes, pairBytes, onMeans, pairBytes, true);
    for (let i = 0; i < count; i++) memory.copy(pre + <usize>i * pairBytes, onMeans + <usize>(i / d) * pairBytes, pairBytes);
    matmul(count, 2 * w, 1, w, chunkU, tokenBytes, 0, 4, m1T, pairBytes, pre, pairBytes, true);
    gelu(count * 2 * w, pre, chunkHidden);
    for (let i = 0; i < count; i++) {
      for (let k: usize = 0; k < tokenBytes; k += 16) {
        const to = <usize>i * tokenBytes + k;
        v128.store(out + to, f32x4.add(v128.load(mid + to), v128.load(g.m2Bias + k)));
      }
    }
    matmul(count, w, 1, 2 * w, chunkHidden, pairBytes, 0, 4, m2T, tokenBytes, out, tokenBytes, true);
  }
}

/** chunkU = the normalized tokens after attention, and means = their means over hyperparameters. */
function normalizeMiddle(b: i32, point: i32, points: i32): void {
  const first = <usize>(point * g.dimension);
  const modulation = modulationOf(b, point);
  normalize(
    points, g.dimension, g.width, middle + first * tokenBytes, g.n2,
    modulation ? modulation + pairBytes : 0, kvBytes, roots2 + first * 4, chunkU,
  );
  memory.fill(means, 0, <usize>points * tokenBytes);
  const factor = f32x4.splat(1 / <f32>g.dimension);
  for (let i = 0; i < points; i++) {
    const mean = means + <usize>i * tokenBytes;
    addColumnSums(g.dimension, g.width, chunkU + <usize>(i * g.dimension) * tokenBytes, tokenBytes, mean);
    for (let k: usize = 0; k < tokenBytes; k += 16) v128.store(mean + k, f32x4.mul(v128.load(mean + k), factor));
  }
}

export function axialBlockBackward(pointer: usize): void {
  begin(pointer);
  layOutScratch(g.scratch);
  memory.fill(keysT, 0, <usize>(g.dimension * headWidth) * columnBytes);
  for (let b = 0; b < g.contexts; b++) {
    layOutSaved(g.saved + <usize>b * g.savedStride);
    perceptronBackward(b);
    const dkv = g.keysAndValues ? g.dKeysAndValues + <usize>(b * keyTokens) * kvBytes : dSelfKv;
    const used = <usize>(sizeOf(b) * g.dimension) * kvBytes;
    memory.fill(dkv + used, 0, <usize>keyTokens * kvBytes - used);
    tiedAttentionBackward(b, dkv);
    columnAttentionBackward(b, dkv);
    projectBackward(b);
  }
}

/** Leaves the gradients of the tokens after attention in dMiddle and of the attentions in dAttended. */
function perceptronBackward(b: i32): void {
  const w = g.width, d = g.dimension;
  for (let point = 0; point < g.queries; point += chunkPoints) {
    const points = min(chunkPoints, g.queries - point), count = points * d;
    const first = <usize>(point * d);
    const dOut = g.output + (<usize>(b * tokensPerContext) + first) * tokenBytes;
    const dMid = dMiddle + first * tokenBytes;
    // Second layer and GELU: chunkD becomes the gradient of `hidden`.
    matmul(count, 2 * w, 1, w, dOut, tokenBytes, 0, 4, g.m2, pairBytes, chunkD, pairBytes, false);
    geluBackward(count * 2 * w, hidden + first * pairBytes, chunkHidden, chunkD);
    matmul(w, 2 * w, 1, count, dOut, 4, 0, tokenBytes, chunkHidden, pairBytes, g.dm2, pairBytes, true);
    addColumnSums(count, w, dOut, tokenBytes, g.dm2Bias);
    // First layer, on tokens and on means: chunkHidden becomes the gradient of `chunkU`.
    normalizeMiddle(b, point, points);
    matmul(2 * w, w, 1, count, chunkD, 4, 0, pairBytes, chunkU, tokenBytes, g.dm1, pairBytes, true);
    memory.fill(dOnMeans, 0, <usize>points * pairBytes);
    for (let i = 0; i < points; i++) {
      addColumnSums(d, 2 * w, chunkD + <usize>(i * d) * pairBytes, pairBytes, dOnMeans + <usize>i * pairBytes);
    }
    addColumnSums(points, 2 * w, dOnMeans, pairBytes, g.dm1Bias);
    matmul(2 * w, w, 1, points, dOnMeans, 4, 0, pairBytes, means, tokenBytes, g.dm1 + tokenBytes, pairBytes, true);
    matmul(points, w, 1, 2 * w, dOnMeans, pairBytes, 0, 4, g.m1 + tokenBytes, pairBytes, dMeans, tokenBytes, false);
    const factor = f32x4.splat(1 / <f32>d);
    for (let i = 0; i < count; i++) {
      const from = dMeans + <usize>(i / d) * tokenBytes, to = chunkHidden + <usize>i * tokenBytes;
      for (let k: usize = 0; k < tokenBytes; k += 16) v128.store(to + k, f32x4.mul(v128.load(from + k), factor));
    }
    matmul(count, w, 1, 2 * w, chunkD, pairBytes, 0, 4, g.m1, pairBytes, chunkHidden, tokenBytes, true);
    // Normalization, residual and output projection.
    const modulation = modulationOf(b, point);
    memory.copy(dMid, dOut, <usize>count * tokenBytes);
    normalizeBackward(
      points, d, w, middle + first * tokenBytes, g.n2, modulation ? modulation + pairBytes : 0, kvBytes,
      roots2 + first * 4, chunkHidden, dMid, g.dn2, dModulationOf(b, point) + pairBytes,
    );
    matmul(count, 2 * w, 1, w, dMid, tokenBytes, 0, 4, g.o, pairBytes, dAttended + first * pairBytes, pairBytes, false);
    matmul(w, 2 * w, 1, count, dMid, 4, 0, tokenBytes, attended + first * pairBytes, pairBytes, g.do, pairBytes, true);
  }
}

// @ts-ignore: decorator
@inline
function dModulationOf(b: i32, point: i32): usize {
  return g.dModulation + <usize>(b * g.queries + point) * kvBytes;
}

function tiedAttentionBackward(b: i32, dkv: usize): void {
  const d = g.dimension, n = sizeOf(b), kv = kvOf(b);
  const rowQuery = <usize>d * pairBytes, rowKv = <usize>d * kvBytes;
  const scale: f32 = 1 / sqrt<f32>(<f32>(headWidth * d));
  const features = padded4(2 * d);
  layOutCoordinateRows(b, n, features);
  for (let head = 0; head < g.heads; head++) {
    const at = <usize>(head * headWidth) * 4, map = tiedMaps + <usize>head * mapBytes;
    transposeHead(n, kv + pairBytes + at, 1);
    matmul(g.queries, columns, d, headWidth, dAttended + at, rowQuery, pairBytes, 4, keysT, columnBytes, dMap, columnBytes, false);
    softmaxBackward(g.queries, columns, map, dMap, 1);
    matmul(g.queries, features, 1, n, dMap, columnBytes, 0, 4, coordinates, <usize>features * 4, dKernelFeatures, <usize>features * 4, false);
    addRelevanceGradient(b, head, features);
    for (let i: usize = 0; i < mapBytes; i += 16) v128.store(dMap + i, f32x4.mul(v128.load(dMap + i), f32x4.splat(scale)));
    for (let j = 0; j < d; j++) {
      const ofQuery = <usize>j * pairBytes + at, ofKey = <usize>j * kvBytes + at;
      headBackward(n, map, query + ofQuery, dQuery + ofQuery, rowQuery, kv + ofKey, dkv + ofKey, rowKv, dAttended + ofQuery);
    }
  }
}

function columnAttentionBackward(b: i32, dkv: usize): void {
  const d = g.dimension, n = sizeOf(b), kv = kvOf(b);
  const rowQuery = <usize>d * pairBytes, rowKv = <usize>d * kvBytes;
  const headRows = <usize>headWidth * columnBytes;
  const scale: f32 = 1 / sqrt<f32>(<f32>headWidth);
  for (let head = 0; head < g.heads; head++) {
    const at = tokenBytes + <usize>(head * headWidth) * 4;
    transposeHead(n, kv + pairBytes + at, 1);
    for (let j = 0; j < d; j++) {
      const map = columnMaps + <usize>(head * d + j) * mapBytes;
      const ofQuery = <usize>j * pairBytes + at, ofKey = <usize>j * kvBytes + at;
      matmul(
        g.queries, columns, 1, headWidth, dAttended + ofQuery, rowQuery, 0, 4,
        keysT + <usize>j * headRows, columnBytes, dMap, columnBytes, false,
      );
      softmaxBackward(g.queries, columns, map, dMap, scale);
      headBackward(n, map, query + ofQuery, dQuery + ofQuery, rowQuery, kv + ofKey, dkv + ofKey, rowKv, dAttended + ofQuery);
    }
  }
}

/** From the gradient of the logits (dMap) and of the output to those of queries, keys and values. */
function headBackward(
  n: i32, map: usize, q: usize, dq: usize, rowQuery: usize, key: usize, dKey: usize, rowKv: usize, dOut: usize,
): void {
  pack(n, headWidth, key, rowKv, packed);
  matmul(g.queries, headWidth, 1, n, dMap, columnBytes, 0, 4, packed, headBytes, dq, rowQuery, false);
  pack(g.queries, headWidth, q, rowQuery, packed);
  matmul(n, headWidth, 1, g.queries, dMap, 4, 0, columnBytes, packed, headBytes, dKey, rowKv, false);
  pack(g.queries, headWidth, dOut, rowQuery, packed);
  matmul(n, headWidth, 1, g.queries, map, 4, 0, columnBytes, packed, headBytes, dKey + pairBytes, rowKv, false);
}

/** coordinates = [z, z^2], [n, features], zero behind 2 D. */
function layOutCoordinateRows(b: i32, n: i32, features: i32): void {
  const d = g.dimension, z = g.keyCoordinates + <usize>(b * keyTokens) * 4;
  memory.fill(coordinates, 0, <usize>(n * features) * 4);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) {
      const value = load<f32>(z + <usize>(i * d + j) * 4);
      const to = coordinates + <usize>(i * features + j) * 4;
      store<f32>(to, value);
      store<f32>(to + <usize>d * 4, value * value);
    }
  }
}

function addRelevanceGradient(b: i32, head: i32, features: i32): void {
  const d = g.dimension;
  for (let i = 0; i < g.queries; i++) {
    const row = <usize>(b * g.queries + i);
    const share = load<f32>(g.keyShare + row * 4);
    const z = g.queryCoordinates + row * <usize>(4 * d);
    const dw = relevanceOf(b, i, head, g.dRelevance);
    const from = dKernelFeatures + <usize>(i * features) * 4;
    for (let j: usize = 0; j < <usize>d; j++) {
      const to = dw + j * <usize>(4 * g.heads);
      const onCross: f32 = <f32>2 * load<f32>(z + j * 4) * load<f32>(from + j * 4);
      store<f32>(to, load<f32>(to) + onCross - share * load<f32>(from + (<usize>d + j) * 4));
    }
  }
}

function projectBackward(b: i32): void {
  const w = g.width, d = g.dimension;
  const offset = <usize>(b * tokensPerContext) * tokenBytes;
  for (let point = 0; point < g.queries; point += chunkPoints) {
    const points = min(chunkPoints, g.queries - point), count = points * d;
    const first = <usize>(point * d);
    const tokens = g.tokens + offset + first * tokenBytes, dTokens = g.dTokens + offset + first * tokenBytes;
    const dq = dQuery + first * pairBytes;
    normalize(points, d, w, tokens, g.n1, modulationOf(b, point), kvBytes, roots1 + first * 4, chunkU);
    matmul(2 * w, w, 1, count, dq, 4, 0, pairBytes, chunkU, tokenBytes, g.dq, tokenBytes, true);
    matmul(count, w, 1, 2 * w, dq, pairBytes, 0, 4, g.q, tokenBytes, chunkD, tokenBytes, false);
    if (!g.keysAndValues) {
      const dkv = dSelfKv + first * kvBytes;
      matmul(4 * w, w, 1, count, dkv, 4, 0, kvBytes, chunkU, tokenBytes, g.dkv, tokenBytes, true);
      matmul(count, w, 1, 4 * w, dkv, kvBytes, 0, 4, g.kv, tokenBytes, chunkD, tokenBytes, true);
    }
    memory.copy(dTokens, dMiddle + first * tokenBytes, <usize>count * tokenBytes);
    normalizeBackward(
      points, d, w, tokens, g.n1, modulationOf(b, point), kvBytes, roots1 + first * 4,
      chunkD, dTokens, g.dn1, dModulationOf(b, point),
    );
  }
}
