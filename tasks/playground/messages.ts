/**
 * What the page and its worker say to each other.
 *
 * @module
 */
import type { Coordinate } from "../../core/search/coordinates.ts";

/** The optimizers of the playground. */
export const methodNames = ["diffusion", "gp", "tpe", "random"] as const;

/** Where the worker may compute. */
export type PageBackend = "webgpu" | "wasm";

/** The name of an optimizer. */
export type MethodName = typeof methodNames[number];

/** What was observed, as plain values. */
export interface PlainObserved {
  /** n points of [0,1]^d. */
  readonly points: readonly Float64Array[];
  /** n responses, larger is better. */
  readonly responses: Float64Array;
  /** Points that are being evaluated. @default {[]} */
  readonly running?: readonly Float64Array[];
}

/** What the Network is conditioned on. */
export interface Condition {
  /** C: at least one point of the plane. */
  readonly context: PlainObserved;
  /** I: 1 asks for better points than all of C, 0 for the others. */
  readonly improvementFlag: 0 | 1;
  /** w >= 0 of classifier-free guidance. */
  readonly guidance: number;
}

/** Starts the worker; the first request. */
export interface StartRequest {
  readonly kind: "start";
  readonly backend: PageBackend;
  /** Where the WASM file is. */
  readonly wasmPath: string;
}

/** Asks an optimizer for the next point. */
export interface SuggestRequest {
  readonly kind: "suggest";
  readonly method: MethodName;
  readonly seed: number;
  readonly observed: PlainObserved;
  readonly options: { dimension?: number; key?: number; coordinates?: readonly Coordinate[] };
}

/** Asks an optimizer which row comes next. */
export interface ChooseRequest {
  readonly kind: "choose";
  readonly method: MethodName;
  readonly seed: number;
  readonly observed: PlainObserved;
  readonly rows: readonly Float64Array[];
  readonly options: { key?: number; coordinates?: readonly Coordinate[] };
}

/** Asks for the way of samples from noise to suggestions. */
export interface DenoiseRequest extends Condition {
  readonly kind: "denoise";
  readonly samples: number;
  readonly steps: number;
  readonly seed: number;
}

/** What the Network is asked about: N points of the centred plane. */
export interface Queries extends Condition {
  /** z, [N, 2]. */
  readonly noisy: Float32Array;
  /** t, 1..T. */
  readonly timestep: number;
}

/** Asks for the predicted noise. */
export interface PredictNoiseRequest extends Queries {
  readonly kind: "predictNoise";
}

/** Asks where the queries look. */
export interface AttendRequest extends Queries {
  readonly kind: "attend";
}

/** Asks how much the prediction depends on the order of the context. */
export interface PermuteRequest extends Queries {
  readonly kind: "permute";
  /** Another order of the points of the context: their indices. */
  readonly order: Int32Array;
}

/** The way of S samples, a frame for every timestep that was visited. */
export interface Denoising {
  /** From T down to 0. */
  readonly timesteps: readonly number[];
  /** z_t on the centred scale, each [S, 2]. */
  readonly frames: readonly Float32Array[];
  /** How long it took, in seconds. */
  readonly seconds: number;
}

/** Everything that the worker is asked. */
export type Request =
  | StartRequest
  | SuggestRequest
  | ChooseRequest
  | DenoiseRequest
  | PredictNoiseRequest
  | AttendRequest
  | PermuteRequest;

/** What is answered to each kind of request. */
export interface Answers {
  /** Nothing but that it has worked. */
  start: null;
  suggest: Float64Array;
  choose: number;
  denoise: Denoising;
  /** eps_hat, [N, 2]. */
  predictNoise: Float32Array;
  /** Shares of attention that each of the n points of the context gets, [N, n]; sums are 1. */
  attend: Float32Array;
  /** The largest difference of eps_hat. */
  permute: number;
}

/** A numbered request. */
export interface Asked {
  readonly id: number;
  readonly request: Request;
}

/** The answer to the request of that number, or why there is none. */
export type Answered =
  | { readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly id: number; readonly problem: string };
