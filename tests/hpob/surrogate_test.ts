import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../core/search/errors.ts";
import { XgboostSurrogate } from "../../hpob/surrogate.ts";

/**
 * Predictions of XGBoost 1.7.4 for 256 points a surrogate, among them points on and beside split
 * thresholds; see "Files" in hpob/mini/README.md.
 */
const goldens: Record<string, { X: number[][]; predictions: number[] }> = JSON.parse(
  Deno.readTextFileSync(new URL("./goldens/surrogate-predictions.json", import.meta.url)),
);

for (const [name, { X, predictions }] of Object.entries(goldens)) {
  const text = Deno.readTextFileSync(
    new URL(`../../hpob/mini/saved-surrogates/${name}.json`, import.meta.url),
  );
  const points = X.map((row) => Float64Array.from(row));

  Deno.test(`predictions are XGBoost's bit for bit: ${name}`, () => {
    const surrogate = XgboostSurrogate.fromJson(text);
    assertEquals(surrogate.features, 16);
    assertEquals(surrogate.predict(points), Float32Array.from(predictions));
    assertEquals(points.map((point) => surrogate.predictOne(point)), predictions);
  });

  Deno.test(`a file as XGBoost 3.1 writes it predicts the same: ${name}`, () => {
    const surrogate = XgboostSurrogate.fromJson(asWrittenByVersion3(JSON.parse(text)));
    assertEquals(surrogate.predict(points), Float32Array.from(predictions));
  });
}

/** What newer versions write differently: https://xgboost.readthedocs.io/en/stable/changes/ */
// deno-lint-ignore no-explicit-any
function asWrittenByVersion3(file: any): object {
  file.version = [3, 1, 0];
  const { learner } = file;
  learner.learner_model_param.base_score = `[${learner.learner_model_param.base_score}]`;
  const { model } = learner.gradient_booster;
  delete model.gbtree_model_param.size_leaf_vector;
  model.cats = { enc: [], feature_segments: [], sorted_idx: [] };
  model.iteration_indptr = model.trees.map((_: unknown, i: number) => i).concat(model.trees.length);
  for (const tree of model.trees) tree.tree_param.size_leaf_vector = "1";
  return file;
}

/** A tree as a reader would write it down. */
type Node =
  | { leaf: number }
  | { feature: number; condition: number; missingLeft: boolean; left: Node; right: Node };

const features = 3;
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
/** Few values, so that points often lie on thresholds. */
const coordinate = fc.oneof(
  fc.constantFrom(-1, -0, 0, 0.1, 0.25, 0.5, 1),
  fc.double({ min: -2, max: 2, noNaN: true }),
);
const { node } = fc.letrec<{ node: Node; split: Node }>((tie) => ({
  node: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf(), tie("split")),
  split: fc.record({
    feature: fc.nat(features - 1),
    condition: coordinate,
    missingLeft: fc.boolean(),
    left: tie("node"),
    right: tie("node"),
  }),
}));

function leaf(): fc.Arbitrary<Node> {
  return fc.record({ leaf: float32 });
}

Deno.test("any booster predicts what a walk down its trees adds up to", () => {
  const point = fc.array(fc.oneof({ weight: 6, arbitrary: coordinate }, fc.constant(NaN)), {
    minLength: features,
    maxLength: features,
  });
  fc.assert(
    fc.property(
      fc.array(node, { minLength: 1, maxLength: 10 }),
      float32,
      fc.array(point, { minLength: 1, maxLength: 20 }),
      (trees, baseScore, points) => {
        const surrogate = XgboostSurrogate.fromJson(booster(trees, String(baseScore)));
        const predicted = surrogate.predict(points.map((point) => Float64Array.from(point)));
        const expected = points.map((point) =>
          trees.reduce((sum, tree) => Math.fround(sum + leafValue(tree, point)), baseScore)
        );
        assertEquals([...predicted], expected);
      },
    ),
    { seed: 1 },
  );
});

function leafValue(tree: Node, point: readonly number[]): number {
  if ("leaf" in tree) return tree.leaf;
  const x = Math.fround(point[tree.feature]);
  const goesLeft = Number.isNaN(x) ? tree.missingLeft : x < Math.fround(tree.condition);
  return leafValue(goesLeft ? tree.left : tree.right, point);
}

