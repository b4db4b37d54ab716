// What both passes of the axial block share: arguments, the layout of their memory, and where the
// context at hand lies in it. Tokens lie [point][hyperparameter][width], row-major.

import { addColumnSums, pack, transpose } from "./matmul";
import { normalize } from "./elementwise";

/** Arguments of both passes, in the order of `../_axial_block_wasm.ts`. Pointers are in bytes. */
@unmanaged
export class Arguments {
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
  /** The same as `layOutKeysAndValues` arranges them; 0 where every pass does. */
  laidOut: usize;
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
export let args = changetype<Arguments>(0);
export let headWidth: i32, tokensPerContext: i32, keyTokens: i32, columns: i32, chunkPoints: i32;
export let tokenBytes: usize,
  pairBytes: usize,
  kvBytes: usize,
  headBytes: usize,
  columnBytes: usize,
  mapBytes: usize;
// Saved values of the context at hand.
export let roots1: usize,
  roots2: usize,
  query: usize,
  selfKv: usize,
  tiedMaps: usize,
  columnMaps: usize;
export let attended: usize, middle: usize, hidden: usize;
// Scratch of both passes: transposed weights, and buffers for the context at hand.
export let qT: usize, kvT: usize, oT: usize, m1T: usize, m2T: usize;
export let chunkU: usize,
  chunkHidden: usize,
  packed: usize,
  keysT: usize,
  coordinatesT: usize,
  kernelFeatures: usize;
export let means: usize, onMeans: usize;
// Scratch of the backward pass.
export let chunkD: usize,
  coordinates: usize,
  dMiddle: usize,
  dAttended: usize,
  dQuery: usize,
  dSelfKv: usize;
export let dMap: usize, dKernelFeatures: usize, dMeans: usize, dOnMeans: usize;

let cursor: usize;

/** The next `count` floats of the buffer that is laid out, aligned to a vector. */
function take(count: i32): usize {
  const at = cursor;
  cursor += (<usize>count * 4 + 15) & ~15;
  return at;
}

export function begin(pointer: usize): void {
  args = changetype<Arguments>(pointer);
  headWidth = args.width / args.heads;
  tokensPerContext = args.queries * args.dimension;
  keyTokens = args.keys * args.dimension;
  columns = (args.keys + 3) & ~3; // of an attention map, padded to whole vectors
  chunkPoints = max(1, 64 / args.dimension); // 64 tokens at a time stay in the first-level cache
  tokenBytes = <usize>args.width * 4;
  pairBytes = 2 * tokenBytes;
  kvBytes = 4 * tokenBytes;
  headBytes = <usize>headWidth * 4;
  columnBytes = <usize>columns * 4;
  mapBytes = <usize>args.queries * columnBytes;
}

export function layOutSaved(base: usize): usize {
  cursor = base;
  roots1 = take(tokensPerContext);
  roots2 = take(tokensPerContext);
  query = take(tokensPerContext * 2 * args.width);
  selfKv = take(args.keysAndValues ? 0 : keyTokens * 4 * args.width);
  tiedMaps = take(args.heads * args.queries * columns);
  columnMaps = take(args.heads * args.dimension * args.queries * columns);
  attended = take(tokensPerContext * 2 * args.width);
  middle = take(tokensPerContext * args.width);
  hidden = take(tokensPerContext * 2 * args.width);
  return cursor - base;
}

export function layOutScratch(base: usize): usize {
  const w = args.width, chunk = chunkPoints * args.dimension;
  cursor = base;
  qT = take(2 * w * w);
  kvT = take(4 * w * w);
  oT = take(2 * w * w);
  m1T = take(4 * w * w);
  m2T = take(2 * w * w);
  chunkU = take(chunk * w);
  chunkHidden = take(chunk * 2 * w);
  packed = take(max(args.queries, args.keys) * headWidth);
  keysT = take(args.dimension * headWidth * columns);
  coordinatesT = take(2 * args.dimension * columns);
  kernelFeatures = take(args.queries * 2 * args.dimension);
  means = take(chunkPoints * w);
  onMeans = take(chunkPoints * 2 * w);
  chunkD = take(chunk * 2 * w);
  coordinates = take(args.keys * padded4(2 * args.dimension));
  dMiddle = take(tokensPerContext * w);
  dAttended = take(tokensPerContext * 2 * w);
  dQuery = take(tokensPerContext * 2 * w);
  dSelfKv = take(keyTokens * 4 * w);
  dMap = take(args.queries * columns);
  dKernelFeatures = take(args.queries * padded4(2 * args.dimension));
  dMeans = take(chunkPoints * w);
  dOnMeans = take(chunkPoints * 2 * w);
  return cursor - base;
}

// @ts-ignore: decorator
@inline
export function padded4(count: i32): i32 {
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

/** Keys and values of a context, [n, D, 4 W]: tied keys, column keys, tied values, column values. */
// @ts-ignore: decorator
@inline
export function kvOf(b: i32): usize {
  return args.keysAndValues ? args.keysAndValues + <usize>(b * keyTokens) * kvBytes : selfKv;
}

// @ts-ignore: decorator
@inline
export function sizeOf(b: i32): i32 {
  return load<i32>(args.sizes + <usize>b * 4);
}

// @ts-ignore: decorator
@inline
export function modulationOf(b: i32, point: i32): usize {
  return args.modulation ? args.modulation + <usize>(b * args.queries + point) * kvBytes : 0;
}

// @ts-ignore: decorator
@inline
export function relevanceOf(b: i32, point: i32, head: i32, base: usize): usize {
  const row = b * args.relevanceRows + (args.relevanceRows == 1 ? 0 : point);
  return base + <usize>(row * args.dimension * args.heads + head) * 4;
}

/** keysT = scale * transposed keys (or values) of a head, [D * headWidth, n]; `x` is its first. */
export function transposeHead(n: i32, x: usize, scale: f32): void {
  transposeHeadTo(keysT, n, x, scale);
}

function transposeHeadTo(out: usize, n: i32, x: usize, scale: f32): void {
  for (let j = 0; j < args.dimension; j++) {
    transpose(
      n, headWidth, x + <usize>j * kvBytes, <usize>args.dimension * kvBytes,
      out + <usize>(j * headWidth) * columnBytes, columnBytes, scale,
    );
  }
}

// The heads of both attentions are numbered through: first the tied ones, then those of the columns.

/** Keys of a head, scaled and transposed, [D * headWidth, n]. */
export function keysOf(b: i32, head: i32): usize {
  if (args.laidOut) return laidOutHead(b, head);
  transposeHead(sizeOf(b), kvOf(b) + <usize>head * headBytes, scaleOf(head));
  return keysT;
}

/** Values of a head and a hyperparameter, [n, headWidth]. */
export function valuesOf(b: i32, head: i32, j: i32): usize {
  if (args.laidOut) {
    return laidOutHead(b, head) + laidOutKeysBytes() + <usize>(j * args.keys) * headBytes;
  }
  packValues(b, head, j, packed);
  return packed;
}

function packValues(b: i32, head: i32, j: i32, out: usize): void {
  const values = kvOf(b) + <usize>j * kvBytes + pairBytes + <usize>head * headBytes;
  pack(sizeOf(b), headWidth, values, <usize>args.dimension * kvBytes, out);
}

function scaleOf(head: i32): f32 {
  return 1 / sqrt<f32>(<f32>(head < args.heads ? headWidth * args.dimension : headWidth));
}

function laidOutKeysBytes(): usize {
  return <usize>(args.dimension * headWidth) * columnBytes;
}

function laidOutHeadBytes(): usize {
  return laidOutKeysBytes() + <usize>keyTokens * headBytes;
}

function laidOutHead(b: i32, head: i32): usize {
  return args.laidOut + <usize>(2 * args.heads * b + head) * laidOutHeadBytes();
}

/** Bytes of all contexts in `laidOut`. */
export function axialBlockLaidOutBytes(pointer: usize): usize {
  begin(pointer);
  return <usize>(2 * args.heads * args.contexts) * laidOutHeadBytes();
}

/** Writes the keys and values of all contexts to `laidOut`, head by head: what every pass would arrange anew. */
export function layOutKeysAndValues(pointer: usize): void {
  begin(pointer);
  memory.fill(args.laidOut, 0, axialBlockLaidOutBytes(pointer));
  for (let b = 0; b < args.contexts; b++) {
    for (let head = 0; head < 2 * args.heads; head++) {
      const out = laidOutHead(b, head);
      transposeHeadTo(out, sizeOf(b), kvOf(b) + <usize>head * headBytes, scaleOf(head));
      for (let j = 0; j < args.dimension; j++) {
        packValues(b, head, j, out + laidOutKeysBytes() + <usize>(j * args.keys) * headBytes);
      }
    }
  }
}

/** chunkU = the normalized tokens after attention, and means = their means over hyperparameters. */
export function normalizeMiddle(b: i32, point: i32, points: i32): void {
  const first = <usize>(point * args.dimension);
  const modulation = modulationOf(b, point);
  normalize(
    points, args.dimension, args.width, middle + first * tokenBytes, args.n2,
    modulation ? modulation + pairBytes : 0, kvBytes, roots2 + first * 4, chunkU,
  );
  memory.fill(means, 0, <usize>points * tokenBytes);
  const factor = f32x4.splat(1 / <f32>args.dimension);
  for (let i = 0; i < points; i++) {
    const mean = means + <usize>i * tokenBytes;
    addColumnSums(
      args.dimension, args.width, chunkU + <usize>(i * args.dimension) * tokenBytes, tokenBytes,
      mean,
    );
    for (let k: usize = 0; k < tokenBytes; k += 16) {
      v128.store(mean + k, f32x4.mul(v128.load(mean + k), factor));
    }
  }
}
