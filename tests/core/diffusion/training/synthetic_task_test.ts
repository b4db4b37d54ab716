import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  columnsOf,
  dimensionOf,
  readValues,
  snap,
  valuesOf,
} from "../../../../core/search/coordinates.ts";
import { Random } from "../../../../core/search/random.ts";
import { drawSpace } from "../../../../core/diffusion/training/random_space.ts";
import { SyntheticTask } from "../../../../core/diffusion/training/synthetic_task.ts";

const anyTask = fc.record({
  seed: fc.integer(),
  dimension: fc.integer({ min: 1, max: 30 }),
  isMixed: fc.boolean(),
});

Deno.test("a random space has exactly the columns that were asked for, and valid conditions", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, columns) => {
      const space = drawSpace(Random.of(seed), columns);
      assertEquals(dimensionOf(space), columns);
      space.forEach((coordinate, i) => {
        for (const { parent, values } of coordinate.when ?? []) {
          assert(parent < i);
          assert(values.length > 0 && values.length < valuesOf(space[parent]));
        }
      });
    }),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("all kinds of hyperparameters occur in random spaces, conditional ones among them", () => {
  const random = Random.of("kinds");
  const all = Array.from({ length: 60 }, () => drawSpace(random, 12)).flat();
  for (const kind of ["real", "levels", "choice"]) {
    assert(all.filter((coordinate) => coordinate.kind === kind).length > 50, kind);
  }
  assert(all.some((coordinate) => columnsOf(coordinate) > 2));
  assert(all.filter(({ when }) => when !== undefined).length > 10);
});

Deno.test("columns are points of the space, and say what the inputs say", () => {
  fc.assert(
    fc.property(anyTask, ({ seed, dimension, isMixed }) => {
      const random = Random.of("columns", seed);
      const shape = { dimension, isMixed };
      const task = SyntheticTask.draw(random, shape, { surface: { surrogateShare: 0 } });
      const points = random.point(task.dimension * 5);
      const columns = task.encode(points);
      assertEquals(columns.length, dimension * 5);
      if (task.coordinates !== undefined) {
        for (let i = 0; i < 5; i++) {
          const point = columns.slice(i * dimension, (i + 1) * dimension);
          assertEquals(snap(point, task.coordinates), point);
        }
      }
      const decoded = task.decode(columns, dimension);
      assertEquals(task.encode(decoded), columns);
      assertEquals(task.evaluate(decoded), task.evaluate(points));
    }),
    { seed: 1, numRuns: 100 },
  );
});

Deno.test("the response does not depend on a hyperparameter that is inactive", () => {
  let inactive = 0;
  for (let seed = 0; seed < 120; seed++) {
    const random = Random.of("inactive", seed);
    const task = SyntheticTask.draw(random, { dimension: 14, isMixed: true }, { failingShare: 0 });
    const point = random.point(task.dimension);
    const values = readValues(task.encode(point), task.coordinates!);
    const other = point.map((x, i) => Number.isNaN(values[i]) ? random.uniform() : x);
    assertEquals(task.evaluate(other), task.evaluate(point));
    inactive += values.filter(Number.isNaN).length;
  }
  assert(inactive > 10);
});

Deno.test("a failing region takes 5 to 50 % of the cube, where it is asked for", () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = Random.of("failing", seed);
    const shape = { dimension: 5, isMixed: false };
    const failing = SyntheticTask.draw(random, shape, { failingShare: 1, noisyShare: 0 });
    const responses = failing.evaluate(random.point(5 * 2000));
    const share = responses.filter((response) => response === -Infinity).length / 2000;
    assert(share > 0.005 && share < 0.7, `${share} fail`);
    const plain = SyntheticTask.draw(random, shape, { failingShare: 0 });
    assert(plain.evaluate(random.point(5 * 200)).every(Number.isFinite));
  }
});

Deno.test("measurements scatter by the task's noise around the response", () => {
  const random = Random.of("noise");
  const shape = { dimension: 3, isMixed: false };
  const task = SyntheticTask.draw(random, shape, { noisyShare: 1, failingShare: 0 });
  const responses = task.evaluate(random.point(3 * 4000));
  const errors = task.measure(random, responses).map((value, i) => value - responses[i]);
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  assertAlmostEquals(deviation / task.noise, 1, 0.05);
  const exact = SyntheticTask.draw(random, shape, { noisyShare: 0 });
  assertEquals(exact.measure(random, responses), responses);
});

Deno.test("of given tables, surfaces are fitted to random rows, and follow them", () => {
  const random = Random.of("tables");
  const size = 300, dimension = 2;
  const x = random.point(size * dimension);
  const y = Float64Array.from({ length: size }, (_, i) => x[2 * i] - 2 * x[2 * i + 1]);
  const shape = { dimension, isMixed: false };
  const options = { tableShare: 1, noisyShare: 0, failingShare: 0 };
  const task = SyntheticTask.draw(random, shape, options, [{ dimension, size, x, y }]);
  const table = task.table!;
  assert(table.size >= size / 2 && table.size <= size);
  const fitted = task.evaluate(table.x);
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value ** 2, 0);
  const mean = table.y.reduce((a, b) => a + b, 0) / table.size;
  const left = squares(fitted.map((value, i) => value - table.y[i])) /
    squares(table.y.map((value) => value - mean));
  assert(left < 0.1, `${left} of the variance is left`);
  // A table of another dimension says nothing of the task.
  const other = SyntheticTask.draw(random, { dimension: 3, isMixed: false }, options, [table]);
  assertEquals(other.dimension, 3);
});
