import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../../core/search/errors.ts";
import type { Hyperparameters } from "../../../core/search/hyperparameter.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";
import { spaces } from "./_spaces.ts";

const space = new SearchSpace({
  rate: { type: "real", min: 1e-4, max: 1, log: true },
  depth: { type: "integer", min: 1, max: 15 },
  bias: { type: "choice", values: [true, false] },
  booster: { type: "choice", values: ["gbtree", "gblinear", "dart"] },
});
const configuration = { rate: 0.01, depth: 8, bias: false, booster: "dart" } as const;

Deno.test("numbers take one column, a choice of two one, a choice of more one a value, a constant none", () => {
  assertEquals(space.dimension, 6);
  const point = space.encode(configuration);
  [0.5, 0.5, 1, 0, 0, 1].forEach((x, j) => assertAlmostEquals(point[j], x, 1e-12));
  assertEquals(space.size, Infinity);
  const fixed = new SearchSpace({
    one: { type: "constant", value: "x" },
    single: { type: "choice", values: [null] },
    point: { type: "real", min: 0.5, max: 0.5 },
    depth: { type: "integer", min: 0, max: 3 },
  });
  assertEquals(fixed.dimension, 1);
  assertEquals(fixed.size, 4);
  assertEquals(fixed.decode([0.9]), { one: "x", single: null, point: 0.5, depth: 3 });
  assertEquals([...fixed.encode({ one: "x", single: null, point: 0.5, depth: 3 })], [0.875]);
});

Deno.test("each integer, step and ordered value has a cell of equal width and stands at its centre", () => {
  const cells = new SearchSpace({
    units: { type: "integer", min: 10, max: 40, step: 10 },
    rate: { type: "real", min: 0.1, max: 0.3, step: 0.1 },
    size: { type: "ordered", values: ["small", "medium", "large", "huge"] },
  });
  const first = [...cells.encode({ units: 10, rate: 0.1, size: "small" })];
  [1 / 8, 1 / 6, 1 / 8].forEach((x, j) => assertAlmostEquals(first[j], x, 1e-15));
  assertEquals(cells.decode([0.2499, 0.99, 0.51]), { units: 10, rate: 0.3, size: "large" });
  assertEquals(cells.decode([0.2501, 0.34, 0.49]), { units: 20, rate: 0.2, size: "medium" });
  assertEquals(cells.size, 4 * 3 * 4);
});

Deno.test("a logarithmic integer stands where its logarithm is between those of half below and half above", () => {
  const layers = new SearchSpace({ n: { type: "integer", min: 1, max: 4, log: true } });
  const width = Math.log(4.5 / 0.5);
  for (const n of [1, 2, 3, 4]) {
    assertAlmostEquals(layers.encode({ n })[0], Math.log(n / 0.5) / width, 1e-15);
  }
});

Deno.test("an integer of more than 1000 values is a real to an optimizer, and decodes to integers", () => {
  for (const log of [false, true]) {
    const many = new SearchSpace({ n: { type: "integer", min: 1, max: 1e6, log } });
    assertEquals(many.coordinates, [{ kind: "real" }]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (n) => {
        assertEquals(many.decode(many.encode({ n })), { n });
      }),
      { seed: 1 },
    );
    assertEquals([many.decode([0]), many.decode([1])], [{ n: 1 }, { n: 1e6 }]);
  }
});

Deno.test("in any space, encoding what was decoded gives a point that decodes and encodes to itself", () => {
  const cases = spaces.chain((given) => {
    const space = new SearchSpace(given);
    const column = fc.double({ min: 0, max: 1, noNaN: true });
    const { dimension } = space;
    return fc.tuple(
      fc.constant(space),
      fc.array(column, { minLength: dimension, maxLength: dimension }),
    );
  });
  fc.assert(
    fc.property(cases, ([space, point]) => {
      const decoded = space.decode(point);
      const encoded = space.encode(decoded);
      assert(encoded.every((x) => x >= 0 && x <= 1));
      assertEquals(space.decode(encoded), decoded);
      assertEquals(space.encode(space.decode(encoded)), encoded);
      const parsed = SearchSpace.fromJSON(JSON.parse(JSON.stringify(space)));
      assertEquals(parsed.encode(decoded), encoded);
      assertEquals(parsed.difference(space), []);
    }),
    { numRuns: 300, seed: 1 },
  );
});

