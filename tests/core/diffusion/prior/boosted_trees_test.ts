import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { BoostedTrees } from "../../../../core/diffusion/prior/boosted_trees.ts";
import { Random } from "../../../../core/search/random.ts";
import references from "../goldens/boosted_trees.json" with { type: "json" };

const plain = { trees: 30, depth: 6, learningRate: 0.5, penalty: 0 };

const meanSquare = (values: Float64Array) =>
  values.reduce((sum, v) => sum + v * v, 0) / values.length;

for (const { dimension, options, x, y, queries, predictions } of references) {
  Deno.test(`trees of depth ${options.depth} fitted without penalty are scikit-learn's`, () => {
    const table = { dimension, size: y.length, x: Float64Array.from(x), y: Float64Array.from(y) };
    const trees = BoostedTrees.fit(Random.of(0), table, { ...options, penalty: 0 });
    predictions.forEach((prediction, i) => {
      const point = Float64Array.from(queries.slice(dimension * i, dimension * (i + 1)));
      assertAlmostEquals(trees.value(point), prediction, 1e-12);
    });
  });
}

Deno.test("a penalty shrinks leaves by n / (n + penalty)", () => {
  const table = {
    dimension: 1,
    size: 4,
    x: Float64Array.of(0.1, 0.2, 0.8, 0.9),
    y: Float64Array.of(-1, -1, 1, 1),
  };
  const options = { trees: 1, depth: 1, learningRate: 1, penalty: 2 };
  const trees = BoostedTrees.fit(Random.of(0), table, options);
  assertEquals([0.3, 0.499, 0.501].map((x) => trees.value(Float64Array.of(x))), [-0.5, -0.5, 0.5]);
});

Deno.test("inputs of many values are split at quantiles, closely enough to fit a table", () => {
  const random = Random.of("table");
  const size = 500, dimension = 4;
  const x = random.point(size * dimension);
  const y = Float64Array.from({ length: size }, (_, i) => Math.sin(7 * x[4 * i]) + x[4 * i + 1]);
  const trees = BoostedTrees.fit(random, { dimension, size, x, y }, plain);
  const errors = y.map((value, i) => trees.value(x.subarray(4 * i, 4 * i + 4)) - value);
  assert(meanSquare(errors) < 0.01 * meanSquare(y));
});

Deno.test("values that fill a quantile each, with single values between them, are split exactly", () => {
  // 60 values of fifteen rows and 60 of one row: nearly as many bins as there can be
  const x = Float64Array.from(
    Array.from({ length: 60 }, (_, k) => [...Array(15).fill(k), k + 0.5]).flat(),
    (value) => value / 60,
  );
  const y = x.map((value) => Math.sin(40 * value));
  const options = { trees: 1, depth: 120, learningRate: 1, penalty: 0 };
  const table = { dimension: 1, size: x.length, x, y };
  const trees = BoostedTrees.fit(Random.of(0), table, options);
  x.forEach((value, i) => assertAlmostEquals(trees.value(Float64Array.of(value)), y[i], 1e-12));
});

Deno.test("of inputs that say the same the first is split on, whatever their scale or direction", () => {
  const random = Random.of("copies");
  const size = 100;
  const switches = Array.from({ length: size }, () => random.integer(2));
  const x = Float64Array.from(switches.flatMap((on) => [on * random.uniform(), on, 1 - on]));
  const y = Float64Array.from(switches, (on) => 3 * on + random.normal());
  const trees = BoostedTrees.fit(random, { dimension: 3, size, x, y }, plain);
  for (let i = 0; i < 20; i++) {
    const [a, b, c, d] = [1, 2, 3, 4].map(() => random.uniform());
    const first = random.uniform();
    assertEquals(
      trees.value(Float64Array.of(first, a, b)),
      trees.value(Float64Array.of(first, c, d)),
    );
  }
});

Deno.test("with a share of the inputs a tree, copies are split on as well", () => {
  const random = Random.of("share");
  const size = 50;
  const column = Array.from({ length: size }, () => random.uniform());
  const x = Float64Array.from(column.flatMap((value) => [value, value]));
  const y = Float64Array.from(column, (value) => value);
  const options = { ...plain, inputShare: 0.5 };
  const trees = BoostedTrees.fit(random, { dimension: 2, size, x, y }, options);
  assert(trees.value(Float64Array.of(0.9, 0.1)) !== trees.value(Float64Array.of(0.9, 0.9)));
});

Deno.test("a table of one row or of equal responses gives its mean", () => {
  const one = { dimension: 2, size: 1, x: Float64Array.of(0.2, 0.4), y: Float64Array.of(7) };
  const flat = {
    dimension: 1,
    size: 3,
    x: Float64Array.of(0, 0.5, 1),
    y: Float64Array.of(2, 2, 2),
  };
  assertEquals(BoostedTrees.fit(Random.of(0), one, plain).value(Float64Array.of(1, 1)), 7);
  assertEquals(BoostedTrees.fit(Random.of(0), flat, plain).value(Float64Array.of(0.3)), 2);
});
