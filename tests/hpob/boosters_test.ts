/**
 * Models of real XGBoost: see goldens/make_boosters.py.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../core/search/errors.ts";
import { XgboostSurrogate } from "../../hpob/surrogate.ts";

interface Golden {
  points: (number | null)[][];
  models: Record<string, { json?: string; ubjson?: string; predictions: number[] }>;
}

const folder = new URL("./goldens/boosters/", import.meta.url);

function read({ json, ubjson }: Golden["models"][string]): XgboostSurrogate {
  if (json !== undefined) return XgboostSurrogate.fromJson(json);
  return XgboostSurrogate.fromUbjson(Uint8Array.from(atob(ubjson!), (c) => c.charCodeAt(0)));
}

/** Objectives whose predictions are an exponential, whose last bit the C library decides. */
const exponential = /logistic|poisson|gamma|tweedie|survival/;

/** Why models are refused. */
const refusals: Record<string, string> = {
  "gblinear": `the booster must be gbtree, dart: got "gblinear"`,
  "categorical": "'trees[0]' must have numerical splits only: got a categorical split",
  "classes": `got "multi:softprob"`,
  "targets": `it must have one output: 'learner_model_param.num_target' is "2"`,
  "vector leaves": `it must have one output: 'learner_model_param.num_target' is "2"`,
  "quantiles": `it must have one output: 'learner_model_param.num_target' is "2"`,
};

for (
  const { name: file } of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)
) {
  const golden: Golden = JSON.parse(Deno.readTextFileSync(new URL(file, folder)));
  const points = golden.points.map((point) => Float64Array.from(point, (value) => value ?? NaN));
  const version = file.replace(/^xgboost-|\.json$/g, "");

  Deno.test(`models of XGBoost ${version} predict what XGBoost does`, async (t) => {
    for (const [kind, model] of Object.entries(golden.models)) {
      if (kind.startsWith("refused: ")) continue;
      await t.step(kind, () => {
        const predictions = read(model).predict(points);
        if (!exponential.test(kind)) assertEquals([...predictions], model.predictions);
        else predictions.forEach((value, i) => assertNeighbours(value, model.predictions[i]));
      });
    }
  });

  const refused = Object.keys(golden.models).filter((kind) => kind.startsWith("refused: "));
  if (refused.length === 0) continue;
  Deno.test(`models of XGBoost ${version} with other than one sum of trees are refused`, () => {
    for (const kind of refused) {
      const reason = refusals[kind.slice("refused: ".length)];
      assertThrows(() => read(golden.models[kind]), InputError, reason);
    }
  });
}

/** Two 32-bit numbers that are the same or next to each other. */
function assertNeighbours(a: number, b: number): void {
  const [left, right] = new Int32Array(Float32Array.of(a, b).buffer);
  assert(Math.abs(left - right) <= 1, `${a} and ${b}`);
}

/** Two trees with the weights 0.5 and 0.25, as XGBoost 3.3 and 3.4 save a DART. */
// deno-lint-ignore no-explicit-any
function dart(): any {
  const tree = (feature: number, left: number, right: number) => ({
    default_left: [0, 0, 0],
    left_children: [1, -1, -1],
    right_children: [2, -1, -1],
    split_conditions: [0.5, left, right],
    split_indices: [feature, 0, 0],
    tree_param: { num_deleted: "0", num_feature: "2", num_nodes: "3", size_leaf_vector: "1" },
  });
  return {
    learner: {
      gradient_booster: {
        model: {
          gbtree_model_param: { num_parallel_tree: "1", num_trees: "2" },
          tree_info: [0, 0],
          trees: [tree(0, -1, 1), tree(1, 2, -2)],
        },
        name: "gbtree",
        weight_drop: [0.5, 0.25],
      },
      learner_model_param: {
        base_score: "[5E-1]",
        num_class: "0",
        num_feature: "2",
        num_target: "1",
      },
      objective: { name: "reg:squarederror" },
    },
    version: [3, 3, 0],
  };
}

const corners = [[.2, .2], [.8, .2], [.2, .8]].map((point) => Float64Array.from(point));

Deno.test("the weights of dropped trees count wherever a version puts them", () => {
  const beside = dart();
  const inside = dart();
  inside.learner.gradient_booster.model.weight_drop = [0.5, 0.25];
  delete inside.learner.gradient_booster.weight_drop;
  const around = dart();
  const { model, weight_drop } = around.learner.gradient_booster;
  around.learner.gradient_booster = {
    name: "dart",
    gbtree: { name: "gbtree", model },
    weight_drop,
  };
  for (const file of [beside, inside, around]) {
    assertEquals([...XgboostSurrogate.fromJson(file).predict(corners)], [0.5, 1.5, -0.5]);
  }
});

Deno.test("a base score is read in every spelling, and one of several is refused", () => {
  for (const score of ["1.5", "1.5E0", "[1.5E0]", " [ 15e-1 ] ", "+1.5", 1.5]) {
    const file = dart();
    file.learner.learner_model_param.base_score = score;
    assertEquals([...XgboostSurrogate.fromJson(file).predict(corners)], [1.5, 2.5, 0.5]);
  }
  for (
    const score of ["[1.5E0,2E0]", "[]", "0x10", "NaN", "Infinity", "[5E-1", null, [0.5], "1e99"]
  ) {
    const file = dart();
    file.learner.learner_model_param.base_score = score;
    assertThrows(
      () => XgboostSurrogate.fromJson(file),
      InputError,
      "'learner_model_param.base_score' must be one finite number: got",
    );
  }
});

Deno.test("bare NaN and Infinity are read, and a threshold may be infinite", () => {
  const file = dart();
  const [first, second] = file.learner.gradient_booster.model.trees;
  first.loss_changes = ["NaN?", 0, 0];
  first.split_conditions[0] = "Infinity?";
  second.split_conditions[0] = "-Infinity?";
  const text = JSON.stringify(file).replaceAll(/"(-?\w+)\?"/g, "$1");
  assertEquals([...XgboostSurrogate.fromJson(text).predict(corners)], [-0.5, -0.5, -0.5]);
});
