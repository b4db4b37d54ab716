/**
 * Reads boosters that XGBoost saved as JSON (`Booster.save_model("name.json")`): the layout of
 * XGBoost 1.x, 2.x and 3.x.
 *
 * Source: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html (JSON schema).
 *
 * @module
 */
import { InputError } from "../core/search/errors.ts";

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
  /** What the sum over the trees starts with. */
  readonly baseScore: number;
  /** The trees, in the order in which they are added. */
  readonly trees: readonly BoosterTree[];
}

/** Objectives whose prediction is the sum of the trees itself, without a link function. */
const identityObjectives = [
  "reg:squarederror",
  "reg:linear", // the name of reg:squarederror before XGBoost 0.90
  "reg:squaredlogerror",
  "reg:pseudohubererror",
  "reg:absoluteerror",
  "reg:quantileerror",
];

/**
 * Validates a parsed booster file.
 *
 * @param json The parsed file.
 * @param source What error messages call it.
 * @throws {InputError} when it is no booster, is damaged, or is of a kind that is not supported.
 */
export function readBooster(json: unknown, source: string): Booster {
  const reader = new Reader(source);
  const learner = reader.object(reader.object(json, "the file").learner, "learner");
  const boosterJson = reader.object(learner.gradient_booster, "learner.gradient_booster");
  reader.oneOf(boosterJson.name, ["gbtree"], "the booster");
  const objective = reader.object(learner.objective, "learner.objective");
  reader.oneOf(objective.name, identityObjectives, "the objective");

  const parameters = reader.object(learner.learner_model_param, "learner.learner_model_param");
  const features = reader.count(parameters.num_feature, "learner_model_param.num_feature");
  reader.atMostOne(parameters.num_class, "learner_model_param.num_class");
  reader.atMostOne(parameters.num_target, "learner_model_param.num_target");
  const baseScore = reader.baseScore(parameters.base_score);

  const model = reader.object(boosterJson.model, "learner.gradient_booster.model");
  const trees = reader.array(model.trees, "model.trees");
  const treeCount = reader.object(model.gbtree_model_param, "model.gbtree_model_param").num_trees;
  if (reader.count(treeCount, "gbtree_model_param.num_trees") !== trees.length) {
    reader.fail(`'model.trees' must have ${treeCount} trees: got ${trees.length}`);
  }
  return {
    features,
    baseScore,
    trees: trees.map((tree, i) => readTree(tree, `trees[${i}]`, features, reader)),
  };
}

function readTree(json: unknown, place: string, features: number, reader: Reader): BoosterTree {
  const object = reader.object(json, place);
  const parameters = reader.object(object.tree_param, `${place}.tree_param`);
  const nodes = reader.count(parameters.num_nodes, `${place}.tree_param.num_nodes`);
  reader.atMostOne(parameters.size_leaf_vector, `${place}.tree_param.size_leaf_vector`);
  const numbers = (key: string) => reader.numbers(object[key], nodes, `${place}.${key}`);
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
    if (left === -1 && right === -1) continue;
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

  object(value: unknown, place: string): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.fail(`'${place}' must be an object: got ${describe(value)}`);
    }
    return value as Record<string, unknown>;
  }

  array(value: unknown, place: string): unknown[] {
    if (!Array.isArray(value)) this.fail(`'${place}' must be an array: got ${describe(value)}`);
    return value;
  }

  /** An array of finite numbers (booleans, as XGBoost before 1.3 wrote directions, count as 0 and 1). */
  numbers(value: unknown, length: number, place: string): number[] {
    const array = this.array(value, place);
    if (array.length !== length) {
      this.fail(`'${place}' must have ${length} entries, one a node: got ${array.length}`);
    }
    return array.map((entry, i) => {
      const number = typeof entry === "boolean" ? Number(entry) : entry;
      if (typeof number !== "number" || !Number.isFinite(Math.fround(number))) {
        this.fail(`'${place}[${i}]' must be a finite number: got ${describe(entry)}`);
      }
      return number;
    });
  }

  /** A positive integer; XGBoost writes its parameters as strings. */
  count(value: unknown, place: string): number {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (!Number.isSafeInteger(number) || (number as number) < 1) {
      this.fail(`'${place}' must be a positive integer: got ${describe(value)}`);
    }
    return number as number;
  }

  /** Refuses models with several outputs. */
  atMostOne(value: unknown, place: string): void {
    if (value !== undefined && !["0", "1"].includes(String(value))) {
      this.fail(`it must have one output: '${place}' is ${describe(value)}`);
    }
  }

  oneOf(value: unknown, supported: readonly string[], what: string): void {
    if (typeof value !== "string" || !supported.includes(value)) {
      this.fail(`${what} must be ${supported.join(", ")}: got ${describe(value)}`);
    }
  }

  /** `"5E-1"` in XGBoost 1.x and 2.x, `"[5E-1]"` since 3.1. */
  baseScore(value: unknown): number {
    const text = String(value).replace(/^\[(.*)\]$/, "$1").trim();
    const number = Math.fround(Number(text));
    if (text === "" || !Number.isFinite(number)) {
      this.fail(
        `'learner_model_param.base_score' must be one finite number: got ${describe(value)}`,
      );
    }
    return number;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
