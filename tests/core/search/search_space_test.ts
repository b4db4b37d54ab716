import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../../core/search/errors.ts";
import { type Hyperparameter, SearchSpace } from "../../../core/search/search_space.ts";

const space = new SearchSpace({
  rate: { type: "real", min: 1e-4, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
  bias: { type: "choice", values: [true, false] },
  booster: { type: "choice", values: ["gbtree", "gblinear", "dart"] },
});
const configuration = { rate: 0.01, depth: 8, bias: false, booster: "dart" };

Deno.test("numbers take one coordinate, a choice of two one, a choice of more one a value", () => {
  assertEquals(space.dimension, 6);
  const point = space.encode(configuration);
  [0.5, 0.5, 1, 0, 0, 1].forEach((x, j) => assertAlmostEquals(point[j], x, 1e-12));
});

Deno.test("a configuration survives encoding and decoding", () => {
  const configurations = fc.record({
    rate: fc.double({ min: 1e-4, max: 1, noNaN: true }),
    depth: fc.integer({ min: 1, max: 15 }),
    bias: fc.boolean(),
    booster: fc.constantFrom("gbtree", "gblinear", "dart"),
  });
  fc.assert(fc.property(configurations, (given) => {
    const point = space.encode(given);
    assert(point.every((x) => x >= 0 && x <= 1));
    const { rate, ...rest } = space.decode(point);
    const { rate: givenRate, ...givenRest } = given;
    assertEquals(rest, givenRest);
    assertAlmostEquals(Number(rate), givenRate, 1e-9 * givenRate);
  }));
});

Deno.test("any point of the cube is a configuration within its ranges", () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(fc.array(coordinate, { minLength: 6, maxLength: 6 }), (point) => {
    const decoded = space.decode(Float64Array.from(point));
    space.encode(decoded); // refuses what is out of range
  }));
});

Deno.test("text is read as numbers and choices, as it comes from a CSV file", () => {
  const text = { rate: "0.01", depth: "8", bias: "false", booster: "dart" };
  assertEquals(space.encode(text), space.encode(configuration));
});

Deno.test("configurations and spaces that cannot be used are refused by name", () => {
  const cases: [Record<string, string | number>, string][] = [
    [{ rate: 2 }, "'rate' must be a number from 0.0001 to 1: got 2"],
    [{ rate: "fast" }, "'rate' must be a number"],
    [{ depth: 2.5 }, "'depth' must be an integer: got 2.5"],
    [{ booster: "tree" }, "'booster' must be one of gbtree, gblinear, dart: got \"tree\""],
    [{ speed: 1 }, 'must be among rate, depth, bias, booster: got "speed"'],
  ];
  for (const [change, message] of cases) {
    assertThrows(() => space.encode({ ...configuration, ...change }), InputError, message);
  }
  const { rate: _, ...incomplete } = configuration;
  assertThrows(() => space.encode(incomplete), InputError, "'rate' must be");
  const spaces: [unknown, string][] = [
    [{ type: "float" }, "'type' must be real, integer or choice"],
    [{ type: "real", min: 1, max: 1 }, "'min' must be below 'max'"],
    [{ type: "real", min: 0, max: 1, log: true }, "'min' must be above 0"],
    [{ type: "integer", min: 0.5, max: 3 }, "must be integers"],
    [{ type: "choice", values: ["a"] }, "at least two values"],
    [{ type: "choice", values: ["a", "a"] }, "different values"],
  ];
  for (const [one, message] of spaces) {
    assertThrows(() => new SearchSpace({ x: one as Hyperparameter }), InputError, message);
  }
  assertThrows(() => new SearchSpace({}), InputError, "got none");
});

Deno.test("the ends of a range decode to numbers in it, and no coordinate decodes outside of [0, 1]", () => {
  const fractions = new SearchSpace({ third: { type: "real", min: 1 / 3, max: 2 / 3 } });
  for (const end of [0, 1]) fractions.encode(fractions.decode(Float64Array.of(end)));
  for (const x of [NaN, -0.1, 1.1]) {
    assertThrows(() => fractions.decode(Float64Array.of(x)), RangeError, `got ${x}`);
  }
});
