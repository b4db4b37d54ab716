import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../../core/search/errors.ts";
import {
  fromConfigSpace,
  isConfigSpace,
  toConfigSpace,
} from "../../../../core/search/formats/config_space.ts";
import { SearchSpace } from "../../../../core/search/search_space.ts";
import golden0 from "./goldens/config_space_0.7.1.json" with { type: "json" };
import golden1 from "./goldens/config_space_1.2.2.json" with { type: "json" };

const expected = SearchSpace.fromJSON({
  depth: { type: "integer", min: 1, max: 8, default: 3 },
  optimizer: { type: "choice", values: ["sgd", "adam", "lbfgs"], default: "adam" },
  rate: { type: "real", min: 1e-4, max: 1, log: true, default: 0.01 },
  size: { type: "ordered", values: ["s", "m", "l"], default: "m" },
  workers: { type: "constant", value: 4 },
  decay: { type: "real", min: 0, max: 1, default: 0.5, when: { optimizer: ["sgd", "adam"] } },
  momentum: { type: "real", min: 0, max: 1, default: 0.5, when: { optimizer: ["sgd"] } },
  skip: {
    type: "choice",
    values: ["yes", "no"],
    default: "yes",
    when: { optimizer: ["sgd", "adam"], depth: [6, 7, 8] },
  },
  warm: { type: "integer", min: 1, max: 1024, log: true, default: 32, when: { size: ["s", "m"] } },
});

Deno.test("spaces that ConfigSpace 0.7 and 1.2 wrote are read, with their conditions and defaults", () => {
  for (const golden of [golden0, golden1]) {
    assert(isConfigSpace(golden));
    assertEquals(fromConfigSpace(golden).toJSON(), expected.toJSON());
  }
  assert(!isConfigSpace(expected.toJSON()));
});

Deno.test("a space is written as ConfigSpace 1.x writes it", () => {
  const { name, hyperparameters, conditions, forbiddens, format_version } = golden1;
  const written = toConfigSpace(expected, "network");
  // ConfigSpace keeps the operators; the values for which they hold are written here.
  const mine = written.conditions as { child: string }[];
  const theirs = conditions.filter(({ child }) => child === "momentum" || child === "decay");
  assertEquals({ ...written, conditions: mine.slice(0, 2) }, {
    name,
    hyperparameters: hyperparameters as unknown[],
    conditions: theirs as { child: string }[],
    forbiddens: forbiddens as unknown[],
    format_version,
  });
  assertEquals(fromConfigSpace(written).toJSON(), expected.toJSON());
});

Deno.test("steps are a list with an order in ConfigSpace", () => {
  const stepped = new SearchSpace({
    rate: { type: "real", min: 0.1, max: 0.3, step: 0.1 },
    units: { type: "integer", min: 16, max: 64, step: 16, default: 32 },
  });
  assertEquals(fromConfigSpace(toConfigSpace(stepped)).toJSON(), {
    rate: { type: "ordered", values: [0.1, 0.2, 0.3], default: 0.1 },
    units: { type: "ordered", values: [16, 32, 48, 64], default: 32 },
  });
  const fine = new SearchSpace({ rate: { type: "real", min: 0, max: 1, step: 1e-4 } });
  assertThrows(() => toConfigSpace(fine), InputError, "at most 1000 steps: got 10001");
});

Deno.test("the quantization of older ConfigSpaces is a step, and equal weights are none", () => {
  const old = {
    hyperparameters: [
      { name: "a", type: "uniform_int", lower: 0, upper: 20, q: 5, default: 10, log: false },
      { name: "b", type: "categorical", choices: [1, 2], weights: [0.5, 0.5], default: 1 },
    ],
    conditions: [{ type: "NE", child: "b", parent: "a", value: 5 }],
    forbiddens: [],
    json_format_version: 0.2,
  };
  assertEquals(fromConfigSpace(old).toJSON(), {
    a: { type: "integer", min: 0, max: 20, step: 5, default: 10 },
    b: { type: "choice", values: [1, 2], default: 1, when: { a: [0, 10, 15, 20] } },
  });
});

Deno.test("what a search space here cannot keep is refused by name", () => {
  const real = { name: "x", type: "uniform_float", lower: 0, upper: 1 };
  const choice = { name: "c", type: "categorical", choices: ["a", "b"] };
  const ordinal = { name: "o", type: "ordinal", sequence: [1, 2] };
  const equals = (parent: string, value: unknown) => ({ type: "EQ", child: "x", parent, value });
  const cases: [unknown, string][] = [
    [
      { hyperparameters: [{ name: "x", type: "normal_float", mu: 0, sigma: 1 }] },
      "unlike 'x': got \"normal_float\"",
    ],
    [{ hyperparameters: [{ ...choice, weights: [1, 2] }] }, "'weights' for the choices of 'c'"],
    [
      { hyperparameters: [real], forbiddens: [{ name: "x", type: "EQUALS", value: 1 }] },
      "no forbidden clauses",
    ],
    [{
      hyperparameters: [real, choice, ordinal],
      conditions: [{ type: "OR", child: "x", conditions: [equals("c", "a"), equals("o", 1)] }],
    }, "alternatives (OR) of one and the same parent"],
    [
      { hyperparameters: [real, choice], conditions: [equals("z", 1)] },
      "'parent' of each condition",
    ],
    [
      { hyperparameters: [real], conditions: [{ ...equals("x", 1), child: "z" }] },
      "'child' of each",
    ],
    [
      { hyperparameters: [choice, real], conditions: [{ ...equals("x", 1), child: "c" }] },
      "of at most 1000 values",
    ],
    [{ hyperparameters: [{ type: "constant" }] }, "name each of its hyperparameters"],
    [
      { hyperparameters: [{ name: "x", type: "uniform_float", lower: 1, upper: 0 }] },
      "'min' not above 'max'",
    ],
    [[], "a list 'hyperparameters'"],
  ];
  for (const [value, message] of cases) {
    assertThrows(() => fromConfigSpace(value), InputError, message);
  }
  const either = {
    hyperparameters: [real, choice],
    conditions: [{ type: "OR", child: "x", conditions: [equals("c", "a"), equals("c", "b")] }],
  };
  assertEquals(fromConfigSpace(either).hyperparameters.x.when, { c: ["a", "b"] });
});
