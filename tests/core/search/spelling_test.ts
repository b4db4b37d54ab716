import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { SearchSpace } from "../../../core/search/search_space.ts";

const learner = SearchSpace.fromJSON({
  bootstrap: { type: "choice", values: [true, false] },
  batch: { type: "choice", values: [16, 32, 64] },
  features: { type: "choice", values: ["sqrt", "log2", "None"] },
});

Deno.test("booleans and numbers are compared by value, however pandas and R write them", () => {
  const wanted = { bootstrap: true, batch: 32, features: "None" };
  for (const bootstrap of ["True", "TRUE", "T", "true", true, 1, "1", "1.0"]) {
    for (const batch of ["32", "32.0", "3.2e1", " 32 ", 32, 32n]) {
      assertEquals(learner.read({ ...wanted, bootstrap, batch }), {
        configuration: wanted,
        problems: [],
      });
    }
  }
  assertEquals(learner.contains({ ...wanted, bootstrap: "yes" }), false);
  assertEquals(learner.contains({ ...wanted, batch: "0x20" }), false);
});

Deno.test("null is a value, written as an empty cell, None, NA or nan", () => {
  const space = SearchSpace.fromJSON({
    a: { type: "real", min: 0, max: 1 },
    features: { type: "choice", values: ["sqrt", null] },
  });
  for (const features of ["", null, "None", "NA", "nan", NaN, "null"]) {
    assertEquals(space.read({ a: "0.3", features }).configuration, { a: 0.3, features: null });
  }
  assertEquals(space.contains({ a: 0.3 }), false); // nothing is not null
});

Deno.test("what could be two values is neither, unless it is written like one", () => {
  const space = SearchSpace.fromJSON({
    version: { type: "choice", values: ["3.1", "3.10"] },
    empty: { type: "choice", values: ["None", null] },
  });
  assertEquals(space.read({ version: 3.1, empty: "None" }).configuration, {
    version: "3.1",
    empty: "None",
  });
  assertEquals(space.read({ version: "3.10", empty: "" }).configuration, {
    version: "3.10",
    empty: null,
  });
  assertEquals(space.contains({ version: "3.100", empty: null }), false);
});

Deno.test("a value beside a bound by rounding is moved to it, one further outside is refused", () => {
  const space = new SearchSpace({
    lr: { type: "real", min: 0.0001, max: 1, log: true },
    momentum: { type: "real", min: 0, max: 0.32121 },
    depth: { type: "integer", min: 1, max: 4 },
    drop: { type: "real", min: 0, max: 0.9, step: 0.3 },
    fixed: { type: "real", min: 0.3, max: 0.3 },
  });
  const read = space.read({
    lr: 9.999999999999999e-05,
    momentum: 0.3212100000000002,
    depth: 2.0000000000000004,
    drop: 0.1 + 0.2,
    fixed: 0.1 + 0.2,
  });
  assertEquals(read, {
    configuration: { lr: 0.0001, momentum: 0.32121, depth: 2, drop: 0.3, fixed: 0.3 },
    problems: [],
  });
  const inside = { lr: 0.1, momentum: 0.1, depth: 2, drop: 0.3, fixed: 0.3 };
  for (
    const change of [{ lr: 9.9999e-5 }, { momentum: -1e-8 }, { depth: 2.001 }, { drop: 0.31 }, {
      fixed: 0.31,
    }]
  ) {
    assertThrows(() => space.encode({ ...inside, ...change }), InputError);
  }
  assertEquals(space.read({ ...inside, drop: 0.5, fixed: 1, lr: 5 }).configuration, {
    ...inside,
    drop: 0.6,
    lr: 1,
  });
  const narrow = new SearchSpace({ year: { type: "real", min: 1e9, max: 1e9 + 1 } });
  assertEquals(narrow.contains({ year: 1e9 + 1.5 }), false);
});

Deno.test("a list of one value is not that value", () => {
  const space = new SearchSpace({ c: { type: "choice", values: ["a", "1"] } });
  for (const c of [["a"], ["1"], [["a"]], { a: "a" }]) {
    assertEquals(space.read({ c }).problems.map(({ kind }) => kind), ["invalid"]);
  }
});
