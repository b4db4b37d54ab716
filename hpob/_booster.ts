/**
 * Reads boosters that XGBoost saved (`Booster.save_model`): the layout of XGBoost 1.0 to 3.4.
 *
 * Source: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html (JSON schema).
 *
 * @module
 */
import { InputError } from "../core/search/errors.ts";
import { shown } from "../core/search/json.ts";
import { objectives } from "./_objective.ts";

/** One regression tree as XGBoost stores it; node 0 is the root, a leaf has children -1. */
export interface BoosterTree {
  /** Left child of every node, or -1. */
  readonly left: readonly number[];
  /** Right child of every node, or -1. */
  readonly right: readonly number[];
  /** Feature that a split tests. */
  readonly feature: readonly number[];
  /** Threshold of a split (left when `x < condition`), value of a leaf. */
  readonly condition: readonly number[];
  /** 1 where a missing value goes left, else 0. */
  readonly defaultLeft: readonly number[];
}

/** A validated sum of regression trees. */
export interface Booster {
  /** Number of features of a point. */
  readonly features: number;
  /** What the sum over the trees starts with: the margin of the base score. */
  readonly baseMargin: number;
  /** The trees, in the order in which they are added. */
  readonly trees: readonly BoosterTree[];
  /** What the values of each tree's leaves are multiplied by (DART); undefined: by 1. */
  readonly weights: readonly number[] | undefined;
  /** The prediction of a sum; undefined where it is the sum itself. */
  readonly response: ((margin: number) => number) | undefined;
}

/** More features are refused: a damaged number must not ask for all memory. */
const mostFeatures = 1_000_000;

/**
 * What the objects of a booster file may have. Anything else may be of a later version of XGBoost and
 * change predictions, as the weights of DART once did that a reader did not know.
 */
const known = {
  learner: [
    "attributes",
    "feature_names",
    "feature_types",
    "gradient_booster",
    "learner_model_param",
    "objective",
  ],
  parameters: ["base_score", "boost_from_average", "num_class", "num_feature", "num_target"],
  booster: ["gbtree", "model", "name", "weight_drop"],
  model: ["cats", "gbtree_model_param", "iteration_indptr", "tree_info", "trees", "weight_drop"],
  tree: [
    "base_weights",
    "categories",
    "categories_nodes",
    "categories_segments",
    "categories_sizes",
    "default_left",
    "id",
    "leaf_child_counts",
    "left_children",
    "loss_changes",
    "parents",
    "right_children",
    "split_conditions",
    "split_indices",
    "split_type",
    "sum_hessian",
    "tree_param",
  ],
};

/**
 * Validates a parsed booster file.
 *
 * @param json The parsed file.
 * @param source What error messages call it.
 * @throws {InputError} when it is no booster, is damaged, or is of a kind that is not supported.
 */
export function readBooster(json: unknown, source: string): Booster {
  const reader = new Reader(source);
  const learner = reader.object(reader.object(json, "file").learner, "learner", known.learner);
  const { booster, model, weightsJson } = readGradientBooster(learner, reader);
  const objectiveJson = reader.object(learner.objective, "learner.objective");
  const name = reader.oneOf(objectiveJson.name, [...objectives.keys()], "the objective");
  const objective = objectives.get(name)!;

  const parameters = reader.object(
    learner.learner_model_param,
    "learner.learner_model_param",
    known.parameters,
  );
  const features = reader.count(
    parameters.num_feature,
    "learner_model_param.num_feature",
    1,
    mostFeatures,
  );
  reader.atMostOne(parameters.num_class, "learner_model_param.num_class");
  reader.atMostOne(parameters.num_target, "learner_model_param.num_target");
  const baseScore = reader.baseScore(parameters.base_score);
  if (objective.accepts?.(baseScore) === false) {
    reader.fail(`'learner_model_param.base_score' must be possible in ${name}: got ${baseScore}`);
  }

  const trees = reader.array(model.trees, `${booster}.model.trees`);
  const { num_trees } = reader.object(model.gbtree_model_param, "model.gbtree_model_param");
  if (reader.count(num_trees, "gbtree_model_param.num_trees", 0) !== trees.length) {
    reader.fail(`'model.trees' must have ${num_trees} trees: got ${trees.length}`);
  }
  if (model.tree_info !== undefined) {
    const groups = reader.numbers(model.tree_info, trees.length, "model.tree_info", "tree");
    const other = groups.findIndex((group) => group !== 0);
    if (other >= 0) reader.fail(`it must have one output: 'model.tree_info[${other}]' is not 0`);
  }
  return {
    features,
    baseMargin: objective.margin(baseScore),
    trees: trees.map((tree, i) => readTree(tree, `trees[${i}]`, features, reader)),
    weights: weightsJson === undefined
      ? undefined
      : reader.finite(weightsJson, trees.length, "weight_drop", "tree"),
    response: objective.response,
  };
}

