/** The baselines under the names by which the conformance suite and its workers ask for them. */
import { DeepGaussianProcess } from "../../baselines/deep_gaussian_process.ts";
import { GaussianProcess } from "../../baselines/gaussian_process.ts";
import { RandomSearch } from "../../baselines/random_search.ts";
import { TreeParzenEstimator } from "../../baselines/tree_parzen_estimator.ts";
import type { AlgorithmFactory } from "../conformance.ts";

export const factories: Record<string, AlgorithmFactory> = {
  "random": (seed) => new RandomSearch({ seed }),
  "gp": (seed) => new GaussianProcess({ seed }),
  "gp-polished": (seed) => new GaussianProcess({ seed, variant: "gp-polished" }),
  "gp-candidates": (seed) => new GaussianProcess({ seed, variant: "gp-candidates" }),
  "gp-hpob": (seed) => new GaussianProcess({ seed, variant: "gp-hpob" }),
  "dgp": (seed) => new DeepGaussianProcess({ seed }),
  "tpe": (seed) => new TreeParzenEstimator({ seed }),
  "tpe-univariate": (seed) => new TreeParzenEstimator({ seed, variant: "tpe-univariate" }),
};
