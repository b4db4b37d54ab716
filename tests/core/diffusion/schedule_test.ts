import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  cosineSchedule,
  diffusionSteps,
  linearSchedule,
  stridedTimesteps,
} from "../../../core/diffusion/schedule.ts";

Deno.test("the cosine schedule is the reference's table, bit for bit", async () => {
  // Computed in float64 and cast once, by the PyTorch prototype.
  const reference: number[] = JSON.parse(
    await Deno.readTextFile(new URL("./goldens/alpha_bar.json", import.meta.url)),
  );
  assertEquals([...cosineSchedule().alphaBar], reference);
});

Deno.test("the linear schedule is that of Ho et al.", () => {
  const { alphaBar, beta, steps } = linearSchedule();
  assertEquals(steps, 1000);
  assertEquals(beta[1], Math.fround(1e-4));
  assertAlmostEquals(beta[1000], 0.02, 1e-7);
  // NumPy: np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))[[0, 99, 499, 999]]
  assertAlmostEquals(alphaBar[1], 0.9999, 1e-7);
  assertAlmostEquals(alphaBar[100], 0.8970181, 1e-6);
  assertAlmostEquals(alphaBar[500], 0.0785872, 1e-6);
  assertAlmostEquals(alphaBar[1000], 4.03583e-5, 1e-9);
});

for (const { name, alphaBar, alpha, beta } of [cosineSchedule(), linearSchedule()]) {
  Deno.test(`the ${name} schedule never increases, and alpha and beta follow from it`, () => {
    assertEquals(alphaBar[0], 1);
    for (let t = 1; t <= diffusionSteps; t++) {
      if (!(alphaBar[t] <= alphaBar[t - 1] && alphaBar[t] > 0)) throw new Error(`at t = ${t}`);
      assertAlmostEquals(alpha[t], alphaBar[t] / alphaBar[t - 1], 1e-6);
      assertAlmostEquals(beta[t], 1 - alpha[t], 1e-6);
    }
  });
}

Deno.test("strided timesteps run from T to 0, evenly and rounded half to even", () => {
  assertEquals([...stridedTimesteps(4)], [1000, 750, 500, 250, 0]);
  // torch.linspace(1000, 0, 17).round()
  assertEquals(
    [...stridedTimesteps(16)],
    [1000, 938, 875, 812, 750, 688, 625, 562, 500, 438, 375, 312, 250, 188, 125, 62, 0],
  );
  assertEquals(stridedTimesteps(1000).length, 1001);
  assertEquals([...stridedTimesteps(3)], [1000, 667, 333, 0]);
});

Deno.test("an impossible stride is refused", () => {
  assertThrows(
    () => stridedTimesteps(0),
    RangeError,
    "'steps' must be an integer in 1..1000: got 0",
  );
  assertThrows(() => stridedTimesteps(1001), RangeError, "in 1..1000: got 1001");
});