/**
 * Where the trees are, and their weights if trees were dropped in training (DART): until XGBoost 3.2 the
 * booster is called `dart` and has a `gbtree` in it; 3.3 keeps the name `gbtree` and puts `weight_drop`
 * beside the model, 3.4 into it.
 */
function readGradientBooster(learner: Record<string, unknown>, reader: Reader) {
  const place = "learner.gradient_booster";
  const { name: kind } = reader.object(learner.gradient_booster, place);
  const name = reader.oneOf(kind, ["gbtree", "dart"], "the booster");
  const outer = reader.object(learner.gradient_booster, place, known.booster);
  const booster = name === "dart" ? `${place}.gbtree` : place;
  const inner = name === "dart" ? reader.object(outer.gbtree, booster, known.booster) : outer;
  const model = reader.object(inner.model, `${booster}.model`, known.model);
  const weightsJson = outer.weight_drop ?? model.weight_drop;
  if (name === "dart" && weightsJson === undefined) {
    reader.fail(`'${place}.weight_drop' must be an array: got nothing`);
  }
  return { booster, model, weightsJson };
}

function readTree(json: unknown, place: string, features: number, reader: Reader): BoosterTree {
  const { tree_param } = reader.object(json, place);
  const parameters = reader.object(tree_param, `${place}.tree_param`);
  const nodes = reader.count(parameters.num_nodes, `${place}.tree_param.num_nodes`, 1);
  reader.atMostOne(parameters.size_leaf_vector, `${place}.tree_param.size_leaf_vector`);
  const object = reader.object(json, place, known.tree);
  const numbers = (key: string) => reader.numbers(object[key], nodes, `${place}.${key}`, "node");
  if (object.split_type !== undefined && numbers("split_type").some((type) => type !== 0)) {
    reader.fail(`'${place}' must have numerical splits only: got a categorical split`);
  }
  const tree: BoosterTree = {
    left: numbers("left_children"),
    right: numbers("right_children"),
    feature: numbers("split_indices"),
    condition: numbers("split_conditions"),
    defaultLeft: numbers("default_left"),
  };
  checkNodes(tree, place, features, reader);
  return tree;
}

/** Walks a tree from its root: every child exists and is reached once, every split is usable. */
function checkNodes(tree: BoosterTree, place: string, features: number, reader: Reader): void {
  const nodes = tree.left.length;
  const reached = new Uint8Array(nodes);
  const pending = [0];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (reached[node]++ > 0) reader.fail(`'${place}' must be a tree: node ${node} has two parents`);
    const [left, right] = [tree.left[node], tree.right[node]];
    const condition = tree.condition[node];
    if (left === -1 && right === -1) {
      if (Number.isFinite(Math.fround(condition))) continue;
      reader.fail(`'${place}.split_conditions[${node}]' must be a finite number: got ${condition}`);
    }
    if (Number.isNaN(condition)) {
      reader.fail(`'${place}.split_conditions[${node}]' must be a threshold: got NaN`);
    }
    for (const child of [left, right]) {
      if (!Number.isInteger(child) || child < 1 || child >= nodes) {
        reader.fail(`children in '${place}' must be in 1..${nodes - 1}: node ${node} has ${child}`);
      }
    }
    const feature = tree.feature[node];
    if (!Number.isInteger(feature) || feature < 0 || feature >= features) {
      reader.fail(
        `'${place}.split_indices[${node}]' must be in 0..${features - 1}: got ${feature}`,
      );
    }
    pending.push(right, left);
  }
}

