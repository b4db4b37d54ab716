import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { AdamW, type AdamWState } from "../../../core/diffusion/adamw.ts";
import golden from "./goldens/adamw.json" with { type: "json" };

const options = { steps: 12, learningRate: 0.05, warmupSteps: 4, weightDecay: 0.1 };
const curvature = [1, 2, 3, 40];
const gradientAt = (values: Float32Array) =>
  values.map((value, i) => 2 * curvature[i] * (value - golden.target[i]));

Deno.test("training follows PyTorch's AdamW with clipping, schedule and moving average", () => {
  const trainer = new AdamW(Float32Array.from(golden.start), options);
  for (const expected of golden.trajectory) {
    const report = trainer.apply(gradientAt(trainer.values));
    assertAlmostEquals(report.gradientNorm, expected.norm, 1e-4 * expected.norm);
    expected.values.forEach((value, i) => assertAlmostEquals(trainer.values[i], value, 2e-6));
    expected.average.forEach((value, i) => assertAlmostEquals(trainer.average[i], value, 2e-6));
  }
});

Deno.test("training continued from a saved state ends bit-equal", () => {
  const run = (trainer: AdamW, steps: number) => {
    for (let i = 0; i < steps; i++) trainer.apply(gradientAt(trainer.values));
    return trainer;
  };
  const whole = run(new AdamW(Float32Array.from(golden.start), options), 12);
  const half = run(new AdamW(Float32Array.from(golden.start), options), 5);
  const saved: AdamWState = structuredClone(half.state);
  const resumed = run(new AdamW(saved, options), 7);
  assertEquals(resumed.state, whole.state);
});

Deno.test("a gradient that is not finite is skipped and changes no weight", () => {
  const trainer = new AdamW(Float32Array.of(1, 2), { steps: 10 });
  const report = trainer.apply(Float32Array.of(NaN, 1));
  assertEquals(report.applied, false);
  assertEquals([...trainer.values], [1, 2]);
  assertEquals(trainer.step, 1);
  assert(trainer.apply(Float32Array.of(1, 1)).applied);
});
