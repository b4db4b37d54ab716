import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Gate } from "../../../../core/diffusion/prior/gate.ts";
import { drawTablePoints } from "../../../../core/diffusion/prior/table.ts";
import { Random } from "../../../../core/search/random.ts";

const columnsOf = (points: Float64Array, dimension: number) =>
  Array.from({ length: dimension }, (_, j) => [...points].filter((_, o) => o % dimension === j));

Deno.test("a table holds as many points of the cube as asked for", () => {
  const counts = fc.integer({ min: 1, max: 50 }), dimensions = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(fc.integer(), counts, dimensions, (seed, count, dimension) => {
      const random = Random.of(seed);
      const gate = Gate.draw(random, dimension);
      const points = drawTablePoints(random, { dimension, count, gate });
      assertEquals(points.length, count * dimension);
      assert(points.every((x) => x >= 0 && x <= 1));
    }),
    { seed: 1 },
  );
});

Deno.test("some inputs are binary, some constant, most uniform", () => {
  const random = Random.of("kinds");
  let binary = 0, constant = 0;
  const others: number[] = [];
  for (let i = 0; i < 300; i++) {
    const points = drawTablePoints(random, {
      dimension: 6,
      count: 30,
      gate: undefined,
      skewedShare: 0,
    });
    for (const column of columnsOf(points, 6)) {
      const values = new Set(column);
      if (values.size === 1) constant++;
      else if (values.size === 2) binary++;
      else others.push(...column);
    }
  }
  assertAlmostEquals(binary / 1800, 0.6 * 0.3 * (1 - 0.6 * 0.15), 0.06);
  assertAlmostEquals(constant / 1800, 0.6 * 0.15, 0.05);
  assertAlmostEquals(others.reduce((sum, x) => sum + x, 0) / others.length, 0.5, 0.01);
});

Deno.test("a skewed input is denser at one end, no end more often than the other", () => {
  const random = Random.of("skew");
  const spread = (skewedShare: number) => {
    const means = Array.from({ length: 200 }, () => {
      const points = drawTablePoints(random, {
        dimension: 4,
        count: 60,
        gate: undefined,
        skewedShare,
      });
      return columnsOf(points, 4).filter((column) => new Set(column).size > 2)
        .map((column) => column.reduce((sum, x) => sum + x, 0) / column.length);
    }).flat();
    const mean = means.reduce((sum, m) => sum + m, 0) / means.length;
    assertAlmostEquals(mean, 0.5, 0.04);
    return Math.sqrt(means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / means.length);
  };
  assert(spread(1) > 2 * spread(0));
});

Deno.test("a gate that shows imputes what it controls and is copied by other inputs", () => {
  const random = Random.of("gate shows");
  let copies = 0;
  for (let i = 0; i < 100; i++) {
    const dimension = 8, count = 40;
    const gate = Gate.draw(random, dimension);
    const points = drawTablePoints(random, { dimension, count, gate, imputedShare: 1 });
    const isClosed = Array.from(
      { length: count },
      (_, k) => gate.isClosed(points.subarray(k * dimension, (k + 1) * dimension)),
    );
    if (isClosed.every((closed) => closed) || isClosed.every((closed) => !closed)) continue;
    columnsOf(points, dimension).forEach((column, j) => {
      if (j === gate.input) return;
      const whileClosed = new Set(column.filter((_, k) => isClosed[k]));
      const whileOpen = new Set(column.filter((_, k) => !isClosed[k]));
      if (gate.controlled.includes(j)) {
        assertEquals(whileClosed.size, 1);
        assert([0, 1].includes([...whileClosed][0]));
      }
      const isCopy = whileOpen.size === 1 && whileClosed.size === 1 &&
        [...whileOpen][0] !== [...whileClosed][0];
      if (isCopy) copies++;
    });
  }
  assert(copies > 30);
});

Deno.test("a gate that does not show leaves the inputs that it controls as they are", () => {
  const random = Random.of("gate hidden");
  const gate = Gate.draw(random, 5);
  const options = { dimension: 5, count: 20, skewedShare: 0, imputedShare: 0 };
  const binary = (points: Float64Array) =>
    columnsOf(points, 5).filter((column) => new Set(column).size === 2).length;
  const tables = Array.from({ length: 200 }, () => drawTablePoints(random, { ...options, gate }));
  const mean = tables.reduce((sum, points) => sum + binary(points), 0) / 200;
  // the gate in 70 %, and .6 x .3 of the others
  assertAlmostEquals(mean, 0.7 + 4 * 0.18 * 0.91, 0.4);
});