Deno.test("configurations that are not of the space are refused by name", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ rate: 2 }, "'rate' must be a number from 0.0001 to 1: got 2"],
    [{ rate: "fast" }, "'rate' must be a number from 0.0001 to 1: got \"fast\""],
    [{ rate: NaN }, "'rate' must be a number from 0.0001 to 1: got NaN"],
    [{ rate: "0x1" }, "'rate' must be a number"],
    [{ rate: true }, "'rate' must be a number from 0.0001 to 1: got true"],
    [{ depth: 2.5 }, "'depth' must be an integer from 1 to 15: got 2.5"],
    [{ depth: 16 }, "'depth' must be an integer from 1 to 15: got 16"],
    [{ booster: "tree" }, "'booster' must be one of gbtree, gblinear, dart: got \"tree\""],
    [{ booster: undefined }, "'booster' must be given: got nothing"],
    [{ ratte: 1 }, 'among rate, depth, bias, booster: got "ratte"; did you mean "rate"?'],
  ];
  for (const [change, message] of cases) {
    const given = { ...configuration, ...change } as unknown as typeof configuration;
    assertThrows(() => space.encode(given), InputError, message);
    assert(!space.contains(given));
  }
  assertEquals(space.read({ ...configuration, rate: 2, depth: 16 }).configuration, {
    ...configuration,
    rate: 1,
    depth: 15,
  });
  assertEquals(space.read({ bias: "maybe", x: 1 }).problems.map(({ kind }) => kind), [
    "missing",
    "missing",
    "invalid",
    "missing",
    "unknown",
  ]);
});

Deno.test("spaces that cannot be used are refused by name and field", () => {
  const spaces: [unknown, string][] = [
    [{ type: "float" }, "'type' must be real, integer, choice, ordered or constant of 'x': got"],
    [null, "'type' must be"],
    [{ type: "toString" }, "'type' must be"],
    [{ type: "real", min: 2, max: 1 }, "'min' not above 'max' of 'x': got [2,1]"],
    [{ type: "real", min: 0, max: Infinity }, "got [0,Infinity]"],
    [{ type: "real", min: 0 }, "got [0,null]"],
    [{ type: "real", min: 0, max: 1, log: true }, "'min' must be above 0"],
    [{ type: "real", min: 0, max: 1, log: "yes" }, "'log' must be true or false"],
    [{ type: "real", mim: 0, max: 1 }, 'of \'x\': got "mim"; did you mean "min"?'],
    [{ type: "real", min: 0, max: 1, step: 0.3 }, "'min' plus a multiple of 'step'"],
    [{ type: "integer", min: 0, max: 3, step: 0 }, "'step' must be an integer above 0"],
    [{ type: "integer", min: 0.5, max: 3 }, "must be integers"],
    [{ type: "integer", min: 1, max: 5, step: 2, log: true }, "above half a step"],
    [{ type: "integer", min: 0, max: 2 ** 50 }, "number of values must be below"],
    [{ type: "real", min: 0, max: 1, default: 2 }, "'default' must be a number from 0 to 1"],
    [{ type: "choice", values: ["a", "b"], default: "c" }, "'default' must be one of a, b"],
    [{ type: "choice", values: [] }, "at least one value"],
    [{ type: "choice", values: ["a", "a"] }, "different"],
    [{ type: "choice", values: ["1", 1] }, "unlike those at 0 and 1"],
    [{ type: "ordered", values: ["a", {}] }, "'values[1]' must be a text"],
    [{ type: "constant" }, "'value' must be a text"],
    [{ type: "constant", value: 1 }, "that varies: got constants only (x)"],
  ];
  for (const [one, message] of spaces) {
    assertThrows(() => new SearchSpace({ x: one } as Hyperparameters), InputError, message);
  }
  assertThrows(() => new SearchSpace({}), InputError, "got none");
  for (const value of [null, [], "space"]) {
    assertThrows(() => SearchSpace.fromJSON(value), InputError, "must be an object");
  }
});

