import { assertEquals } from "@std/assert";
import { DeepGaussianProcess } from "../../baselines/deep_gaussian_process.ts";
import { GaussianProcess } from "../../baselines/gaussian_process.ts";

Deno.test("a pending point that failed before is chosen last", async () => {
  const xObs = [0.1, 0.5, 0.9].map((x) => Float64Array.of(x));
  const xPen = [0.5, 0.1].map((x) => Float64Array.of(x));
  for (const algorithm of [new GaussianProcess(), new DeepGaussianProcess()]) {
    const chosen = await algorithm.observeAndSuggest(xObs, Float64Array.of(0.1, NaN, 0.2), xPen);
    assertEquals(chosen, 1, algorithm.name);
  }
});
