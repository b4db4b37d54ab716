import { assert, assertEquals } from "@std/assert";
import { DeepGaussianProcess } from "../../baselines/deep_gaussian_process.ts";
import { GaussianProcess } from "../../baselines/gaussian_process.ts";
import { DiffusionSearch } from "../../core/diffusion/diffusion_search.ts";
import { SearchSpace } from "../../core/search/search_space.ts";

Deno.test("a pending point that failed before is chosen last", async () => {
  const observed = { points: [[0.1], [0.5], [0.9]], responses: [0.1, NaN, 0.2] };
  for (
    const algorithm of [new GaussianProcess(), new DeepGaussianProcess(), new DiffusionSearch()]
  ) {
    const chosen = await algorithm.observeAndChoose(observed, [[0.5], [0.1]]);
    assertEquals(chosen, 1, algorithm.name);
  }
});

Deno.test("Gaussian processes keep away from a region in which all evaluations fail", async () => {
  const mixed = new SearchSpace({
    x: { type: "real", min: 0, max: 1 },
    kind: { type: "choice", values: ["a", "b", "c"] },
    y: { type: "real", min: 0, max: 1 },
  });
  const reals = new SearchSpace({ x: mixed.hyperparameters.x, y: mixed.hyperparameters.y });
  const trials = 20;
  for (
    const [algorithm, space] of [
      [new GaussianProcess(), mixed],
      [new GaussianProcess(), reals],
      [new DeepGaussianProcess(), reals],
    ] as const
  ) {
    const points: Float64Array[] = [], responses: number[] = [];
    while (points.length < trials) {
      const point = await algorithm.observeAndSuggest({ points, responses }, space);
      const { x, y } = space.decode(point);
      points.push(point);
      responses.push(x > 0.6 ? NaN : x - (y - 0.5) ** 2); // the best that can be is at the border
    }
    const failed = responses.filter(Number.isNaN).length;
    assert(failed <= trials / 2, `${algorithm.name}: ${failed} of ${trials} failed`);
  }
});
