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
import type { Answered, Answers, Asked, MethodName, PageBackend, Request } from "./messages.ts";
import {
  attentionToContext,
  denoiseSamples,
  largestDifferenceWhenPermuted,
  predictGuidedNoise,
  warmUp,
} from "./model_views.ts";

let backend: PageBackend = "wasm";
let last: Promise<unknown> = Promise.resolve();

const makers: Record<MethodName, (seed: number) => Algorithm> = {
  diffusion: (seed) => new DiffusionSearch({ seed, backend }),
  gp: (seed) => new GaussianProcess({ seed }),
  tpe: (seed) => new TreeParzenEstimator({ seed }),
  random: (seed) => new RandomSearch({ seed }),
};

globalThis.onmessage = ({ data }: MessageEvent<Asked>) => {
  last = last.then(() => answer(data)); // one after the other
};

async function answer({ id, request }: Asked): Promise<void> {
  let message: Answered;
  try {
    message = { id, answer: await compute(request) };
  } catch (error) {
    message = { id, problem: error instanceof Error ? error.message : String(error) };
  }
  globalThis.postMessage(message);
}

async function compute(request: Request): Promise<Answers[keyof Answers]> {
  switch (request.kind) {
    case "start":
      backend = request.backend;
      await startBackend(backend, request);
      await warmUp();
      return null;
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
    case "attend":
      return await attentionToContext(request);
    case "permute":
      return await largestDifferenceWhenPermuted(request);
  }
}
