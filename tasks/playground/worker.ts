/**
 * The worker of the playground: everything that computes.
 *
 * @module
 */
/// <reference lib="dom" />
import { GaussianProcess } from "../../baselines/gaussian_process.ts";
import { RandomSearch } from "../../baselines/random_search.ts";
import { TreeParzenEstimator } from "../../baselines/tree_parzen_estimator.ts";
import { startBackend } from "../../core/diffusion/backend.ts";
import { DiffusionSearch } from "../../core/diffusion/diffusion_search.ts";
import type { Algorithm } from "../../core/search/algorithm.ts";
import type { Answered, Answers, Asked, MethodName, Request, Start } from "./messages.ts";
import {
  denoiseSamples,
  largestDifferenceWhenPermuted,
  predictGuidedNoise,
} from "./model_views.ts";

const makers: Record<MethodName, (seed: number) => Algorithm> = {
  diffusion: (seed) => new DiffusionSearch({ seed }),
  gp: (seed) => new GaussianProcess({ seed }),
  tpe: (seed) => new TreeParzenEstimator({ seed }),
  random: (seed) => new RandomSearch({ seed }),
};

const started = Promise.withResolvers<void>();
let last: Promise<unknown> = started.promise;

globalThis.onmessage = ({ data }: MessageEvent<Start | Asked>) => {
  if ("wasmPath" in data) startBackend("wasm", data).then(started.resolve, started.reject);
  else last = last.then(() => answer(data), () => answer(data)); // one after the other
};

async function answer({ id, request }: Asked): Promise<void> {
  let message: Answered;
  try {
    await started.promise;
    message = { id, answer: await compute(request) };
  } catch (error) {
    message = { id, problem: error instanceof Error ? error.message : String(error) };
  }
  globalThis.postMessage(message);
}

async function compute(request: Request): Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case "suggest": {
      const { method, seed, observed, options } = request;
      return await makers[method](seed).observeAndSuggest(observed, options);
    }
    case "choose": {
      const { method, seed, observed, rows, options } = request;
      return await makers[method](seed).observeAndChoose(observed, rows, options);
    }
    case "denoise":
      return await denoiseSamples(request);
    case "predictNoise":
      return await predictGuidedNoise(request);
    case "permute":
      return await largestDifferenceWhenPermuted(request);
  }
}