/** Checked access to parsed JSON; what is wrong is reported with the name of the file. */
class Reader {
  constructor(readonly source: string) {}

  fail(problem: string): never {
    throw new InputError(`Cannot read XGBoost model ${this.source} as ${problem}`);
  }

  /** An object, which has none but the known keys, where these are given. */
  object(value: unknown, place: string, keys?: readonly string[]): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.fail(`'${place}' must be an object: got ${shown(value)}`);
    }
    const unknown = Object.keys(value).find((key) => keys?.includes(key) === false);
    if (unknown !== undefined) {
      this.fail(`'${place}' has ${shown(unknown)}, of which it is not known what it changes`);
    }
    return value as Record<string, unknown>;
  }

  array(value: unknown, place: string): unknown[] {
    if (!Array.isArray(value)) this.fail(`'${place}' must be an array: got ${shown(value)}`);
    return value;
  }

  /**
   * An array with a number for each of so many things (booleans, as XGBoost before 1.3 wrote
   * directions, count as 0 and 1).
   */
  numbers(value: unknown, length: number, place: string, thing: string): number[] {
    const array = this.array(value, place);
    if (array.length !== length) {
      this.fail(`'${place}' must have ${length} entries, one a ${thing}: got ${array.length}`);
    }
    return array.map((entry, i) => {
      const number = typeof entry === "boolean" ? Number(entry) : entry;
      if (typeof number !== "number") {
        this.fail(`'${place}[${i}]' must be a finite number: got ${shown(entry)}`);
      }
      return number;
    });
  }

  /** The same, of finite numbers in 32 bits. */
  finite(value: unknown, length: number, place: string, thing: string): number[] {
    const numbers = this.numbers(value, length, place, thing);
    const wrong = numbers.findIndex((number) => !Number.isFinite(Math.fround(number)));
    if (wrong < 0) return numbers;
    this.fail(`'${place}[${wrong}]' must be a finite number: got ${numbers[wrong]}`);
  }

  /** A whole number within [least, most]; XGBoost writes its parameters as strings. */
  count(value: unknown, place: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    const isCount = Number.isSafeInteger(number) && (number as number) >= least;
    if (!isCount || (number as number) > most) {
      const bound = isCount ? `at most ${most}` : `at least ${least}`;
      this.fail(`'${place}' must be a whole number of ${bound}: got ${shown(value)}`);
    }
    return number as number;
  }

  /** Refuses models with several outputs. */
  atMostOne(value: unknown, place: string): void {
    if (value !== undefined && !["0", "1"].includes(shown(value).replaceAll('"', ""))) {
      this.fail(`it must have one output: '${place}' is ${shown(value)}`);
    }
  }

  oneOf(value: unknown, supported: readonly string[], what: string): string {
    if (typeof value !== "string" || !supported.includes(value)) {
      this.fail(`${what} must be ${supported.join(", ")}: got ${shown(value)}`);
    }
    return value;
  }

  /** `"5E-1"` until XGBoost 3.0, `"[5E-1]"` since 3.1. */
  baseScore(value: unknown): number {
    const text = typeof value === "string"
      ? value.replace(/^\s*\[([^]*)\]\s*$/, "$1").trim()
      : value;
    const isDecimal = typeof text !== "string" ||
      /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
    const number = isDecimal ? Math.fround(Number(text)) : NaN;
    const isNumber = typeof value === "number" || typeof value === "string";
    if (!isNumber || !Number.isFinite(number)) {
      this.fail(`'learner_model_param.base_score' must be one finite number: got ${shown(value)}`);
    }
    return number;
  }
}
