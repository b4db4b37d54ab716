import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";

const space = new SearchSpace({
  momentum: { type: "real", min: 0, max: 1, when: { optimizer: "sgd" } },
  optimizer: { type: "choice", values: ["sgd", "adam", "lbfgs"] },
  schedule: { type: "choice", values: ["none", "step"], when: { optimizer: ["sgd", "adam"] } },
  every: { type: "integer", min: 1, max: 4, when: { schedule: "step" } },
  clip: { type: "constant", value: 1, when: { optimizer: "sgd" } },
});

Deno.test("an inactive hyperparameter is absent, and its columns are 0 with a 1 behind them", () => {
  // Columns: optimizer (3), momentum and whether it is inactive, schedule and, every and.
  assertEquals(space.dimension, 9);
  assertEquals(space.coordinates, [
    { kind: "choice", count: 3 },
    { kind: "real", when: [{ parent: 0, values: [0] }] },
    { kind: "choice", count: 2, when: [{ parent: 0, values: [0, 1] }] },
    { kind: "levels", positions: [0.125, 0.375, 0.625, 0.875], when: [{ parent: 2, values: [1] }] },
  ]);
  const lbfgs = { optimizer: "lbfgs" } as const;
  assertEquals([...space.encode(lbfgs)], [0, 0, 1, 0, 1, 0, 1, 0, 1]);
  assertEquals(space.decode([0, 0, 1, 0.7, 0, 1, 0, 0.4, 0]), lbfgs);
  const sgd = { momentum: 0.5, optimizer: "sgd", schedule: "step", every: 2, clip: 1 } as const;
  assertEquals([...space.encode(sgd)], [1, 0, 0, 0.5, 0, 1, 0, 0.375, 0]);
  assertEquals(Object.entries(space.decode(space.encode(sgd))), Object.entries(sgd));
});

Deno.test("a value of an inactive hyperparameter is refused unless it is missing", () => {
  const given = { optimizer: "lbfgs", momentum: 0.9 } as const;
  assertThrows(
    () => space.encode(given),
    InputError,
    "'momentum' must be left out as it is not active: got 0.9",
  );
  assertEquals(space.read(given), {
    configuration: { optimizer: "lbfgs" },
    problems: [{
      name: "momentum",
      kind: "inactive",
      message: "'momentum' must be left out as it is not active: got 0.9",
    }],
  });
  for (const momentum of ["", null, "NaN", NaN, "NA", undefined]) {
    assertEquals(space.read({ optimizer: "lbfgs", momentum }).problems, []);
  }
});

Deno.test("configurations are counted with their conditions", () => {
  const counted = new SearchSpace({
    kernel: { type: "choice", values: ["rbf", "poly"] },
    degree: { type: "integer", min: 2, max: 5, when: { kernel: "poly" } },
    bias: { type: "choice", values: [true, false], when: { degree: [2, 3] } },
  });
  assertEquals(counted.size, 1 + 2 * 2 + 2);
});

Deno.test("a constant parent decides once for all, and its own conditions pass on", () => {
  const fixed = new SearchSpace({
    kind: { type: "choice", values: ["a", "b"] },
    optimizer: { type: "constant", value: "sgd", when: { kind: "a" } },
    momentum: { type: "integer", min: 0, max: 1, when: { optimizer: "sgd" } },
    beta: { type: "real", min: 0, max: 1, when: { optimizer: "adam" } },
    epsilon: { type: "choice", values: [1, 2, 3], when: { beta2: [1, 2] } },
    beta2: { type: "integer", min: 1, max: 2, when: { optimizer: "adam" } },
  });
  assertEquals(fixed.coordinates, [
    { kind: "choice", count: 2 },
    { kind: "levels", positions: [0.25, 0.75], when: [{ parent: 0, values: [0] }] },
  ]);
  assertEquals(fixed.decode([0, 1, 0]), { kind: "a", optimizer: "sgd", momentum: 1 });
  assertEquals(fixed.decode([1, 1, 0]), { kind: "b" });
});

Deno.test("a condition that follows from another, or that always holds, adds nothing", () => {
  const nested = new SearchSpace({
    a: { type: "choice", values: [1, 2] },
    b: { type: "choice", values: [1, 2], when: { a: 1 } },
    c: { type: "real", min: 0, max: 1, when: { a: 1, b: [2] } },
    d: { type: "real", min: 0, max: 1, when: { a: [2, 1] } },
    e: { type: "real", min: 0, max: 1, when: { a: 2, b: 1 } }, // never
  });
  assertEquals(nested.coordinates.slice(2), [
    { kind: "real", when: [{ parent: 1, values: [1] }] },
    { kind: "real" },
  ]);
});

Deno.test("with several parents all conditions must hold", () => {
  const both = new SearchSpace({
    optimizer: { type: "choice", values: ["sgd", "adam"] },
    layers: { type: "integer", min: 1, max: 3 },
    skip: { type: "choice", values: [true, false], when: { optimizer: "sgd", layers: [2, 3] } },
  });
  assertEquals(both.coordinates[2], {
    kind: "choice",
    count: 2,
    when: [{ parent: 0, values: [0] }, { parent: 1, values: [1, 2] }],
  });
  assertEquals(both.size, 3 + 1 + 2 * 2);
  assertEquals(both.decode([0, 0.9, 0, 0]), { optimizer: "sgd", layers: 3, skip: true });
  assertEquals(both.decode([0, 0.1, 0, 0]), { optimizer: "sgd", layers: 1 });
  assertEquals(both.decode([1, 0.9, 0, 0]), { optimizer: "adam", layers: 3 });
});

Deno.test("conditions that cannot hold or be told are refused by name", () => {
  const x = { type: "choice", values: [1, 2] };
  const cases: [Record<string, unknown>, string][] = [
    [{ x: { ...x, when: { x: 1 } } }, 'circle to the conditions of \'x\': got ["x","x"]'],
    [{ x: { ...x, when: { y: 1 } }, y: { ...x, when: { x: 1 } } }, 'got ["x","y","x"]'],
    [{ x: { ...x, when: { z: 1 } } }, "'when' must name hyperparameters of the space"],
    [{ x: { ...x, when: { y: 3 } }, y: x }, "values of 'y', which must be one of 1, 2,"],
    [{ x: { ...x, when: { y: [] } }, y: x }, "must list a value of 'y'"],
    [{ x: { ...x, when: {} } }, "must name a parent"],
    [{ x: { ...x, when: ["y"] } }, "must name a parent"],
    [{ x: { ...x, when: { y: 1 } }, y: { type: "real", min: 0, max: 1 } }, "unlike 'y'"],
    [{ x: { ...x, when: { y: 1 } }, y: { type: "integer", min: 0, max: 1000 } }, "unlike 'y'"],
  ];
  for (const [given, message] of cases) {
    assertThrows(() => SearchSpace.fromJSON(given), InputError, message);
  }
});

Deno.test("long chains of conditions take no longer than they must", () => {
  const chain: Record<string, unknown> = { x0: { type: "choice", values: [0, 1] } };
  for (let i = 1; i < 200; i++) {
    chain[`x${i}`] = { type: "choice", values: [0, 1], when: { [`x${i - 1}`]: 1 } };
  }
  const long = SearchSpace.fromJSON(chain);
  assertEquals(long.size, 201);
  assert(long.contains({ x0: 0 }));
});
