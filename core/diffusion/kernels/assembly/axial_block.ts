// The forward pass of the axial block of `../axial_block.ts`, context by context, so that what is
// worked on stays in the cache.

import {
  args, attended, begin, chunkHidden, chunkPoints, chunkU, columnBytes, columnMaps, columns,
  coordinatesT, headBytes, headWidth, hidden, kernelFeatures, keysOf, keysT, keyTokens, kvBytes, kvT,
  layOutSaved, layOutScratch, m1T, m2T, mapBytes, means, middle, modulationOf, normalizeMiddle,
  onMeans, oT, pairBytes, qT, query, relevanceOf, roots1, selfKv, sizeOf, tiedMaps, tokenBytes,
  tokensPerContext, valuesOf,
} from "./axial_block_layout";
import { gelu, normalize, softmax } from "./elementwise";
import { matmul, multiply, transpose } from "./matmul";

export function axialBlockForward(pointer: usize): void {
  begin(pointer);
  layOutScratch(args.scratch);
  const w = args.width;
  transpose(2 * w, w, args.q, tokenBytes, qT, pairBytes, 1);
  if (!args.keysAndValues) transpose(4 * w, w, args.kv, tokenBytes, kvT, kvBytes, 1);
  transpose(w, 2 * w, args.o, pairBytes, oT, tokenBytes, 1);
  transpose(2 * w, 2 * w, args.m1, pairBytes, m1T, pairBytes, 1);
  transpose(w, 2 * w, args.m2, pairBytes, m2T, tokenBytes, 1);
  memory.fill(keysT, 0, <usize>(args.dimension * headWidth) * columnBytes);
  for (let b = 0; b < args.contexts; b++) {
    layOutSaved(args.saved + <usize>b * args.savedStride);
    project(b);
    tiedAttention(b);
    columnAttention(b);
    perceptron(b);
  }
}

/** Queries (and keys and values) of the normalized tokens. */
function project(b: i32): void {
  const tokens = args.tokens + <usize>(b * tokensPerContext) * tokenBytes;
  for (let point = 0; point < args.queries; point += chunkPoints) {
    const points = min(chunkPoints, args.queries - point);
    const first = <usize>(point * args.dimension), count = points * args.dimension;
    normalize(
      points, args.dimension, args.width, tokens + first * tokenBytes, args.n1,
      modulationOf(b, point), kvBytes, roots1 + first * 4, chunkU,
    );
    multiply(
      count, 2 * args.width, args.width, chunkU, tokenBytes, qT, pairBytes,
      query + first * pairBytes, pairBytes, false,
    );
    if (!args.keysAndValues) {
      multiply(
        count, 4 * args.width, args.width, chunkU, tokenBytes, kvT, kvBytes,
        selfKv + first * kvBytes, kvBytes, false,
      );
    }
  }
}

/** One attention map a head for all hyperparameters: scaled products plus the ARD kernel. */
function tiedAttention(b: i32): void {
  const d = args.dimension, n = sizeOf(b), rowQuery = <usize>d * pairBytes;
  layOutCoordinates(b, n);
  for (let head = 0; head < args.heads; head++) {
    const at = <usize>(head * headWidth) * 4, map = tiedMaps + <usize>head * mapBytes;
    matmul(
      args.queries, columns, d, headWidth, query + at, rowQuery, pairBytes, 4, keysOf(b, head),
      columnBytes, map, columnBytes, false,
    );
    layOutKernelFeatures(b, head);
    multiply(
      args.queries, columns, 2 * d, kernelFeatures, <usize>(8 * d), coordinatesT, columnBytes, map,
      columnBytes, true,
    );
    softmax(args.queries, n, columns, map);
    for (let j = 0; j < d; j++) {
      multiply(
        args.queries, headWidth, n, map, columnBytes, valuesOf(b, head, j), headBytes,
        attended + <usize>j * pairBytes + at, rowQuery, false,
      );
    }
  }
}

