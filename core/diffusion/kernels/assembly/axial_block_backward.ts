// The backward pass of the axial block of `../axial_block.ts`, context by context, so that what is
// worked on stays in the cache.

import {
  args, attended, begin, chunkD, chunkHidden, chunkPoints, chunkU, columnBytes, columnMaps, columns,
  coordinates, dAttended, dKernelFeatures, dMap, dMeans, dMiddle, dOnMeans, dQuery, dSelfKv,
  headBytes, headWidth, hidden, keysT, keyTokens, kvBytes, kvOf, layOutSaved, layOutScratch,
  mapBytes, means, middle, modulationOf, normalizeMiddle, packed, padded4, pairBytes, query,
  relevanceOf, roots1, roots2, sizeOf, tiedMaps, tokenBytes, tokensPerContext, transposeHead,
} from "./axial_block_layout";
import { geluBackward, normalize, normalizeBackward, softmaxBackward } from "./elementwise";
import { addColumnSums, matmul, multiply, multiplyTransposed, pack } from "./matmul";

export function axialBlockBackward(pointer: usize): void {
  begin(pointer);
  layOutScratch(args.scratch);
  memory.fill(keysT, 0, <usize>(args.dimension * headWidth) * columnBytes);
  for (let b = 0; b < args.contexts; b++) {
    layOutSaved(args.saved + <usize>b * args.savedStride);
    perceptronBackward(b);
    const dkv = args.keysAndValues
      ? args.dKeysAndValues + <usize>(b * keyTokens) * kvBytes
      : dSelfKv;
    const used = <usize>(sizeOf(b) * args.dimension) * kvBytes;
    memory.fill(dkv + used, 0, <usize>keyTokens * kvBytes - used);
    tiedAttentionBackward(b, dkv);
    columnAttentionBackward(b, dkv);
    projectBackward(b);
  }
}

/** Leaves the gradients of the tokens after attention in dMiddle and of the attentions in dAttended. */
function perceptronBackward(b: i32): void {
  const w = args.width, d = args.dimension;
  for (let point = 0; point < args.queries; point += chunkPoints) {
    const points = min(chunkPoints, args.queries - point), count = points * d;
    const first = <usize>(point * d);
    const dOut = args.output + (<usize>(b * tokensPerContext) + first) * tokenBytes;
    const dMid = dMiddle + first * tokenBytes;
    // Second layer and GELU: chunkD becomes the gradient of `hidden`.
    multiply(count, 2 * w, w, dOut, tokenBytes, args.m2, pairBytes, chunkD, pairBytes, false);
    geluBackward(count * 2 * w, hidden + first * pairBytes, chunkHidden, chunkD);
    multiplyTransposed(
      w, 2 * w, count, dOut, tokenBytes, chunkHidden, pairBytes, args.dm2, pairBytes, true,
    );
    addColumnSums(count, w, dOut, tokenBytes, args.dm2Bias);
    // First layer, on tokens and on means: chunkHidden becomes the gradient of `chunkU`.
    normalizeMiddle(b, point, points);
    multiplyTransposed(
      2 * w, w, count, chunkD, pairBytes, chunkU, tokenBytes, args.dm1, pairBytes, true,
    );
    memory.fill(dOnMeans, 0, <usize>points * pairBytes);
    for (let i = 0; i < points; i++) {
      addColumnSums(
        d, 2 * w, chunkD + <usize>(i * d) * pairBytes, pairBytes, dOnMeans + <usize>i * pairBytes,
      );
    }
    addColumnSums(points, 2 * w, dOnMeans, pairBytes, args.dm1Bias);
    multiplyTransposed(
      2 * w, w, points, dOnMeans, pairBytes, means, tokenBytes, args.dm1 + tokenBytes, pairBytes,
      true,
    );
    multiply(
      points, w, 2 * w, dOnMeans, pairBytes, args.m1 + tokenBytes, pairBytes, dMeans, tokenBytes,
      false,
    );
    const factor = f32x4.splat(1 / <f32>d);
    for (let i = 0; i < count; i++) {
      const from = dMeans + <usize>(i / d) * tokenBytes, to = chunkHidden + <usize>i * tokenBytes;
      for (let k: usize = 0; k < tokenBytes; k += 16) {
        v128.store(to + k, f32x4.mul(v128.load(from + k), factor));
      }
    }
    multiply(count, w, 2 * w, chunkD, pairBytes, args.m1, pairBytes, chunkHidden, tokenBytes, true);
    // Normalization, residual and output projection.
    const modulation = modulationOf(b, point);
    memory.copy(dMid, dOut, <usize>count * tokenBytes);
    normalizeBackward(
      points, d, w, middle + first * tokenBytes, args.n2, modulation ? modulation + pairBytes : 0,
      kvBytes, roots2 + first * 4, chunkHidden, dMid, args.dn2, dModulationOf(b, point) + pairBytes,
    );
    multiply(
      count, 2 * w, w, dMid, tokenBytes, args.o, pairBytes, dAttended + first * pairBytes,
      pairBytes, false,
    );
    multiplyTransposed(
      w, 2 * w, count, dMid, tokenBytes, attended + first * pairBytes, pairBytes, args.do,
      pairBytes, true,
    );
  }
}

