import { assertEquals } from "@std/assert";
import { DeepGaussianProcess } from "../../baselines/deep_gaussian_process.ts";
import { GaussianProcess } from "../../baselines/gaussian_process.ts";
import { DiffusionSearch } from "../../core/diffusion/diffusion_search.ts";

Deno.test("a pending point that failed before is chosen last", async () => {
  const observed = { points: [[0.1], [0.5], [0.9]], responses: [0.1, NaN, 0.2] };
  for (
    const algorithm of [new GaussianProcess(), new DeepGaussianProcess(), new DiffusionSearch()]
  ) {
    const chosen = await algorithm.observeAndChoose(observed, [[0.5], [0.1]]);
    assertEquals(chosen, 1, algorithm.name);
  }
});