/** Every hyperparameter attends over the points on its own. */
function columnAttention(b: i32): void {
  const d = args.dimension, n = sizeOf(b), rowQuery = <usize>d * pairBytes;
  const headRows = <usize>headWidth * columnBytes;
  for (let head = 0; head < args.heads; head++) {
    const at = tokenBytes + <usize>(head * headWidth) * 4, keys = keysOf(b, args.heads + head);
    for (let j = 0; j < d; j++) {
      const map = columnMaps + <usize>(head * d + j) * mapBytes;
      multiply(
        args.queries, columns, headWidth, query + <usize>j * pairBytes + at, rowQuery,
        keys + <usize>j * headRows, columnBytes, map, columnBytes, false,
      );
      softmax(args.queries, n, columns, map);
      multiply(
        args.queries, headWidth, n, map, columnBytes, valuesOf(b, args.heads + head, j), headBytes,
        attended + <usize>j * pairBytes + at, rowQuery, false,
      );
    }
  }
}

/** coordinatesT = [z; z^2], [2 D, n]. */
function layOutCoordinates(b: i32, n: i32): void {
  const d = args.dimension, z = args.keyCoordinates + <usize>(b * keyTokens) * 4;
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
  const d = args.dimension;
  for (let i = 0; i < args.queries; i++) {
    const row = <usize>(b * args.queries + i);
    const share = load<f32>(args.keyShare + row * 4);
    const z = args.queryCoordinates + row * <usize>(4 * d);
    const w = relevanceOf(b, i, head, args.relevance);
    const to = kernelFeatures + <usize>(i * 8 * d);
    for (let j: usize = 0; j < <usize>d; j++) {
      const relevance = load<f32>(w + j * <usize>(4 * args.heads));
      store<f32>(to + j * 4, 2 * relevance * load<f32>(z + j * 4));
      store<f32>(to + (<usize>d + j) * 4, -share * relevance);
    }
  }
}

/** The residual of the attentions and the MLP. */
function perceptron(b: i32): void {
  const w = args.width, d = args.dimension;
  const offset = <usize>(b * tokensPerContext) * tokenBytes;
  for (let point = 0; point < args.queries; point += chunkPoints) {
    const points = min(chunkPoints, args.queries - point), count = points * d;
    const first = <usize>(point * d);
    const mid = middle + first * tokenBytes, pre = hidden + first * pairBytes;
    const out = args.output + offset + first * tokenBytes;
    memory.copy(mid, args.tokens + offset + first * tokenBytes, <usize>count * tokenBytes);
    multiply(
      count, w, 2 * w, attended + first * pairBytes, pairBytes, oT, tokenBytes, mid, tokenBytes,
      true,
    );
    normalizeMiddle(b, point, points);
    for (let i = 0; i < points; i++) {
      memory.copy(onMeans + <usize>i * pairBytes, args.m1Bias, pairBytes);
    }
    multiply(
      points, 2 * w, w, means, tokenBytes, m1T + <usize>w * pairBytes, pairBytes, onMeans,
      pairBytes, true,
    );
    for (let i = 0; i < count; i++) {
      memory.copy(pre + <usize>i * pairBytes, onMeans + <usize>(i / d) * pairBytes, pairBytes);
    }
    multiply(count, 2 * w, w, chunkU, tokenBytes, m1T, pairBytes, pre, pairBytes, true);
    gelu(count * 2 * w, pre, chunkHidden);
    for (let i = 0; i < count; i++) {
      for (let k: usize = 0; k < tokenBytes; k += 16) {
        const to = <usize>i * tokenBytes + k;
        v128.store(out + to, f32x4.add(v128.load(mid + to), v128.load(args.m2Bias + k)));
      }
    }
    multiply(count, w, 2 * w, chunkHidden, pairBytes, m2T, tokenBytes, out, tokenBytes, true);
  }
}
