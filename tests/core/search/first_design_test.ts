import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { firstDesignPoint } from "../../../core/search/first_design.ts";

const design = (dimension: number, seed: number, count: number): Float64Array[] =>
  Array.from({ length: count }, (_, index) => firstDesignPoint({ dimension, index, seed }));

Deno.test("a first design begins with the centre and goes on with points that fill the cube", () => {
  const [centre, ...others] = design(3, 1, 17);
  assertEquals([...centre], [0.5, 0.5, 0.5]);
  for (let j = 0; j < 3; j++) { // sixteen Sobol points: one in every sixteenth of every axis
    const strata = new Set(others.map((point) => Math.floor(16 * point[j])));
    assertEquals(strata.size, 16);
  }
});

Deno.test("designs of other seeds share the centre alone, and those of many dimensions exist", () => {
  const [a, b] = [design(2, 1, 3), design(2, 2, 3)];
  assertEquals(a[0], b[0]);
  assertNotEquals(a[1], b[1]);
  assert(design(100, 0, 3).every((point) => point.every((x) => x >= 0 && x < 1)));
});

Deno.test("with coordinates the design consists of points of the space", () => {
  const coordinates = [{ kind: "choice", count: 3 }, {
    kind: "levels",
    positions: [0.25, 0.75],
  }] as const;
  const point = firstDesignPoint({ dimension: 4, index: 0, seed: 0, coordinates });
  assertEquals([...point], [1, 0, 0, 0.75]);
});