// @ts-ignore: decorator
@inline
function dModulationOf(b: i32, point: i32): usize {
  return args.dModulation + <usize>(b * args.queries + point) * kvBytes;
}

function tiedAttentionBackward(b: i32, dkv: usize): void {
  const d = args.dimension, n = sizeOf(b), kv = kvOf(b);
  const rowQuery = <usize>d * pairBytes, rowKv = <usize>d * kvBytes;
  const scale: f32 = 1 / sqrt<f32>(<f32>(headWidth * d));
  const features = padded4(2 * d);
  layOutCoordinateRows(b, n, features);
  for (let head = 0; head < args.heads; head++) {
    const at = <usize>(head * headWidth) * 4, map = tiedMaps + <usize>head * mapBytes;
    transposeHead(n, kv + pairBytes + at, 1);
    matmul(
      args.queries, columns, d, headWidth, dAttended + at, rowQuery, pairBytes, 4, keysT,
      columnBytes, dMap, columnBytes, false,
    );
    softmaxBackward(args.queries, columns, map, dMap, 1);
    multiply(
      args.queries, features, n, dMap, columnBytes, coordinates, <usize>features * 4,
      dKernelFeatures, <usize>features * 4, false,
    );
    addRelevanceGradient(b, head, features);
    for (let i: usize = 0; i < mapBytes; i += 16) {
      v128.store(dMap + i, f32x4.mul(v128.load(dMap + i), f32x4.splat(scale)));
    }
    for (let j = 0; j < d; j++) {
      const ofQuery = <usize>j * pairBytes + at, ofKey = <usize>j * kvBytes + at;
      headBackward(
        n, map, query + ofQuery, dQuery + ofQuery, rowQuery, kv + ofKey, dkv + ofKey, rowKv,
        dAttended + ofQuery,
      );
    }
  }
}

function columnAttentionBackward(b: i32, dkv: usize): void {
  const d = args.dimension, n = sizeOf(b), kv = kvOf(b);
  const rowQuery = <usize>d * pairBytes, rowKv = <usize>d * kvBytes;
  const headRows = <usize>headWidth * columnBytes;
  const scale: f32 = 1 / sqrt<f32>(<f32>headWidth);
  for (let head = 0; head < args.heads; head++) {
    const at = tokenBytes + <usize>(head * headWidth) * 4;
    transposeHead(n, kv + pairBytes + at, 1);
    for (let j = 0; j < d; j++) {
      const map = columnMaps + <usize>(head * d + j) * mapBytes;
      const ofQuery = <usize>j * pairBytes + at, ofKey = <usize>j * kvBytes + at;
      multiply(
        args.queries, columns, headWidth, dAttended + ofQuery, rowQuery,
        keysT + <usize>j * headRows, columnBytes, dMap, columnBytes, false,
      );
      softmaxBackward(args.queries, columns, map, dMap, scale);
      headBackward(
        n, map, query + ofQuery, dQuery + ofQuery, rowQuery, kv + ofKey, dkv + ofKey, rowKv,
        dAttended + ofQuery,
      );
    }
  }
}

