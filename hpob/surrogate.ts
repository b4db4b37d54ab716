/**
 * The surrogates of HPO-B's continuous protocol: gradient-boosted regression trees saved by XGBoost.
 *
 * @module
 */
import { InputError } from "../core/search/errors.ts";
import { parseJson } from "../core/search/json.ts";
import { type BoosterTree, readBooster } from "./_booster.ts";
import { parseUbjson } from "./data/ubjson.ts";

/**
 * How many trees are walked at once. A step down a tree waits for three dependent loads; four
 * independent walks fill that time.
 */
const treesAtOnce = 4;

/** Stands in for trees up to a multiple of {@linkcode treesAtOnce}; adding -0 changes no sum. */
const emptyTree: BoosterTree = {
  left: [-1],
  right: [-1],
  feature: [0],
  condition: [-0],
  defaultLeft: [0],
};

/**
 * A sum of regression trees, evaluated bit for bit as XGBoost does since 1.4: coordinates, thresholds
 * and leaf values are 32-bit floats; the sum starts with the base score, adds the trees in their order,
 * and is rounded to 32 bits after each. All trees count, as in `Booster.predict`, also those behind a
 * `best_iteration`.
 */
export class XgboostSurrogate {
  /** Number of coordinates of a point. */
  readonly features: number;
  readonly #baseMargin: number;
  readonly #response: ((margin: number) => number) | undefined;
  /** Root of every tree. */
  readonly #roots: Int32Array;
  /** Greatest depth in every group of {@linkcode treesAtOnce} trees. */
  readonly #depths: Int32Array;

  // The nodes of all trees. Siblings are neighbours, so that a step is left + (x >= threshold). A leaf
  // is its own left child and its threshold is NaN, so that a step from it stays there: the walks of
  // a group can all take the same number of steps, without a branch.
  readonly #left: Int32Array;
  readonly #feature: Int32Array;
  readonly #threshold: Float32Array;
  /** Values of leaves. */
  readonly #value: Float32Array;
  /** 1 where a missing value goes right. */
  readonly #missingRight: Uint8Array;

  /** The point at hand in 32 bits. */
  readonly #point: Float32Array;

  private constructor(json: unknown, source: string) {
    const booster = readBooster(json, source);
    const trees = [...booster.trees];
    while (trees.length % treesAtOnce !== 0) trees.push(emptyTree);
    const nodes = trees.reduce((sum, tree) => sum + tree.left.length, 0);
    this.features = booster.features;
    this.#baseMargin = booster.baseMargin;
    this.#response = booster.response;
    this.#roots = new Int32Array(trees.length);
    this.#depths = new Int32Array(trees.length / treesAtOnce);
    this.#left = new Int32Array(nodes);
    this.#feature = new Int32Array(nodes);
    this.#threshold = new Float32Array(nodes).fill(NaN);
    this.#value = new Float32Array(nodes);
    this.#missingRight = new Uint8Array(nodes);
    this.#point = new Float32Array(booster.features);
    let end = 0;
    trees.forEach((tree, t) => {
      this.#roots[t] = end;
      const group = Math.floor(t / treesAtOnce);
      const { depth, nodes } = this.#place(tree, booster.weights?.[t] ?? 1, end);
      this.#depths[group] = Math.max(this.#depths[group], depth);
      end += nodes;
    });
  }

