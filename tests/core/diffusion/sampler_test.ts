import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Random } from "../../../core/search/random.ts";
import { Sampler } from "../../../core/diffusion/sampler.ts";
import { flagValues } from "../../../core/diffusion/training_batch.ts";

/** n points on a line, so that a coordinate identifies its observation. */
function lineHistory(values: number[]) {
  const n = values.length;
  const points = values.map((_, i) => Float64Array.of((i + 0.5) / n, 0));
  return { points, values: Float64Array.from(values) };
}

Deno.test("flags are Eq. 1: 1 exactly when nothing in the context is above the query", () => {
  const responses = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(responses, fc.integer(), (values, seed) => {
      const history = lineHistory(values), n = values.length;
      const batch = new Sampler({ flagDropout: 0 }).next(history, Random.of(seed));
      const responseOf = (x: number) => values[Math.floor(x * n)];
      for (let b = 0; b < batch.contexts; b++) {
        const context = [
          ...batch.contextY.subarray(b * batch.contextSize, (b + 1) * batch.contextSize),
        ];
        for (let k = 0; k < batch.queries; k++) {
          const y = responseOf(batch.queryX[(b * batch.queries + k) * 2]);
          const flag = context.some((other) => other > y) ? flagValues.worse : flagValues.better;
          assertEquals(batch.improvementFlag[b * batch.queries + k], flag);
        }
      }
    }),
    { seed: 1 },
  );
});

Deno.test("a context is a set of distinct observations and never holds its queries", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer(), (n, seed) => {
      const history = lineHistory(Array.from({ length: n }, (_, i) => i % 7));
      const batch = new Sampler().next(history, Random.of(seed));
      assert(batch.contextSize >= 1 && batch.contextSize < n);
      for (let b = 0; b < batch.contexts; b++) {
        const size = batch.contextSize;
        const context = new Set(
          Array.from({ length: size }, (_, i) => batch.contextX[(b * size + i) * 2]),
        );
        assertEquals(context.size, size);
        for (let k = 0; k < batch.queries; k++) {
          assert(!context.has(batch.queryX[(b * batch.queries + k) * 2]));
        }
      }
    }),
    { seed: 1 },
  );
});

Deno.test("flags are balanced, dropped at the given rate, and timesteps cover all tenths of 1..T", () => {
  const history = lineHistory(Array.from({ length: 30 }, (_, i) => (i * 17) % 30));
  const sampler = new Sampler({ flagDropout: 0.15 });
  const random = Random.of("balance");
  const counts = [0, 0, 0], seen = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const batch = sampler.next(history, random);
    batch.improvementFlag.forEach((flag) => counts[flag]++);
    batch.timestep.forEach((t) => seen.add(Math.ceil(t / 100)));
  }
  const total = counts[0] + counts[1] + counts[2];
  assertAlmostEquals(counts[flagValues.dropped] / total, 0.15, 0.02);
  const share = counts[flagValues.better] / (total - counts[flagValues.dropped]);
  assert(share > 0.25 && share < 0.6, `share of I = 1: ${share}`);
  assertEquals([...seen].sort((a, b) => a - b), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

Deno.test("a batch depends on nothing but history and stream", () => {
  const history = lineHistory([3, 1, 2]);
  const sampler = new Sampler();
  const first = sampler.next(history, Random.of(5));
  sampler.next(history, Random.of(6));
  assertEquals(sampler.next(history, Random.of(5)), first);
});
