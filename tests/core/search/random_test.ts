import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { deriveSeed, Random } from "../../../core/search/random.ts";

const draws = (random: Random, n: number) => Array.from({ length: n }, () => random.uniform());

Deno.test("equal keys give equal streams and different keys different ones", () => {
  const part = fc.oneof(fc.integer(), fc.string());
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      assertEquals(draws(Random.of(...a), 4), draws(Random.of(...a), 4));
      if (!same) assertNotEquals(draws(Random.of(...a), 4), draws(Random.of(...b), 4));
    }),
    { seed: 1 },
  );
});

Deno.test("a number and the string of its digits are different keys", () => {
  assertNotEquals(deriveSeed(1), deriveSeed("1"));
  assertNotEquals(deriveSeed("ab", "c"), deriveSeed("a", "bc"));
});

Deno.test("a stream continues exactly from its saved state, also between two normals", () => {
  const random = Random.of("state", 7);
  random.normal(); // leaves the second normal of the pair in the state
  const copy = Random.fromState(JSON.parse(JSON.stringify(random.state)));
  assertEquals(
    Array.from({ length: 9 }, () => random.normal()),
    Array.from({ length: 9 }, () => copy.normal()),
  );
});

Deno.test("uniforms and normals have their moments, and neighbouring keys are uncorrelated", () => {
  const n = 20000;
  let sum = 0, squares = 0, normals = 0, normalSquares = 0, product = 0;
  for (let i = 0; i < n; i++) {
    const random = Random.of("moments", i);
    const u = random.uniform();
    const z = random.normal();
    sum += u, squares += u * u, normals += z, normalSquares += z * z;
    product += (u - 0.5) * (Random.of("moments", i + 1).uniform() - 0.5);
  }
  assertAlmostEquals(sum / n, 1 / 2, 4 * Math.sqrt(1 / 12 / n));
  assertAlmostEquals(squares / n, 1 / 3, 4 * Math.sqrt(4 / 45 / n));
  assertAlmostEquals(normals / n, 0, 4 / Math.sqrt(n));
  assertAlmostEquals(normalSquares / n, 1, 4 * Math.sqrt(2 / n));
  assertAlmostEquals(product / n, 0, 4 / 12 / Math.sqrt(n));
});

Deno.test("a permutation holds every index once and integers stay in range", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, n) => {
      const random = Random.of(seed);
      assertEquals([...random.permutation(n)].sort((a, b) => a - b), [...Array(n).keys()]);
      const k = random.integer(n);
      assert(Number.isInteger(k) && k >= 0 && k < n);
    }),
    { seed: 1 },
  );
});
