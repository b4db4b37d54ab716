/**
 * The kinds of hyperparameters that a search space is made of, and the configurations that follow from them.
 *
 * @module
 */

/** One value of a hyperparameter. */
export type Value = string | number | boolean | null;

/**
 * When a hyperparameter is active: while every parent that is named takes the value, or one of the values.
 * A parent is a choice, an ordered list, a constant, or an integer of at most 1000 values.
 */
export type Conditions = Readonly<Record<string, Value | readonly Value[]>>;

/** A number of a range. */
export interface RealHyperparameter {
  /** Always `"real"`. */
  readonly type: "real";
  /** Smallest value. */
  readonly min: number;
  /** Largest value; equal to `min` for a constant. */
  readonly max: number;
  /** Whether the logarithm is spread evenly over [0, 1]; needs `min` > 0. @default {false} */
  readonly log?: boolean;
  /** Distance of the values `min`, `min + step`, ..., `max`. @default {any value of the range} */
  readonly step?: number;
  /** The value that is tried first. @default {none} */
  readonly default?: number;
  /** When it is active. @default {always} */
  readonly when?: Conditions;
}

/** An integer of a range. */
export interface IntegerHyperparameter {
  /** Always `"integer"`. */
  readonly type: "integer";
  /** Smallest value. */
  readonly min: number;
  /** Largest value; equal to `min` for a constant. */
  readonly max: number;
  /** Whether the logarithm is spread evenly over [0, 1]; needs `min` > `step / 2`. @default {false} */
  readonly log?: boolean;
  /** Distance of the values `min`, `min + step`, ..., `max`. @default {1} */
  readonly step?: number;
  /** The value that is tried first. @default {none} */
  readonly default?: number;
  /** When it is active. @default {always} */
  readonly when?: Conditions;
}

/** One of some values, without an order. */
export interface ChoiceHyperparameter {
  /** Always `"choice"`. */
  readonly type: "choice";
  /** Different values, at least one; a single one is a constant. */
  readonly values: readonly Value[];
  /** The value that is tried first. @default {none} */
  readonly default?: Value;
  /** When it is active. @default {always} */
  readonly when?: Conditions;
}

/** One of some values that have an order, from first to last. */
export interface OrderedHyperparameter {
  /** Always `"ordered"`. */
  readonly type: "ordered";
  /** Different values, at least one, in their order. */
  readonly values: readonly Value[];
  /** The value that is tried first. @default {none} */
  readonly default?: Value;
  /** When it is active. @default {always} */
  readonly when?: Conditions;
}

/** A value that stays, but belongs to every configuration. */
export interface ConstantHyperparameter {
  /** Always `"constant"`. */
  readonly type: "constant";
  /** The value. */
  readonly value: Value;
  /** When it is active. @default {always} */
  readonly when?: Conditions;
}

/** One hyperparameter. */
export type Hyperparameter =
  | RealHyperparameter
  | IntegerHyperparameter
  | ChoiceHyperparameter
  | OrderedHyperparameter
  | ConstantHyperparameter;

/** The hyperparameters of a space by name; their order is that of a configuration's. */
export type Hyperparameters = Readonly<Record<string, Hyperparameter>>;

/** The type of one hyperparameter's value. */
export type ValueOf<H extends Hyperparameter> = H extends
  { type: "choice" | "ordered"; values: readonly (infer V)[] } ? V
  : H extends { type: "constant"; value: infer V } ? V
  : number;

/** Values of the active hyperparameters, by name; those that have conditions may be absent. */
export type ConfigurationOf<H extends Hyperparameters> = string extends keyof H
  ? Record<string, Value>
  : (
    & {
      -readonly [Name in keyof H as "when" extends keyof H[Name] ? never : Name]: ValueOf<H[Name]>;
    }
    & {
      -readonly [Name in keyof H as "when" extends keyof H[Name] ? Name : never]?: ValueOf<H[Name]>;
    }
  ) extends infer Both ? { [Name in keyof Both]: Both[Name] }
  : never;
