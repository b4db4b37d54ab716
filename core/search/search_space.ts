/**
 * Named hyperparameters and their encoding as points of [0,1]^d.
 *
 * @module
 */
import { InputError } from "./errors.ts";

/** A hyperparameter with a numeric range. */
export interface NumericHyperparameter {
  /** `"real"`, or `"integer"`, whose values are rounded. */
  type: "real" | "integer";
  /** Smallest value. */
  min: number;
  /** Largest value. */
  max: number;
  /** Whether the logarithm is spread evenly over [0, 1]; needs `min` > 0. @default false */
  log?: boolean;
}

/** A hyperparameter that is one of some values, without an order. */
export interface CategoricalHyperparameter {
  /** Always `"choice"`. */
  type: "choice";
  /** At least two different values. */
  values: readonly (string | number | boolean)[];
}

/** One hyperparameter. */
export type Hyperparameter = NumericHyperparameter | CategoricalHyperparameter;

/** Values of all hyperparameters, by name. */
export type Configuration = Record<string, string | number | boolean>;

/**
 * A list of named hyperparameters. Numeric ones take one coordinate each; a choice between two values
 * takes one, a choice between more takes one a value (one-hot), as in HPO-B.
 *
 * @example
 * ```ts
 * import { SearchSpace } from "@genhpo/genhpo";
 *
 * const space = new SearchSpace({
 *   learningRate: { type: "real", min: 1e-4, max: 1, log: true },
 *   depth: { type: "integer", min: 1, max: 15 },
 *   booster: { type: "choice", values: ["gbtree", "gblinear", "dart"] },
 * });
 * const point = space.encode({ learningRate: 0.01, depth: 8, booster: "dart" });
 * console.log(point); // Float64Array [ 0.5, 0.5, 0, 0, 1 ]
 * console.log(space.decode(point)); // { learningRate: 0.01, depth: 8, booster: "dart" }
 * ```
 */
export class SearchSpace {
  /** Names of the hyperparameters, in order. */
  readonly names: readonly string[];
  /** d, the number of coordinates of a point. */
  readonly dimension: number;
  readonly #hyperparameters: readonly (readonly [string, Hyperparameter])[];

  /**
   * Describes a search space.
   *
   * @param hyperparameters The hyperparameters by name; their order is that of the coordinates.
   * @throws {InputError} when one of them is not valid.
   */
  constructor(hyperparameters: Readonly<Record<string, Hyperparameter>>) {
    this.#hyperparameters = Object.entries(hyperparameters);
    this.names = this.#hyperparameters.map(([name]) => name);
    for (const [name, hyperparameter] of this.#hyperparameters) check(name, hyperparameter);
    if (this.names.length === 0) {
      throw new InputError(
        "Cannot use the search space as it must have a hyperparameter: got none",
      );
    }
    this.dimension = this.#hyperparameters.reduce((sum, [, one]) => sum + widthOf(one), 0);
  }

  /**
   * The point of a configuration.
   *
   * @throws {InputError} when a hyperparameter is missing, unknown or out of its range.
   */
  encode(configuration: Configuration): Float64Array {
    const unknown = Object.keys(configuration).find((name) => !this.names.includes(name));
    if (unknown !== undefined) {
      throw new InputError(
        `Cannot encode the configuration as hyperparameters must be among ` +
          `${this.names.join(", ")}: got "${unknown}"`,
      );
    }
    return Float64Array.from(
      this.#hyperparameters.flatMap(([name, one]) => encode(name, one, configuration[name])),
    );
  }

  /** The configuration of a point of [0,1]^d; integers are rounded, choices are the largest coordinate. */
  decode(point: Float64Array): Configuration {
    if (point.length !== this.dimension) {
      throw new RangeError(
        `Cannot decode the point as it must have ${this.dimension} coordinates: got ${point.length}`,
      );
    }
    const outside = point.find((x) => !(x >= 0 && x <= 1));
    if (outside !== undefined) {
      throw new RangeError(
        `Cannot decode the point as its coordinates must be in [0, 1]: got ${outside}`,
      );
    }
    const configuration: Configuration = {};
    let start = 0;
    for (const [name, one] of this.#hyperparameters) {
      const width = widthOf(one);
      configuration[name] = decode(one, point.subarray(start, start + width));
      start += width;
    }
    return configuration;
  }
}

/** Number of coordinates of a hyperparameter. */
function widthOf(hyperparameter: Hyperparameter): number {
  if (hyperparameter.type !== "choice" || hyperparameter.values.length === 2) return 1;
  return hyperparameter.values.length;
}

function encode(name: string, one: Hyperparameter, value: Configuration[string]): number[] {
  if (one.type === "choice") {
    // Values that were read from text are compared as text.
    const index = one.values.findIndex((known) => String(known) === String(value));
    if (index < 0) throw outside(name, `one of ${one.values.join(", ")}`, value);
    return one.values.length === 2 ? [index] : one.values.map((_, i) => (i === index ? 1 : 0));
  }
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number" || !(number >= one.min && number <= one.max)) {
    throw outside(name, `a number from ${one.min} to ${one.max}`, value);
  }
  if (one.type === "integer" && !Number.isInteger(number)) throw outside(name, "an integer", value);
  const [low, high, at] = [one.min, one.max, number].map((x) => (one.log ? Math.log(x) : x));
  return [Math.min(1, Math.max(0, (at - low) / (high - low)))];
}

function decode(one: Hyperparameter, coordinates: Float64Array): Configuration[string] {
  if (one.type === "choice") {
    if (coordinates.length === 1) return one.values[coordinates[0] < 0.5 ? 0 : 1];
    return one.values[coordinates.indexOf(Math.max(...coordinates))];
  }
  const [low, high] = one.log ? [Math.log(one.min), Math.log(one.max)] : [one.min, one.max];
  const at = low + coordinates[0] * (high - low);
  const value = one.log ? Math.exp(at) : at;
  const rounded = one.type === "integer" ? Math.round(value) : Number(value.toPrecision(12));
  return Math.min(one.max, Math.max(one.min, rounded));
}

function outside(name: string, requirement: string, value: unknown): InputError {
  return new InputError(
    `Cannot encode the configuration as '${name}' must be ${requirement}: ` +
      `got ${value === undefined ? "nothing" : JSON.stringify(value)}`,
  );
}

function check(name: string, one: Hyperparameter): void {
  const fail = (requirement: string, given: unknown): never => {
    throw new InputError(
      `Cannot use the search space as ${requirement} of '${name}': got ${JSON.stringify(given)}`,
    );
  };
  if (one?.type === "choice") {
    if (!Array.isArray(one.values) || new Set(one.values.map(String)).size !== one.values.length) {
      fail("'values' must be a list of different values", one.values ?? null);
    }
    if (one.values.length < 2) fail("'values' must hold at least two values", one.values);
  } else if (one?.type === "real" || one?.type === "integer") {
    if (![one.min, one.max].every(Number.isFinite) || !(one.min < one.max)) {
      fail("'min' must be below 'max'", [one.min ?? null, one.max ?? null]);
    }
    if (one.type === "integer" && ![one.min, one.max].every(Number.isInteger)) {
      fail("'min' and 'max' must be integers", [one.min, one.max]);
    }
    if (one.log && one.min <= 0) fail("'min' must be above 0 for a log scale", one.min);
  } else fail("'type' must be real, integer or choice", one?.type ?? null);
}
