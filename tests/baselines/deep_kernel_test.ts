import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { DeepKernel } from "../../baselines/_deep_kernel.ts";
import { Random } from "../../core/search/random.ts";
import golden from "./goldens/deep_kernel.json" with { type: "json" };

// NumPy, scikit-learn and finite differences, goldens/make_deep_kernel.py: the same formulas give the
// points, responses and parameters.
const n = 6, dimension = 3, weightCount = 32 * 4 + 3 * 32 * 33;
const observations = {
  x: Float64Array.from({ length: n * dimension }, (_, i) => 0.5 + 0.5 * Math.sin(1.7 * i)),
  y: Float64Array.from({ length: n }, (_, i) => Math.cos(2.3 * i)),
  size: n,
  dimension,
};
const parameters = Float64Array.from(
  { length: weightCount + 4 },
  (_, i) =>
    i < weightCount ? 0.25 * Math.sin(0.7 + 1.3 * i) : [-0.2, 0.4, -1.5, 0.1][i - weightCount],
);

Deno.test("loss and gradient of the deep kernel are those of an independent implementation", () => {
  const gradient = new Float64Array(parameters.length);
  const loss = new DeepKernel(dimension, parameters).loss(observations, gradient);
  assertAlmostEquals(loss, golden.losses[0], 1e-12);
  for (const [index, slope] of golden.gradient) {
    assertAlmostEquals(gradient[index], slope, 1e-8, `parameter ${index}`);
  }
});

Deno.test("training follows the trajectory of an independent Adam", () => {
  const losses = new DeepKernel(dimension, parameters).train(observations, {
    epochs: golden.losses.length,
    learningRate: 0.01,
    patience: Infinity,
    lossTolerance: 0,
  });
  // the reference's central differences step across kinks of the ReLUs, hence not closer
  losses.forEach((loss, epoch) => assertAlmostEquals(loss, golden.losses[epoch], 1e-4));
  assert(losses.at(-1)! < losses[0]);
});

Deno.test("training stops after the loss has been flat for longer than the patience", () => {
  const losses = new DeepKernel(dimension, parameters).train(observations, {
    epochs: 1000,
    learningRate: 1e-9,
    patience: 16,
    lossTolerance: 1e-4,
  });
  assertEquals(losses.length, 18); // the first loss has no predecessor, then 17 flat ones
});

Deno.test("training keeps the best parameters it has seen", () => {
  const kernel = DeepKernel.initialize(dimension, Random.of(1));
  const losses = kernel.train(observations, {
    epochs: 40,
    learningRate: 0.3, // far too large: the loss jumps about
    patience: Infinity,
    lossTolerance: 0,
  });
  const best = kernel.loss(observations, new Float64Array(weightCount + 4));
  assertEquals(best, Math.min(...losses));
  assert(best < losses.at(-1)!);
});
