/**
 * One suggestion of each baseline at the end of an HPO-B run: 55 observations in 16 dimensions.
 *
 *     deno bench --allow-read benches/baselines_bench.ts
 *     python3 benches/baselines_peer.py     # scikit-learn, the same data and settings
 *
 * @module
 */
import { DeepGaussianProcess } from "../baselines/deep_gaussian_process.ts";
import { GaussianProcess, type GaussianProcessVariant } from "../baselines/gaussian_process.ts";

const n = 55, d = 16;

/** The fractional part of a large sine: a cheap stand-in for uniform numbers that Python repeats. */
function scattered(i: number, j: number): number {
  const v = Math.sin(12.9898 * i + 78.233 * j) * 43758.5453;
  return v - Math.floor(v);
}

const xObs = Array.from(
  { length: n },
  (_, i) => Float64Array.from({ length: d }, (_, j) => scattered(i + 1, j + 1)),
);
const yObs = Float64Array.from(
  xObs,
  (x) => Math.sin(5 * x[0]) + x[1] * x[2] - 3 * (x[3] - 0.4) ** 2 + 0.1 * x[4],
);

const observed = { points: xObs, responses: yObs };

for (
  const variant of ["gp", "gp-polished", "gp-candidates", "gp-hpob"] as GaussianProcessVariant[]
) {
  const algorithm = new GaussianProcess({ variant });
  Deno.bench(variant, async () => void await algorithm.observeAndSuggest(observed));
}

const deep = new DeepGaussianProcess();
Deno.bench("dgp", async () => void await deep.observeAndSuggest(observed));
