import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DiffusionSearch } from "../../../core/diffusion/diffusion_search.ts";
import { Random } from "../../../core/search/random.ts";
import { hartmann3 } from "../../../tasks/shared/synthetic_functions.ts";
import { defaultRefinements, refine } from "../../../core/diffusion/refinement.ts";

/** A score of single points as refine wants it. */
const each = (score: (point: Float64Array) => number) => (points: readonly Float64Array[]) =>
  Promise.resolve(points.map(score));

/** exp of a parabola in every coordinate, highest at `top`. */
const bump = (top: number[]) => (point: Float64Array) =>
  Math.exp(-point.reduce((sum, x, j) => sum + (j + 1) * (x - top[j]) ** 2, 0));

Deno.test("the top of a parabola is found in one round if it is a step away", async () => {
  const top = [0.33, 0.61, 0.98];
  const found = await refine(Float64Array.of(0.3, 0.7, 0.9), 1, each(bump(top)));
  found.forEach((x, j) => assertAlmostEquals(x, top[j], 1e-9));
});

Deno.test("a top outside of the cube is sought at its border, also from there", async () => {
  const found = await refine(Float64Array.of(0.05, 1), 2, each(bump([-0.2, 0.9])));
  assertAlmostEquals(found[0], 0, 1e-9);
  assertAlmostEquals(found[1], 0.9, 1e-9);
});

Deno.test("steps are at most .1 and halve, so that a sample stays near where it was drawn", async () => {
  const start = Float64Array.of(0.1, 0.1);
  const once = await refine(start, 1, each(bump([0.9, 0.9])));
  once.forEach((x) => assertAlmostEquals(x, 0.2, 1e-9));
  const often = await refine(start, 10, each(bump([0.9, 0.9])));
  assert(often.every((x) => x > 0.29 && x <= 0.3), `${often}`);
});

Deno.test("whatever the score, the point stays in the cube and scores no lower", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.integer({ min: 1, max: 8 }),
      fc.nat(6),
      async (seed, dimension, rounds) => {
        const random = Random.of(seed);
        const start = random.point(dimension);
        const waves = random.point(dimension).map((w) => 40 * w);
        const score = (point: Float64Array): number =>
          Math.exp(
            point.reduce((sum, x, j) => sum + 3 * Math.sin(waves[j] * x + 20 * point[0]), 0),
          );
        const found = await refine(start, rounds, each(score));
        assert(found.every((x) => x >= 0 && x <= 1));
        assert(score(found) >= score(start));
      },
    ),
    { seed: 1 },
  );
});

Deno.test("equal scores and no rounds leave a point where it is", async () => {
  const start = Float64Array.of(0.2, 0.8);
  assertEquals(await refine(start, 4, each(() => 0.5)), start);
  assertEquals(await refine(start, 0, each(bump([0.3, 0.7]))), start);
});

Deno.test("samples are refined by default with few hyperparameters alone", async () => {
  assertEquals([1, 4, 8, 12, 16].map(defaultRefinements), [4, 4, 2, 0, 0]);
  const suggest = async (dimension: number, refinements?: number): Promise<number[]> => {
    const random = Random.of("refined", dimension);
    const x = Array.from({ length: 8 }, () => random.point(dimension));
    const y = Float64Array.from(x, (point) => Math.log(bump(Array(dimension).fill(0.4))(point)));
    const settings = refinements === undefined ? {} : { refinements };
    return [
      ...await new DiffusionSearch({ denoisingSteps: 4, ...settings }).observeAndSuggest({
        points: x,
        responses: y,
      }),
    ];
  };
  assertEquals(await suggest(12), await suggest(12, 0));
  assertEquals(await suggest(3), await suggest(3, 4));
  const [refined, drawn] = [await suggest(3), await suggest(3, 0)];
  assert(refined.some((x, j) => x !== drawn[j]));
});

Deno.test("on a smooth function, refined samples are more often better than worse", async () => {
  let better = 0, worse = 0;
  for (let seed = 0; seed < 120; seed++) {
    const random = Random.of("smooth", seed);
    const x = Array.from({ length: 25 }, () => random.point(3));
    const y = Float64Array.from(x, hartmann3.evaluate);
    const [drawn, refined] = await Promise.all([0, 4].map(async (refinements) => {
      const search = new DiffusionSearch({ seed, localShare: 0, refinements });
      return hartmann3.evaluate(await search.observeAndSuggest({ points: x, responses: y }));
    }));
    if (refined > drawn) better++;
    if (refined < drawn) worse++;
  }
  assert(better >= 1.5 * worse, `better ${better} times, worse ${worse} times`);
});
