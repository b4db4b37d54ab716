import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  condense,
  type History,
  toHistory,
  withStatuses,
} from "../../../core/diffusion/history.ts";

const points = (n: number): Float64Array[] =>
  Array.from({ length: n }, (_, i) => Float64Array.of(i / n));

Deno.test("observations are sorted from the best, without those that are not finite, on [-1, 0]", () => {
  const { points: sorted, values } = toHistory(points(5), Float64Array.of(3, NaN, 7, 5, -Infinity));
  assertEquals(sorted.map(([x]) => x), [0.4, 0.6, 0]);
  assertEquals([...values], [-0, -0.5, -1]);
});

Deno.test("a penalty is as bad as 30 median gaps, and leaves the others their places", () => {
  const responses = [0.5, 0.6, 0.7, 0.8, 0.9];
  const mild = toHistory(points(6), Float64Array.of(...responses, -30 * 0.3 + 0.9));
  for (const penalty of [-1e3, -1e9, -1e300]) {
    const { values } = toHistory(points(6), Float64Array.of(...responses, penalty));
    values.forEach((value, i) => assertAlmostEquals(value, mild.values[i], 0.05));
    assertEquals(values[5], -1);
    assert(values[1] < 0 && values[4] > -0.1);
  }
});

Deno.test("values lie in [-1, 0], descend, and do not depend on the order of observations", () => {
  const responses = fc.array(fc.double(), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(responses, (given) => {
      const x = points(given.length), y = Float64Array.from(given);
      const { values, points: sorted } = toHistory(x, y);
      assertEquals(values.length, y.filter(Number.isFinite).length);
      values.forEach((value, i) => {
        assert(value >= -1 && value <= 0);
        assert(i === 0 ? value === 0 : value <= values[i - 1]);
      });
      assertEquals(toHistory(x.toReversed(), y.toReversed()), { values, points: sorted });
    }),
    { seed: 1 },
  );
});

Deno.test("points without a response stand in one order, however they were given", () => {
  const history = toHistory(points(3), Float64Array.of(1, 2, 3));
  const others = [Float64Array.of(0.9), Float64Array.of(0.1), Float64Array.of(0.5)];
  const given = withStatuses(history, { failed: others, running: others });
  assertEquals(withStatuses(history, { failed: others.toReversed(), running: others }), given);
  assertEquals(given.failed!.map(([x]) => x), [0.1, 0.5, 0.9]);
  assertEquals([...given.values], [...history.values]);
});

Deno.test("of too many points the best ones stay, and a quarter at most has no response", () => {
  const counts = fc.record({
    measured: fc.integer({ min: 1, max: 200 }),
    failed: fc.integer({ min: 0, max: 200 }),
    running: fc.integer({ min: 0, max: 200 }),
    size: fc.integer({ min: 4, max: 80 }),
  });
  fc.assert(
    fc.property(counts, ({ measured, failed, running, size }) => {
      const y = Float64Array.from({ length: measured }, (_, i) => i);
      const all: History = withStatuses(toHistory(points(measured), y), {
        failed: points(failed),
        running: points(running),
      });
      const shown = condense(all, size);
      const others = shown.failed!.length + shown.running!.length;
      assert(shown.points.length + others <= size);
      assertEquals(shown.points[0], all.points[0]);
      if (measured + failed + running <= size) assertEquals(shown, all);
      else assert(others <= Math.max(size / 4, size - measured));
    }),
    { seed: 1 },
  );
});
