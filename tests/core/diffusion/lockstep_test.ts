import { assert, assertEquals, assertRejects } from "@std/assert";
import { DiffusionSearch } from "../../../core/diffusion/diffusion_search.ts";
import { LockstepHost } from "../../../core/diffusion/lockstep.ts";
import { Random } from "../../../core/search/random.ts";

const histories = [3, 3, 5, 3].map((dimension, i) => {
  const random = Random.of("lockstep", i);
  const points = Array.from({ length: 6 + i }, () => random.point(dimension));
  return { points, responses: points.map(([x]) => -((x - 0.3) ** 2)) };
});

Deno.test("searches side by side get the points that each gets alone, up to rounding", async () => {
  await using host = new LockstepHost();
  const suggest = (seed: number, host?: LockstepHost) =>
    new DiffusionSearch({ seed, denoisingSteps: 5, ...(host && { host }) })
      .observeAndSuggest(histories[seed]);
  const together = await Promise.all(histories.map((_, seed) => suggest(seed, host)));
  for (const seed of histories.keys()) {
    const alone = await suggest(seed);
    assertEquals(together[seed].length, alone.length);
    alone.forEach((x, j) => assert(Math.abs(x - together[seed][j]) < 1e-3, `${alone}`));
  }
});

Deno.test("a search that cannot be answered fails alone", async () => {
  await using host = new LockstepHost();
  const good = new DiffusionSearch({ denoisingSteps: 2, host }).observeAndSuggest(histories[0]);
  const bad = new DiffusionSearch({ host }).observeAndSuggest({ points: [[2]], responses: [1] });
  await assertRejects(() => bad, RangeError);
  assertEquals((await good).length, 3);
});
