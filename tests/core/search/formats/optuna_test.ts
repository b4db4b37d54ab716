import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../../../core/search/errors.ts";
import {
  fromOptunaDistribution,
  fromOptunaParameters,
  spaceOfOptunaTrials,
  toOptunaDistribution,
  toOptunaParameters,
} from "../../../../core/search/formats/optuna.ts";
import { SearchSpace } from "../../../../core/search/search_space.ts";
import { spaces } from "../_spaces.ts";
import goldens from "./goldens/optuna_distributions.json" with { type: "json" };

Deno.test("distributions that Optuna wrote are read, and written as it does", () => {
  const hyperparameters = goldens.current.map((text) =>
    fromOptunaDistribution("x", JSON.parse(text))
  );
  assertEquals(hyperparameters, [
    { type: "real", min: 0, max: 1 },
    { type: "real", min: 1e-5, max: 0.1, log: true },
    { type: "real", min: -0.5, max: 1, step: 0.25 },
    { type: "real", min: 0, max: 0.9, step: 0.3 },
    { type: "integer", min: -3, max: 9 },
    { type: "integer", min: 1, max: 1024, log: true },
    { type: "integer", min: 8, max: 256, step: 8 },
    { type: "integer", min: 0, max: 8, step: 4 },
    { type: "choice", values: ["sgd", null, true, 3, 2.5] },
    { type: "constant", value: "only" },
  ]);
  assertEquals(
    hyperparameters.map(toOptunaDistribution),
    goldens.current.map((text) => JSON.parse(text)),
  );
});

Deno.test("Optuna's older names and short forms are read as Optuna reads them", () => {
  for (const { text, current } of goldens.old) {
    const [old, today] = [text, current].map((one) => fromOptunaDistribution("x", JSON.parse(one)));
    assertEquals(old, today);
  }
});

Deno.test("a range with steps whose end is no step is cut to the last one, as in Optuna", () => {
  const attributes = { low: 0.1, high: 1, step: 0.2, log: false };
  assertEquals(fromOptunaDistribution("x", { name: "FloatDistribution", attributes }), {
    type: "real",
    min: 0.1,
    max: 0.9,
    step: 0.2,
  });
});

Deno.test("any configuration goes to Optuna's values and back", () => {
  const cases = spaces.chain((given) => {
    const space = SearchSpace.fromJSON(given);
    const { dimension } = space;
    const column = fc.double({ min: 0, max: 1, noNaN: true });
    return fc.tuple(
      fc.constant(space),
      fc.array(column, { minLength: dimension, maxLength: dimension }),
    );
  });
  fc.assert(
    fc.property(cases, ([space, point]) => {
      const configuration = space.decode(point);
      const back = fromOptunaParameters(toOptunaParameters(space, configuration));
      assertEquals(back, configuration);
    }),
    { seed: 1 },
  );
});

Deno.test("the space of a study is that of its trials, if each has every hyperparameter", () => {
  const space = new SearchSpace({
    rate: { type: "real", min: 0, max: 1 },
    kernel: { type: "choice", values: ["rbf", "poly"] },
    degree: { type: "integer", min: 2, max: 5, when: { kernel: "poly" } },
  });
  const poly = toOptunaParameters(space, { rate: 0.5, kernel: "poly", degree: 3 });
  const rbf = toOptunaParameters(space, { rate: 0.5, kernel: "rbf" });
  assertEquals(poly.map(({ value }) => value), [0.5, 1, 3]);
  assertEquals(spaceOfOptunaTrials([poly]).toJSON(), {
    rate: { type: "real", min: 0, max: 1 },
    kernel: { type: "choice", values: ["rbf", "poly"] },
    degree: { type: "integer", min: 2, max: 5 },
  });
  assertThrows(
    () => spaceOfOptunaTrials([poly, rbf]),
    InputError,
    "'degree' must be in each: it is missing in trial 2 of 2",
  );
});

Deno.test("what is no distribution is refused by name", () => {
  const cases: [unknown, string][] = [
    [{ name: "NormalDistribution", attributes: {} }, "must be one of FloatDistribution"],
    [{ name: "toString" }, "must be one of"],
    [{ name: "FloatDistribution" }, "must have 'attributes'"],
    [{ name: "FloatDistribution", attributes: { low: 0 } }, "a finite number 'high'"],
    [{ name: "FloatDistribution", attributes: { low: 0, high: 1, step: 0 } }, "a step above 0"],
    [{ name: "CategoricalDistribution", attributes: { choices: [] } }, "a list 'choices'"],
    [{ name: "CategoricalDistribution", attributes: { choices: [[1]] } }, "got [1]"],
    [null, "must be one of"],
  ];
  for (const [value, message] of cases) {
    assertThrows(() => fromOptunaDistribution("x", value), InputError, message);
  }
  const distribution = JSON.stringify(toOptunaDistribution({ type: "choice", values: [1, 2] }));
  for (const value of [2, 0.5, NaN, -1]) {
    const parameter = { name: "x", value, distribution };
    assertThrows(() => fromOptunaParameters([parameter]), InputError, "index of a choice below 2");
  }
  assertThrows(
    () => fromOptunaParameters([{ name: "x", value: 0, distribution: "{" }]),
    InputError,
    "must be JSON",
  );
});