/** From the gradient of the logits (dMap) and of the output to those of queries, keys and values. */
function headBackward(
  n: i32, map: usize, q: usize, dq: usize, rowQuery: usize, key: usize, dKey: usize, rowKv: usize,
  dOut: usize,
): void {
  pack(n, headWidth, key, rowKv, packed);
  multiply(args.queries, headWidth, n, dMap, columnBytes, packed, headBytes, dq, rowQuery, false);
  pack(args.queries, headWidth, q, rowQuery, packed);
  multiplyTransposed(
    n, headWidth, args.queries, dMap, columnBytes, packed, headBytes, dKey, rowKv, false,
  );
  pack(args.queries, headWidth, dOut, rowQuery, packed);
  multiplyTransposed(
    n, headWidth, args.queries, map, columnBytes, packed, headBytes, dKey + pairBytes, rowKv, false,
  );
}

/** coordinates = [z, z^2], [n, features], zero behind 2 D. */
function layOutCoordinateRows(b: i32, n: i32, features: i32): void {
  const d = args.dimension, z = args.keyCoordinates + <usize>(b * keyTokens) * 4;
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
  const d = args.dimension;
  for (let i = 0; i < args.queries; i++) {
    const row = <usize>(b * args.queries + i);
    const share = load<f32>(args.keyShare + row * 4);
    const z = args.queryCoordinates + row * <usize>(4 * d);
    const dw = relevanceOf(b, i, head, args.dRelevance);
    const from = dKernelFeatures + <usize>(i * features) * 4;
    for (let j: usize = 0; j < <usize>d; j++) {
      const to = dw + j * <usize>(4 * args.heads);
      const onCross: f32 = <f32>2 * load<f32>(z + j * 4) * load<f32>(from + j * 4);
      store<f32>(to, load<f32>(to) + onCross - share * load<f32>(from + (<usize>d + j) * 4));
    }
  }
}

function projectBackward(b: i32): void {
  const w = args.width, d = args.dimension;
  const offset = <usize>(b * tokensPerContext) * tokenBytes;
  for (let point = 0; point < args.queries; point += chunkPoints) {
    const points = min(chunkPoints, args.queries - point), count = points * d;
    const first = <usize>(point * d);
    const tokens = args.tokens + offset + first * tokenBytes,
      dTokens = args.dTokens + offset + first * tokenBytes;
    const dq = dQuery + first * pairBytes;
    normalize(
      points, d, w, tokens, args.n1, modulationOf(b, point), kvBytes, roots1 + first * 4, chunkU,
    );
    multiplyTransposed(
      2 * w, w, count, dq, pairBytes, chunkU, tokenBytes, args.dq, tokenBytes, true,
    );
    multiply(count, w, 2 * w, dq, pairBytes, args.q, tokenBytes, chunkD, tokenBytes, false);
    if (!args.keysAndValues) {
      const dkv = dSelfKv + first * kvBytes;
      multiplyTransposed(
        4 * w, w, count, dkv, kvBytes, chunkU, tokenBytes, args.dkv, tokenBytes, true,
      );
      multiply(count, w, 4 * w, dkv, kvBytes, args.kv, tokenBytes, chunkD, tokenBytes, true);
    }
    memory.copy(dTokens, dMiddle + first * tokenBytes, <usize>count * tokenBytes);
    normalizeBackward(
      points, d, w, tokens, args.n1, modulationOf(b, point), kvBytes, roots1 + first * 4, chunkD,
      dTokens, args.dn1, dModulationOf(b, point),
    );
  }
}
