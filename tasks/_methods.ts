/**
 * The methods that can be compared, by the names that the command line and result files use.
 *
 * @module
 */
import { DeepGaussianProcess } from "../baselines/deep_gaussian_process.ts";
import { GaussianProcess } from "../baselines/gaussian_process.ts";
import { RandomSearch } from "../baselines/random_search.ts";
import type { Algorithm } from "../core/algorithm.ts";
import type { BackendName } from "../core/backend.ts";
import { DiffusionSearch } from "../core/diffusion.ts";

/** What a method is made with. */
export interface MethodOptions {
  /** Key of all its randomness. */
  seed: number;
  /** Where tensors are computed, for the methods that use some. */
  backend: BackendName;
}

/** Every method. */
export const methods = {
  "random": ({ seed }: MethodOptions): Algorithm => new RandomSearch({ seed }),
  "gp": ({ seed }: MethodOptions): Algorithm => new GaussianProcess({ seed }),
  "dgp": ({ seed }: MethodOptions): Algorithm => new DeepGaussianProcess({ seed }),
  "diffusion": (options: MethodOptions): Algorithm => new DiffusionSearch(options),
} as const;

/** The name of a method. */
export type MethodName = keyof typeof methods;

/** All names. */
export const methodNames = Object.keys(methods) as MethodName[];

/** What `bench` compares when it is not told otherwise. */
export const defaultMethods: readonly MethodName[] = ["random", "gp", "dgp", "diffusion"];
