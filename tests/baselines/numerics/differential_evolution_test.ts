import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { maximizeByEvolution } from "../../../baselines/numerics/differential_evolution.ts";
import { sobolPoints } from "../../../core/numerics/sobol.ts";
import { Random } from "../../../core/search/random.ts";
import {
  ackley,
  hartmann6,
  type SyntheticFunction,
} from "../../../tasks/shared/synthetic_functions.ts";

function valuesOf(target: SyntheticFunction, points: Float64Array): Float64Array {
  const d = target.dimension;
  return Float64Array.from(
    { length: points.length / d },
    (_, i) => target.evaluate(points.subarray(i * d, (i + 1) * d)),
  );
}

for (const [target, tolerance] of [[hartmann6, 1e-3], [ackley(4), 1e-3]] as const) {
  Deno.test(`differential evolution finds the maximum of ${target.name}`, () => {
    const best = maximizeByEvolution((points) => valuesOf(target, points), {
      population: sobolPoints(90, target.dimension),
      dimension: target.dimension,
      generations: 150,
    }, Random.of("evolution", target.name));
    assertAlmostEquals(target.evaluate(best), target.maximum, tolerance);
  });
}

Deno.test("every trial point is in the cube, also when the maximum is a corner", () => {
  const best = maximizeByEvolution(
    (points) => {
      assert(points.every((v) => v >= 0 && v <= 1));
      return valuesOf({
        name: "sum",
        dimension: 3,
        maximum: 3,
        evaluate: (x) => x[0] + x[1] + x[2],
      }, points);
    },
    { population: sobolPoints(45, 3), dimension: 3, generations: 100 },
    Random.of("corner"),
  );
  best.forEach((v) => assertAlmostEquals(v, 1, 0.02));
});

Deno.test("without generations the best of the population is returned", () => {
  const population = sobolPoints(8, 2), values = Float64Array.of(0, 1, 2, 9, 4, 5, 6, 7);
  const best = maximizeByEvolution(
    () => values,
    { population, dimension: 2, generations: 0 },
    Random.of(0),
  );
  assertEquals(best, population.slice(6, 8));
});