/** A booster file of given trees, with their nodes in depth-first order. */
function booster(trees: readonly Node[], baseScore = "5E-1") {
  return {
    version: [1, 7, 4],
    learner: {
      learner_model_param: {
        base_score: baseScore,
        num_class: "0",
        num_feature: `${features}`,
        num_target: "1",
      },
      objective: { name: "reg:squarederror" },
      gradient_booster: {
        name: "gbtree",
        model: {
          gbtree_model_param: { num_trees: `${trees.length}`, size_leaf_vector: "0" },
          trees: trees.map(treeJson),
        },
      },
    },
  };
}

function treeJson(root: Node) {
  const tree = {
    tree_param: { num_nodes: "", size_leaf_vector: "0" },
    left_children: [] as number[],
    right_children: [] as number[],
    split_indices: [] as number[],
    split_conditions: [] as number[],
    default_left: [] as (number | boolean)[],
  };
  const add = (node: Node): number => {
    const i = tree.left_children.push(-1) - 1;
    tree.right_children.push(-1);
    tree.split_indices.push("leaf" in node ? 0 : node.feature);
    tree.split_conditions.push("leaf" in node ? node.leaf : node.condition);
    tree.default_left.push("leaf" in node ? false : node.missingLeft);
    if (!("leaf" in node)) {
      tree.left_children[i] = add(node.left);
      tree.right_children[i] = add(node.right);
    }
    return i;
  };
  add(root);
  tree.tree_param.num_nodes = `${tree.left_children.length}`;
  return tree;
}

const stump: Node = {
  feature: 0,
  condition: 0.5,
  missingLeft: true,
  left: { leaf: 1 },
  right: { leaf: 2 },
};

// deno-lint-ignore no-explicit-any
const damages: [string, (file: any) => void, string][] = [
  [
    "dart without trees",
    (file) => file.learner.gradient_booster.name = "dart",
    "'learner.gradient_booster.gbtree' must be an object: got nothing",
  ],
  [
    "dart without weights",
    (file) => {
      const { gradient_booster } = file.learner;
      file.learner.gradient_booster = { name: "dart", gbtree: gradient_booster };
    },
    "'learner.gradient_booster.weight_drop' must be an array: got nothing",
  ],
  [
    "a tree without a weight",
    (file) => file.learner.gradient_booster.weight_drop = [1],
    "'weight_drop' must have 2 entries, one a tree: got 1",
  ],
  [
    "an infinite weight",
    (file) => file.learner.gradient_booster.model.weight_drop = [1, Infinity],
    "'weight_drop[1]' must be a finite number: got Infinity",
  ],
  [
    "what a later version may add to trees",
    (file) => tree(file).leaf_slopes = [1, 2, 3],
    `'trees[1]' has "leaf_slopes", of which it is not known what it changes`,
  ],
  [
    "an objective of somebody's own",
    (file) => file.learner.objective.name = "reg:mine",
    `got "reg:mine"`,
  ],
  [
    "a base score that the objective cannot have",
    (file) => {
      file.learner.objective.name = "reg:gamma";
      file.learner.learner_model_param.base_score = "-1";
    },
    "'learner_model_param.base_score' must be possible in reg:gamma: got -1",
  ],
  [
    "trees of several outputs",
    (file) => file.learner.gradient_booster.model.tree_info = [0, 1],
    "it must have one output: 'model.tree_info[1]' is not 0",
  ],
  [
    "a leaf that is NaN",
    (file) => tree(file).split_conditions[1] = NaN,
    "'trees[1].split_conditions[1]' must be a finite number: got NaN",
  ],
  [
    "a threshold that is NaN",
    (file) => tree(file).split_conditions[0] = NaN,
    "'trees[1].split_conditions[0]' must be a threshold: got NaN",
  ],
  [
    "several classes",
    (file) => file.learner.learner_model_param.num_class = "3",
    `'learner_model_param.num_class' is "3"`,
  ],
  [
    "several targets",
    (file) => file.learner.learner_model_param.num_target = "2",
    `'learner_model_param.num_target' is "2"`,
  ],
  [
    "leaf vectors",
    (file) => tree(file).tree_param.size_leaf_vector = "2",
    "it must have one output",
  ],
  ["categorical splits", (file) => tree(file).split_type = [1, 0, 0], "got a categorical split"],
  [
    "several intercepts",
    (file) => file.learner.learner_model_param.base_score = "[5E-1,5E-1]",
    `must be one finite number: got "[5E-1,5E-1]"`,
  ],
  [
    "an empty base score",
    (file) => file.learner.learner_model_param.base_score = "",
    `must be one finite number: got ""`,
  ],
  [
    "no base score",
    (file) => delete file.learner.learner_model_param.base_score,
    "must be one finite number: got nothing",
  ],
  ["no learner", (file) => delete file.learner, "'learner' must be an object: got nothing"],
  [
    "no features",
    (file) => file.learner.learner_model_param.num_feature = "0",
    `'learner_model_param.num_feature' must be a whole number of at least 1: got "0"`,
  ],
  [
    "more features than memory",
    (file) => file.learner.learner_model_param.num_feature = "4294967296",
    `'learner_model_param.num_feature' must be a whole number of at most 1000000: got "4294967296"`,
  ],
  [
    "a missing tree",
    (file) => file.learner.gradient_booster.model.trees.pop(),
    "'model.trees' must have 2 trees: got 1",
  ],
  [
    "a short array",
    (file) => tree(file).split_conditions.pop(),
    "'trees[1].split_conditions' must have 3 entries, one a node: got 2",
  ],
  [
    "no array",
    (file) => delete tree(file).left_children,
    "'trees[1].left_children' must be an array: got nothing",
  ],
  [
    "a threshold that is no number",
    (file) => tree(file).split_conditions[0] = null,
    "'trees[1].split_conditions[0]' must be a finite number: got null",
  ],
  [
    "a child out of range",
    (file) => tree(file).left_children[0] = 3,
    "children in 'trees[1]' must be in 1..2: node 0 has 3",
  ],
  [
    "a single child",
    (file) => tree(file).left_children[0] = -1,
    "children in 'trees[1]' must be in 1..2: node 0 has -1",
  ],
  [
    "a fractional child",
    (file) => tree(file).left_children[0] = 1.5,
    "children in 'trees[1]' must be in 1..2: node 0 has 1.5",
  ],
  [
    "a cycle",
    (file) => tree(file).left_children[1] = tree(file).right_children[1] = 1,
    "'trees[1]' must be a tree: node 1 has two parents",
  ],
  [
    "a child shared by two parents",
    (file) => tree(file).left_children[0] = 2,
    "'trees[1]' must be a tree: node 2 has two parents",
  ],
  [
    "a feature out of range",
    (file) => tree(file).split_indices[0] = 3,
    "'trees[1].split_indices[0]' must be in 0..2: got 3",
  ],
];

