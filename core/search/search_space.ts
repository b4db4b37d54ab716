/**
 * Named hyperparameters and their encoding as points of [0,1]^d.
 *
 * @module
 */
import {
  type Condition,
  effectiveConditions,
  type Member,
  parentsFirst,
  resolveConditions,
} from "./_conditions.ts";
import { type Domain, domainOf } from "./_domain.ts";
import { checkHyperparameter, isRecord, spaceError } from "./space_checks.ts";
import { spaceDifference } from "./_space_difference.ts";
import { isMissing } from "./spelling.ts";
import { type Coordinate, dimensionOf, gridSize, readValues, writeValues } from "./coordinates.ts";
import { didYouMean, InputError } from "./errors.ts";
import { shown } from "./json.ts";
import type { ConfigurationOf, Hyperparameters, Value } from "./hyperparameter.ts";
import type { Point } from "./task.ts";

/**
 * Values of hyperparameters by name, typed by the space where one is given: `Configuration<typeof space>`. Those that
 * are not active are absent.
 */
// deno-lint-ignore no-explicit-any
export type Configuration<S extends SearchSpace<any> = SearchSpace> = ConfigurationOf<
  S["hyperparameters"]
>;

/** What is wrong with the value of one hyperparameter. */
export interface ValueProblem {
  /** Name of the hyperparameter. */
  readonly name: string;
  /**
   * `"outside"`: beyond a range, between two steps, or beside a constant, so that there is a nearest value;
   * `"inactive"`: given though it is not active; `"invalid"`: no value of it; `"missing"`; `"unknown"`: not in the space.
   */
  readonly kind: "outside" | "inactive" | "invalid" | "missing" | "unknown";
  /** Requirement and what was given. */
  readonly message: string;
}

/** Values that were read. */
export interface ConfigurationReading<H extends Hyperparameters = Hyperparameters> {
  /** The nearest configuration of the space; undefined with a value that is missing or invalid. */
  readonly configuration: ConfigurationOf<H> | undefined;
  /** Everything that is wrong with the values; none if they are a configuration of the space. */
  readonly problems: readonly ValueProblem[];
}

/**
 * A list of named hyperparameters.
 *
 * A real takes one column, linear or logarithmic. Integers, steps and ordered values take one column with cells of
 * equal width, from half a step below the smallest to half a step above the largest, and stand at the centre of their
 * cell: value i of k at (i + 1/2) / k; on a logarithmic scale where its logarithm stands between those of the two
 * ends. (With more than 1000 values they are reals to an optimizer, and the nearest value is taken.) A choice between
 * two values takes one column, 0 or 1, a choice between more takes one a value (one-hot), as in HPO-B. A constant takes
 * none. A hyperparameter with conditions takes one column more, which is 1 while it is inactive; its own columns are
 * 0 then, and it is absent from the configuration.
 *
 * @example
 * ```ts
 * import { type Configuration, SearchSpace } from "@genhpo/genhpo";
 *
 * const space = new SearchSpace({
 *   learningRate: { type: "real", min: 1e-4, max: 1, log: true },
 *   depth: { type: "integer", min: 1, max: 15 },
 *   booster: { type: "choice", values: ["gbtree", "gblinear", "dart"] },
 *   dropout: { type: "real", min: 0, max: 0.5, when: { booster: "dart" } },
 * });
 * const configuration: Configuration<typeof space> = {
 *   learningRate: 0.01,
 *   depth: 8,
 *   booster: "gbtree", // so there is no dropout
 * };
 * const point = space.encode(configuration);
 * console.log(point); // Float64Array [ 0.5, 0.5, 1, 0, 0, 0, 1 ]
 * console.log(space.decode(point)); // { learningRate: 0.01, depth: 8, booster: "gbtree" }
 * ```
 */
export class SearchSpace<const H extends Hyperparameters = Hyperparameters> {
  /** The hyperparameters by name, as they were given. */
  readonly hyperparameters: H;
  /** Names of the hyperparameters, in the order of a configuration. */
  readonly names: readonly string[];
  /** What the columns of a point mean to an optimizer: all hyperparameters but constants, parents before children. */
  readonly coordinates: readonly Coordinate[];
  /** Names of the coordinates, in their order. */
  readonly columns: readonly string[];
  /** d, the number of columns of a point. */
  readonly dimension: number;
  readonly #members: ReadonlyMap<string, Member>;
  readonly #conditions: ReadonlyMap<string, readonly Condition[]>;
  /** Names, parents before children. */
  readonly #sorted: readonly string[];

