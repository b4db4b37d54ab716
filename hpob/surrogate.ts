/**
 * The surrogates of HPO-B's continuous protocol: gradient-boosted regression trees saved by XGBoost.
 *
 * @module
 */
import { InputError } from "../core/errors.ts";
import { readBooster } from "./_booster.ts";

/**
 * A sum of regression trees, evaluated bit for bit as XGBoost does: coordinates, thresholds and leaf
 * values are 32-bit floats, and so is every partial sum.
 */
export class XgboostSurrogate {
  /** Number of coordinates of a point. */
  readonly features: number;
  readonly #baseScore: number;
  readonly #roots: Int32Array;
  readonly #feature: Int32Array;
  readonly #condition: Float32Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #missing: Int32Array;

  private constructor(json: unknown, source: string) {
    const { features, baseScore, trees } = readBooster(json, source);
    this.features = features;
    this.#baseScore = baseScore;
    const nodes = trees.reduce((sum, tree) => sum + tree.left.length, 0);
    this.#roots = new Int32Array(trees.length);
    this.#feature = new Int32Array(nodes);
    this.#condition = new Float32Array(nodes);
    this.#left = new Int32Array(nodes);
    this.#right = new Int32Array(nodes);
    this.#missing = new Int32Array(nodes);
    let offset = 0;
    trees.forEach((tree, t) => {
      this.#roots[t] = offset;
      for (let i = 0; i < tree.left.length; i++) {
        const leaf = tree.left[i] < 0;
        this.#feature[offset + i] = leaf ? -1 : tree.feature[i];
        this.#condition[offset + i] = tree.condition[i];
        this.#left[offset + i] = offset + tree.left[i];
        this.#right[offset + i] = offset + tree.right[i];
        this.#missing[offset + i] = offset + (tree.defaultLeft[i] ? tree.left[i] : tree.right[i]);
      }
      offset += tree.left.length;
    });
  }

  /**
   * Reads a booster that XGBoost 1.x, 2.x or 3.x saved as JSON.
   *
   * @param json The text of the file, or the parsed file.
   * @param source What error messages call it.
   * @throws {InputError} when the file is damaged, or not a regression by trees with one output.
   */
  static fromJson(json: string | object, source = "file"): XgboostSurrogate {
    if (typeof json !== "string") return new XgboostSurrogate(json, source);
    let parsed: unknown;
    try {
      parsed = JSON.parse(json);
    } catch (error) {
      throw new InputError(
        `Cannot read XGBoost model ${source} as it must be JSON: ${(error as Error).message}`,
      );
    }
    return new XgboostSurrogate(parsed, source);
  }

  /**
   * The predictions for some points; NaN is a missing value.
   *
   * @throws {TypeError} when a point does not have {@linkcode XgboostSurrogate.features} coordinates.
   */
  predict(points: readonly Float64Array[]): Float32Array {
    return Float32Array.from(points, (point) => this.#predictOne(point));
  }

  #predictOne(point: Float64Array): number {
    if (point.length !== this.features) {
      throw new TypeError(
        `Cannot predict as a point must have ${this.features} coordinates: got ${point.length}`,
      );
    }
    const x = Float32Array.from(point);
    let sum = this.#baseScore;
    for (let node of this.#roots) {
      for (let f = this.#feature[node]; f >= 0; f = this.#feature[node]) {
        const value = x[f];
        if (value < this.#condition[node]) node = this.#left[node];
        else node = value === value ? this.#right[node] : this.#missing[node];
      }
      sum = Math.fround(sum + this.#condition[node]);
    }
    return sum;
  }
}