// deno-lint-ignore no-explicit-any
function tree(file: any) {
  return file.learner.gradient_booster.model.trees[1];
}

for (const [kind, damage, message] of damages) {
  Deno.test(`a booster is refused with the reason: ${kind}`, () => {
    const file = booster([stump, stump]);
    damage(file);
    assertThrows(
      () => XgboostSurrogate.fromJson(file, "surrogate-a-b.json"),
      InputError,
      message,
    );
  });
}

Deno.test("the name of a refused file is in the message", () => {
  assertThrows(
    () => XgboostSurrogate.fromJson({}, "surrogate-a-b.json"),
    InputError,
    "Cannot read XGBoost model surrogate-a-b.json as",
  );
});

Deno.test("a truncated booster is refused at any length", () => {
  const text = JSON.stringify(booster([stump]));
  fc.assert(
    fc.property(fc.nat(text.length - 1), (length) => {
      assertThrows(
        () => XgboostSurrogate.fromJson(text.slice(0, length)),
        InputError,
        "must be JSON",
      );
    }),
    { seed: 1 },
  );
});

Deno.test("a point of the wrong dimension is refused", () => {
  const surrogate = XgboostSurrogate.fromJson(booster([stump]));
  assertThrows(
    () => surrogate.predict([new Float64Array(2)]),
    TypeError,
    "Cannot predict as a point must have 3 coordinates: got 2",
  );
});

Deno.test("points beyond the range of 32 bits go to the outer leaves", () => {
  const surrogate = XgboostSurrogate.fromJson(booster([stump], "0"));
  const points = [1e300, Infinity, -1e300, -Infinity].map((x) => Float64Array.of(x, 0, 0));
  assertEquals([...surrogate.predict(points)], [2, 2, 1, 1]);
});