Deno.test("the ends of a range decode to its bounds, and no column decodes outside of [0, 1]", () => {
  const fractions = new SearchSpace({ third: { type: "real", min: 1 / 3, max: 2 / 3 } });
  assertEquals(fractions.decode([0]), { third: 1 / 3 });
  assertEquals(fractions.decode([1]), { third: 2 / 3 });
  for (const x of [NaN, -0.1, 1.1]) {
    assertThrows(() => fractions.decode([x]), RangeError, `got ${x}`);
  }
  assertThrows(() => fractions.decode([0, 0]), RangeError, "must have 1 columns: got 2");
});

Deno.test("defaults give a configuration, with the middle or the first value for what has none", () => {
  const some = new SearchSpace({
    rate: { type: "real", min: 1e-4, max: 1, log: true },
    kernel: { type: "choice", values: ["rbf", "poly", "linear"], default: "poly" },
    degree: { type: "integer", min: 2, max: 5, when: { kernel: "poly" } },
    size: { type: "ordered", values: [1, 2, 4], default: 4 },
    gamma: { type: "real", min: 0, max: 1, default: 0.1, when: { kernel: "rbf" } },
  });
  assertEquals(some.defaults, { rate: 0.01, kernel: "poly", degree: 3, size: 4 });
  assertEquals(space.defaults, undefined);
});

Deno.test("a name may be any text", () => {
  const names = ["__proto__", "constructor", "", "a.b/c", "läuft 🏃", "toString", '"'];
  const odd = SearchSpace.fromJSON(JSON.parse(
    `{${
      names.map((name) => `${JSON.stringify(name)}: {"type": "integer", "min": 0, "max": 1}`).join()
    }}`,
  ));
  const decoded = odd.decode(names.map((_, i) => i % 2));
  assertEquals(Object.keys(decoded), names);
  assertEquals(Object.values(decoded), names.map((_, i) => i % 2));
  assertEquals(odd.decode(odd.encode(decoded)), decoded);
  assertEquals(JSON.parse(JSON.stringify(decoded)), decoded);
  assertThrows(
    () => space.encode({ ...configuration, toString: 1 } as typeof configuration),
    InputError,
  );
});

Deno.test("a choice may have a thousand values", () => {
  const values = Array.from({ length: 1000 }, (_, i) => `model-${i}`);
  const huge = new SearchSpace({ model: { type: "choice", values } });
  assertEquals(huge.dimension, 1000);
  assertEquals(huge.decode(huge.encode({ model: "model-700" })), { model: "model-700" });
  assertEquals(huge.size, 1000);
});

Deno.test("a space is not changed by what is done to the object it was made from", () => {
  const given = { n: { type: "integer" as const, min: 0, max: 3, default: 1 } };
  const kept = new SearchSpace(given);
  Object.assign(given.n, { max: 9, default: 8 });
  assertEquals(kept.toJSON(), { n: { type: "integer", min: 0, max: 3, default: 1 } });
  assertEquals(kept.defaults, { n: 1 });
});

Deno.test("what differs between two spaces is said one by one", () => {
  const other = SearchSpace.fromJSON({
    rate: { type: "real", min: 1e-4, max: 2, log: true },
    depth: { type: "integer", min: 1, max: 15, step: 1 },
    booster: { type: "choice", values: ["gbtree", "gblinear"] },
    dropout: { type: "real", min: 0, max: 1 },
  });
  assertEquals(space.difference(other), [
    "'bias' is only in the first",
    "'dropout' is only in the second",
    "'max' of 'rate' is 1 in the first and 2 in the second",
    `'values' of 'booster' is ["gbtree","gblinear","dart"] in the first and ` +
    `["gbtree","gblinear"] in the second`,
  ]);
});

Deno.test("a default that cannot be copied is refused: a function, or nesting of thousands of levels", () => {
  let deep: unknown = 0;
  for (let level = 0; level < 20_000; level++) deep = [deep];
  for (const wrong of [deep, () => 0]) {
    const real = { type: "real" as const, min: 0, max: 1, default: wrong as number };
    assertThrows(() => new SearchSpace({ x: real }), InputError, "'x' must be plain data");
  }
});
