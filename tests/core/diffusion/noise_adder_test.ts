import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { addNoise } from "../../../core/diffusion/noise_adder.ts";
import { normalCdf } from "../../../core/numerics/normal.ts";
import { Random } from "../../../core/search/random.ts";
import { cosineSchedule, linearSchedule } from "../../../core/diffusion/schedule.ts";

/** `count` noised copies of the one-dimensional point x at timestep t. */
function noised(x: number, t: number, count: number, schedule = cosineSchedule()): Float32Array {
  const random = Random.of("noise adder", t);
  return addNoise({
    x: new Float32Array(count).fill(x),
    timestep: new Int32Array(count).fill(t),
    noise: Float32Array.from({ length: count }, () => random.normal()),
    dimension: 1,
  }, schedule);
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

Deno.test("noised points have mean sqrt(abar) z and variance 1 - abar", () => {
  const schedule = cosineSchedule();
  const x = 0.9, count = 40_000;
  for (const t of [1, 50, 300, 700, 1000]) {
    const z = noised(x, t, count);
    const alphaBar = schedule.alphaBar[t];
    const spread = Math.sqrt(1 - alphaBar);
    assertAlmostEquals(mean(z), Math.sqrt(alphaBar) * (2 * x - 1), 4 * spread / Math.sqrt(count));
    const center = mean(z);
    const variance = mean(z.map((value) => (value - center) ** 2));
    // The standard error of a variance is sqrt(2 / n) of it.
    assertAlmostEquals(variance / (1 - alphaBar), 1, 4 * Math.sqrt(2 / count));
  }
});

for (const schedule of [cosineSchedule(), linearSchedule()]) {
  Deno.test(`after T steps of the ${schedule.name} schedule any point is standard normal`, () => {
    for (const x of [0, 0.5, 1]) {
      const z = noised(x, schedule.steps, 5000, schedule).toSorted();
      // Kolmogorov-Smirnov: sqrt(n) D exceeds 1.95 with probability 0.001.
      let distance = 0;
      z.forEach((value, i) => {
        const p = normalCdf(value);
        distance = Math.max(distance, p - i / z.length, (i + 1) / z.length - p);
      });
      assert(Math.sqrt(z.length) * distance < 1.95, `x = ${x}: D = ${distance}`);
    }
  });
}

Deno.test("at t = 0 a point is only centred", () => {
  const x = Float32Array.of(0, 0.25, 1, 0.5);
  const noisy = addNoise(
    { x, timestep: new Int32Array(2), noise: new Float32Array(4).fill(9), dimension: 2 },
    cosineSchedule(),
  );
  assertEquals([...noisy], [-1, -0.5, 1, 0]);
});