  /**
   * Describes a search space.
   *
   * @param hyperparameters The hyperparameters by name; their order is that of the columns, as far as parents stand
   * before their children.
   * @throws {InputError} when one of them is not valid, when conditions lead in a circle, or when nothing varies.
   */
  constructor(hyperparameters: H) {
    if (!isRecord(hyperparameters)) {
      throw new InputError(
        `Cannot use the search space as it must be an object of hyperparameters by name: ` +
          `got ${shown(hyperparameters)}`,
      );
    }
    const members = new Map<string, Member>();
    for (const [name, one] of Object.entries(hyperparameters)) {
      checkHyperparameter(name, one);
      const given = copyOf(name, one);
      const member = { name, given, domain: domainOf(given) };
      checkDefault(member);
      members.set(name, member);
    }
    this.#members = members;
    this.hyperparameters = Object.fromEntries(
      [...members].map(([name, { given }]) => [name, given]),
    ) as H;
    this.names = [...members.keys()];
    this.#conditions = resolveConditions(members);
    this.#sorted = parentsFirst(this.#conditions);
    const effective = effectiveConditions(this.#sorted, this.#conditions, members);
    this.columns = this.#sorted.filter((name) =>
      members.get(name)!.domain.coordinate !== undefined && effective.get(name) !== undefined
    );
    if (this.columns.length === 0) {
      throw new InputError(
        `Cannot use the search space as it must have a hyperparameter that varies: ` +
          `got ${this.names.length === 0 ? "none" : `constants only (${this.names.join(", ")})`}`,
      );
    }
    this.coordinates = this.columns.map((name) => this.#coordinate(name, effective.get(name)!));
    this.dimension = dimensionOf(this.coordinates);
  }

  /** Number of configurations; Infinity with a real, or with more than 1000 integers or steps in one hyperparameter. */
  get size(): number {
    return gridSize(this.coordinates);
  }

  /**
   * The configuration of the hyperparameters' defaults, which is worth trying first; the middle or the first value
   * stands in for those without one. Undefined if there is no default at all.
   */
  get defaults(): ConfigurationOf<H> | undefined {
    const found = new Map<string, Value>();
    let hasDefault = false;
    for (const name of this.#sorted) {
      if (!this.#isActive(name, found)) continue;
      const { given, domain } = this.#members.get(name)!;
      if ("default" in given && given.default !== undefined) {
        hasDefault = true;
        found.set(name, (domain.read(given.default) as { value: Value }).value);
      } else found.set(name, domain.at(middleOf(domain)));
    }
    return hasDefault ? this.#ordered(found) : undefined;
  }

  /** Whether a configuration may lack the hyperparameter: with conditions, or a constant. */
  isOptional(name: string): boolean {
    const { given: { when }, domain } = this.#members.get(name)!;
    return when !== undefined || domain.coordinate === undefined;
  }

  /**
   * Reads values as programs and files spell them (`"0.1"`, `True` for true, `32.0` for 32, an empty text for null),
   * moves what is beside a bound by rounding (1e-9 relative) to it, and says everything that is wrong.
   */
  read(values: Readonly<Record<string, unknown>>): ConfigurationReading<H> {
    const problems: ValueProblem[] = [];
    const found = new Map<string, Value>();
    let isWhole = true;
    for (const name of this.#sorted) {
      const given = Object.hasOwn(values, name) ? values[name] : undefined;
      if (!this.#isActive(name, found)) {
        if (isMissing(given)) continue;
        const message = `'${name}' must be left out as it is not active: got ${shown(given)}`;
        problems.push({ name, kind: "inactive", message });
        continue;
      }
      const { domain } = this.#members.get(name)!;
      if (domain.coordinate === undefined && isMissing(given)) { // constants need not be given
        found.set(name, domain.at(0));
        continue;
      }
      const reading = given === undefined ? { requirement: "given" } : domain.read(given);
      if ("value" in reading) {
        found.set(name, reading.value);
        continue;
      }
      const kind = given === undefined
        ? "missing"
        : reading.nearest === undefined
        ? "invalid"
        : "outside";
      problems.push({
        name,
        kind,
        message: `'${name}' must be ${reading.requirement}: got ${shown(given)}`,
      });
      if (reading.nearest === undefined) isWhole = false;
      else found.set(name, reading.nearest);
    }
    for (const name of Object.keys(values)) {
      if (this.#members.has(name)) continue;
      const message = `hyperparameters must be among ${this.names.join(", ")}: ` +
        `got "${name}"${didYouMean(name, this.names)}`;
      problems.push({ name, kind: "unknown", message });
    }
    return { configuration: isWhole ? this.#ordered(found) : undefined, problems };
  }

  /** Whether values are a configuration of the space. */
  contains(values: Readonly<Record<string, unknown>>): boolean {
    return this.read(values).problems.length === 0;
  }

  /**
   * The point of a configuration. Values may be spelled as {@linkcode read} knows them.
   *
   * @returns a point of [0,1]^d.
   * @throws {InputError} when a hyperparameter is missing, unknown, out of its range, or given though it is inactive.
   */
  encode(configuration: ConfigurationOf<H>): Float64Array {
    const { configuration: read, problems } = this.read(configuration as Record<string, unknown>);
    if (problems.length > 0) {
      throw new InputError(`Cannot encode the configuration as ${problems[0].message}`);
    }
    const values = new Map(Object.entries(read as Record<string, Value>));
    const places = this.columns.map((name) =>
      values.has(name) ? this.#members.get(name)!.domain.place(values.get(name)!) : NaN
    );
    return writeValues(places, this.coordinates);
  }

  /**
   * The configuration that a point of [0,1]^d stands for: the nearest level, the largest column of a choice.
   * Encoding it gives the point of the space that stands for the same; doing both again changes nothing.
   *
   * @throws {RangeError} for another number of columns than the space has, or one outside of [0, 1].
   */
  decode(point: Point): ConfigurationOf<H> {
    if (point.length !== this.dimension) {
      throw new RangeError(
        `Cannot decode the point as it must have ${this.dimension} columns: got ${point.length}`,
      );
    }
    const outside = Array.from(point).find((x) => !(x >= 0 && x <= 1));
    if (outside !== undefined) {
      throw new RangeError(
        `Cannot decode the point as its columns must be in [0, 1]: got ${outside}`,
      );
    }
    const places = readValues(point, this.coordinates);
    const found = new Map<string, Value>();
    this.columns.forEach((name, i) => {
      if (!Number.isNaN(places[i])) found.set(name, this.#members.get(name)!.domain.at(places[i]));
    });
    for (const name of this.#sorted) {
      const { domain } = this.#members.get(name)!;
      if (domain.coordinate === undefined && this.#isActive(name, found)) {
        found.set(name, domain.at(0));
      }
    }
    return this.#ordered(found);
  }

  /** What is different in another space, one sentence each; none if both are the same. */
  difference(other: SearchSpace): string[] {
    return spaceDifference(this.toJSON(), other.toJSON());
  }

  /** The hyperparameters as JSON, as {@linkcode SearchSpace.fromJSON} and the commands' `--space` read them. */
  toJSON(): Hyperparameters {
    return this.hyperparameters;
  }

  /**
   * A space from parsed JSON: an object of hyperparameters by name.
   *
   * @throws {InputError} naming what is not valid.
   */
  static fromJSON(value: unknown): SearchSpace {
    return new SearchSpace(value as Hyperparameters);
  }

  #isActive(name: string, values: ReadonlyMap<string, Value>): boolean {
    return this.#conditions.get(name)!.every(({ parent, places }) =>
      values.has(parent) &&
      places.includes(this.#members.get(parent)!.domain.place(values.get(parent)!))
    );
  }

  #coordinate(name: string, conditions: readonly Condition[]): Coordinate {
    const coordinate = this.#members.get(name)!.domain.coordinate!;
    if (conditions.length === 0) return coordinate;
    const when = conditions.map(({ parent, places }) => ({
      parent: this.columns.indexOf(parent),
      values: places,
    }));
    return { ...coordinate, when };
  }

  /** As an object whose fields stand in the order of the names. */
  #ordered(values: ReadonlyMap<string, Value>): ConfigurationOf<H> {
    const entries = this.names.filter((name) => values.has(name))
      .map((name) => [name, values.get(name)!] as const);
    return Object.fromEntries(entries) as ConfigurationOf<H>;
  }
}

function checkDefault({ name, given, domain }: Member): void {
  if (!("default" in given) || given.default === undefined) return;
  const reading = domain.read(given.default);
  if (!("value" in reading)) {
    throw spaceError(name, `'default' must be ${reading.requirement} as a value`, given.default);
  }
}

/** The place in the middle of a scale, or of the first choice. */
function middleOf({ coordinate }: Domain): number {
  if (coordinate?.kind === "real") return 0.5;
  return coordinate?.kind === "levels" ? Math.floor((coordinate.positions.length - 1) / 2) : 0;
}

/** A copy, so that nothing that is done to the object later changes the space. */
function copyOf<T>(name: string, hyperparameter: T): T {
  try {
    return structuredClone(hyperparameter);
  } catch { // functions, and what is nested thousands of levels deep
    throw new InputError(
      `Cannot use the search space as '${name}' must be plain data: got what cannot be copied`,
    );
  }
}