  /** Lays out a tree from node `start` on, breadth first. */
  #place(tree: BoosterTree, weight: number, start: number): { depth: number; nodes: number } {
    const order = [0]; // nodes of the tree in the order of their places
    let depth = 0;
    let levelEnd = 1;
    for (let i = 0; i < order.length; i++) {
      if (i === levelEnd) {
        depth++;
        levelEnd = order.length;
      }
      const node = order[i];
      const place = start + i;
      if (tree.left[node] < 0) {
        this.#left[place] = place;
        this.#value[place] = Math.fround(weight) * Math.fround(tree.condition[node]);
      } else {
        this.#left[place] = start + order.length;
        this.#feature[place] = tree.feature[node];
        this.#threshold[place] = tree.condition[node];
        this.#missingRight[place] = tree.defaultLeft[node] ? 0 : 1;
        order.push(tree.left[node], tree.right[node]);
      }
    }
    return { depth, nodes: order.length };
  }

  /**
   * Reads a booster that XGBoost 1.0 to 3.4 saved as JSON.
   *
   * @param json The text of the file, or the parsed file.
   * @param source What error messages call it.
   * @throws {InputError} when the file is damaged, or not a model of trees with one output.
   */
  static fromJson(json: string | object, source = "file"): XgboostSurrogate {
    if (typeof json !== "string") return new XgboostSurrogate(json, source);
    return new XgboostSurrogate(parsed(() => parseJson(json), "JSON", source), source);
  }

  /**
   * Reads a booster that XGBoost 1.6 to 3.4 saved as UBJSON, its default format since 2.1.
   *
   * @param bytes The content of the file.
   * @param source What error messages call it.
   * @throws {InputError} when the file is damaged, or not a model of trees with one output.
   */
  static fromUbjson(bytes: Uint8Array, source = "file"): XgboostSurrogate {
    return new XgboostSurrogate(parsed(() => parseUbjson(bytes), "UBJSON", source), source);
  }

  /**
   * The predictions for some points; NaN is a missing value.
   *
   * @throws {TypeError} when a point does not have {@linkcode XgboostSurrogate.features} coordinates.
   */
  predict(points: readonly Float64Array[]): Float32Array {
    const predictions = new Float32Array(points.length);
    points.forEach((point, i) => predictions[i] = this.predictOne(point));
    return predictions;
  }

  /**
   * The prediction for a point; NaN is a missing value.
   *
   * @returns a 32-bit float.
   * @throws {TypeError} when the point does not have {@linkcode XgboostSurrogate.features} coordinates.
   */
  predictOne(point: Float64Array): number {
    if (point.length !== this.features) {
      throw new TypeError(
        `Cannot predict as a point must have ${this.features} coordinates: got ${point.length}`,
      );
    }
    this.#point.set(point);
    const margin = point.includes(NaN) ? this.#sumWithMissing() : this.#sum();
    return this.#response ? this.#response(margin) : margin;
  }

  #sum(): number {
    const [roots, depths, value, x] = [this.#roots, this.#depths, this.#value, this.#point];
    const [left, feature, threshold] = [this.#left, this.#feature, this.#threshold];
    let sum = this.#baseMargin;
    for (let t = 0, group = 0; t < roots.length; t += treesAtOnce, group++) {
      let a = roots[t], b = roots[t + 1], c = roots[t + 2], d = roots[t + 3];
      for (let step = depths[group]; step > 0; step--) {
        a = left[a] + Number(x[feature[a]] >= threshold[a]);
        b = left[b] + Number(x[feature[b]] >= threshold[b]);
        c = left[c] + Number(x[feature[c]] >= threshold[c]);
        d = left[d] + Number(x[feature[d]] >= threshold[d]);
      }
      sum = Math.fround(sum + value[a]);
      sum = Math.fround(sum + value[b]);
      sum = Math.fround(sum + value[c]);
      sum = Math.fround(sum + value[d]);
    }
    return sum;
  }

  #sumWithMissing(): number {
    let sum = this.#baseMargin;
    for (let node of this.#roots) {
      while (this.#left[node] !== node) {
        const x = this.#point[this.#feature[node]];
        const right = Number.isNaN(x)
          ? this.#missingRight[node]
          : Number(x >= this.#threshold[node]);
        node = this.#left[node] + right;
      }
      sum = Math.fround(sum + this.#value[node]);
    }
    return sum;
  }
}

function parsed(parse: () => unknown, format: string, source: string): unknown {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InputError(
      `Cannot read XGBoost model ${source} as it must be ${format}: ${error.message}`,
    );
  }
}
