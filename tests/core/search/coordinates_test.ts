import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Coordinate,
  dimensionOf,
  drawPoint,
  gridPoints,
  gridSize,
  readValues,
  snap,
  standsFor,
  writeValues,
} from "../../../core/search/coordinates.ts";
import { Random } from "../../../core/search/random.ts";

const coordinates: readonly Coordinate[] = [
  { kind: "choice", count: 3 },
  { kind: "levels", positions: [0.1, 0.2, 0.9], when: [{ parent: 0, values: [1] }] },
  { kind: "choice", count: 2, when: [{ parent: 1, values: [0, 2] }] },
];
const withReal: readonly Coordinate[] = [...coordinates, { kind: "real" }];

const cube = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });

Deno.test("a conditional coordinate has a column more than its own", () => {
  assertEquals(coordinates.map((one) => dimensionOf([one])), [3, 2, 2]);
});

Deno.test("snapping takes the largest column of a block, the nearest level, and zeroes what is inactive", () => {
  assertEquals([...snap([0.2, 0.9, 0.3, 0.7, 0.4, 0.6, 0.2], coordinates)], [
    0,
    1,
    0,
    0.9,
    0,
    1,
    0,
  ]);
  assertEquals([...snap([0.2, 0.9, 0.3, 0.18, 1, 0.6, 0], coordinates)], [0, 1, 0, 0.2, 0, 0, 1]);
  assertEquals([...snap([0.9, 0.8, 0.3, 0.7, 0, 0.6, 0], coordinates)], [1, 0, 0, 0, 1, 0, 1]);
});

Deno.test("snapping again changes nothing", () => {
  fc.assert(
    fc.property(cube, (point) => {
      const once = snap(point, withReal);
      assertEquals(snap(once, withReal), once);
    }),
    { seed: 1 },
  );
});

Deno.test("a point stands for values when snapping gives the point that they are written as", () => {
  const coarse = fc.array(fc.constantFrom(0, 0.2, 0.5, 1), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(coarse, coarse, (point, other) => {
      const values = readValues(other, withReal);
      const isSame = String(snap(point, withReal)) === String(writeValues(values, withReal));
      assertEquals(standsFor(point, values, withReal), isSame);
    }),
    { seed: 2, numRuns: 2000 },
  );
});

Deno.test("a level is chosen up to halfway to the next, and the higher one from there on", () => {
  const levels: readonly Coordinate[] = [{ kind: "levels", positions: [0, 0.5, 1] }];
  assertEquals([0, 0.24, 0.25, 0.74, 0.75, 1].map((x) => readValues([x], levels)[0]), [
    0,
    0,
    1,
    1,
    2,
    2,
  ]);
});

Deno.test("the size of a finite space is the number of its points, conditions included", () => {
  const points = [...gridPoints(coordinates)];
  assertEquals(gridSize(coordinates), 7); // 2 choices without children; 3 levels, of which two have 2 children
  assertEquals(points.length, 7);
  assertEquals(new Set(points.map(String)).size, 7);
  for (const point of points) assertEquals(snap(point, coordinates), point);
});

/** Finite spaces in which children have up to three parents. */
const finite: fc.Arbitrary<Coordinate[]> = fc.array(
  fc.record({
    count: fc.integer({ min: 2, max: 3 }),
    when: fc.array(
      fc.record({ parent: fc.nat(), values: fc.uniqueArray(fc.nat(1), { minLength: 1 }) }),
      { maxLength: 3 },
    ),
  }),
  { minLength: 1, maxLength: 6 },
).map((list) =>
  list.map(({ count, when }, i): Coordinate => ({
    kind: "choice",
    count,
    ...(i === 0 || when.length === 0
      ? {}
      : { when: when.map(({ parent, values }) => ({ parent: parent % i, values })) }),
  }))
);

Deno.test("the size is right however conditions are nested and however many parents they have", () => {
  fc.assert(
    fc.property(finite, (coordinates) => {
      assertEquals(gridSize(coordinates), [...gridPoints(coordinates)].length);
    }),
    { seed: 1 },
  );
});

Deno.test("a space with a real that can be active is infinite", () => {
  assertEquals(gridSize(withReal), Infinity);
  const never: Coordinate = { kind: "real", when: [{ parent: 0, values: [] }] };
  assertEquals(gridSize([...coordinates, never]), 7);
});

Deno.test("drawn points belong to the space, and every one of a small space is drawn", () => {
  const random = Random.of("draw"), seen = new Set<string>();
  for (let k = 0; k < 300; k++) {
    const point = drawPoint(random, coordinates);
    assertEquals(snap(point, coordinates), point);
    seen.add(String(point));
  }
  assert(seen.size === 7, `${seen.size} of 7`);
});
