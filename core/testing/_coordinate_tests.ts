/**
 * What an algorithm does with the meaning of the columns.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Coordinate, dimensionOf, gridSize, snap } from "../search/coordinates.ts";
import { ExhaustedError } from "../search/errors.ts";
import type { AlgorithmFactory, ConformanceTest } from "./conformance.ts";
import { assertPoint } from "./_histories.ts";

/** Every kind of coordinate, with one that is switched on by a choice, and one by a level. */
const mixed: readonly Coordinate[] = [
  { kind: "choice", count: 3 },
  { kind: "real" },
  { kind: "levels", positions: [0.125, 0.375, 0.625, 0.875] },
  { kind: "real", when: [{ parent: 0, values: [0, 2] }] },
  { kind: "choice", count: 2, when: [{ parent: 2, values: [3] }] },
];

/** Twelve points in all. */
const small: readonly Coordinate[] = [
  { kind: "choice", count: 3 },
  { kind: "levels", positions: [0.125, 0.375, 0.625, 0.875] },
];

const respond = (point: Float64Array): number => -point.reduce((sum, x) => sum + (x - 0.4) ** 2, 0);

/** The tests of an algorithm with coordinates. */
export function coordinateTests(name: string, factory: AlgorithmFactory): ConformanceTest[] {
  const test = (title: string, run: () => Promise<void>): ConformanceTest => ({
    name: `${name} ${title}`,
    run,
  });
  /** Points of trials that follow each other, by one algorithm. */
  const search = async (
    coordinates: readonly Coordinate[],
    trials: number,
    options: { repeats?: boolean } = {},
  ): Promise<Float64Array[]> => {
    const algorithm = await factory(1), points: Float64Array[] = [];
    for (let trial = 0; trial < trials; trial++) {
      const observed = { points, responses: points.map(respond) };
      points.push(await algorithm.observeAndSuggest(observed, { ...options, coordinates }));
    }
    return points;
  };

  return [
    test("suggests points of a mixed, conditional space: levels and blocks exact", async () => {
      for (const point of await search(mixed, 12)) {
        assertPoint(point, dimensionOf(mixed));
        assertEquals(snap(point, mixed), point);
      }
    }),
    test("tries every point of a small space once, then says that none is left", async () => {
      const size = gridSize(small), points = await search(small, size);
      assertEquals(new Set(points.map(String)).size, size);
      const observed = { points, responses: points.map(respond) };
      const algorithm = await factory(1);
      await assertRejects(
        () => algorithm.observeAndSuggest(observed, { coordinates: small }),
        ExhaustedError,
        `all ${size} were`,
      );
      const again = await algorithm.observeAndSuggest(observed, {
        coordinates: small,
        repeats: true,
      });
      assert(points.some((point) => String(point) === String(again)), "repeats are allowed");
    }),
    test("does not suggest a configuration that is running", async () => {
      const [first, ...running] = await search(small, gridSize(small) - 1);
      const observed = { points: [first], responses: [0], running };
      const last = await (await factory(2)).observeAndSuggest(observed, { coordinates: small });
      assert([first, ...running].every((point) => String(point) !== String(last)), `${last}`);
    }),
  ];
}
