/**
 * The methods that can be compared, by the names that the command line and result files use.
 *
 * @module
 */
import { DeepGaussianProcess } from "../../baselines/deep_gaussian_process.ts";
import { GaussianProcess, type GaussianProcessVariant } from "../../baselines/gaussian_process.ts";
import { RandomSearch } from "../../baselines/random_search.ts";
import { TreeParzenEstimator } from "../../baselines/tree_parzen_estimator.ts";
import type { Algorithm } from "../../core/search/algorithm.ts";
import type { BackendName } from "../../core/diffusion/backend.ts";
import type { NetworkHost } from "../../core/diffusion/conditioning.ts";
import {
  DiffusionSearch,
  type DiffusionSearchOptions,
} from "../../core/diffusion/diffusion_search.ts";
import { HistorySearch } from "../../core/diffusion/history_search.ts";
import type { Model } from "../../core/diffusion/model.ts";
import { orderedContextSearch } from "./ordered_context.ts";

/** What a method is made with. */
export interface MethodOptions {
  /** Key of all its randomness. */
  seed: number;
  /** Where tensors are computed, for the methods that use some. */
  backend: BackendName;
  /** Model for diffusion in place of the package's. */
  model?: Model;
  /** Where networks of diffusion are, for many searches side by side. */
  host?: NetworkHost;
}

/** Every method. A name beside its family's first one is a setting of it, for ablations. */
export const methods = {
  "random": ({ seed }: MethodOptions): Algorithm => new RandomSearch({ seed }),
  "gp": ({ seed }: MethodOptions): Algorithm => new GaussianProcess({ seed }),
  "gp-polished": gaussianProcess("gp-polished"),
  "gp-candidates": gaussianProcess("gp-candidates"),
  "gp-hpob": gaussianProcess("gp-hpob"),
  "dgp": ({ seed }: MethodOptions): Algorithm => new DeepGaussianProcess({ seed }),
  "tpe": ({ seed }: MethodOptions): Algorithm => new TreeParzenEstimator({ seed }),
  "tpe-univariate": ({ seed }: MethodOptions): Algorithm =>
    new TreeParzenEstimator({ seed, variant: "tpe-univariate" }),
  "diffusion": diffusion({}),
  "diffusion-ranked": diffusion({ candidates: 8 }),
  "diffusion-history": ({ seed, backend }: MethodOptions): Algorithm =>
    new HistorySearch({ seed, backend }),
  "diffusion-adapted": diffusion({ mode: "adapted" }),
  "diffusion-guidance-0": diffusion({ guidance: 0 }),
  "diffusion-guidance-2": diffusion({ guidance: 2 }),
  "diffusion-guidance-5": diffusion({ guidance: 5 }),
  "diffusion-steps-4": diffusion({ denoisingSteps: 4 }),
  "diffusion-steps-64": diffusion({ denoisingSteps: 64 }),
  "diffusion-global": diffusion({ localShare: 0 }),
  "diffusion-unrefined": diffusion({ refinements: 0 }),
  "diffusion-unprobed": diffusion({ probePeriod: 0 }),
  "diffusion-edges": diffusion({ edgeMargin: 0 }),
  "diffusion-ordered": (options: MethodOptions): Algorithm => orderedContextSearch(options),
} as const;

function gaussianProcess(variant: GaussianProcessVariant): (options: MethodOptions) => Algorithm {
  return ({ seed }) => new GaussianProcess({ seed, variant });
}

function diffusion(settings: DiffusionSearchOptions): (options: MethodOptions) => Algorithm {
  return (options) => new DiffusionSearch({ ...settings, ...options });
}

/** The name of a method. */
export type MethodName = keyof typeof methods;

/** All names. */
export const methodNames = Object.keys(methods) as MethodName[];

/** What `bench` compares when it is not told otherwise. */
export const defaultMethods: readonly MethodName[] = ["random", "gp", "dgp", "tpe", "diffusion"];
