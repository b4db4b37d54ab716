/**
 * Search spaces as ConfigSpace writes them to JSON, which SMAC3, auto-sklearn and YAHPO Gym use: those of its
 * versions 0.4 to 0.7 (`json_format_version`) and 1.x (`format_version`).
 *
 * What a {@linkcode SearchSpace} does not have is refused by name: forbidden clauses, normal and beta distributions,
 * weights of choices, and alternatives (OR) of conditions on different parents.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Conditions, Hyperparameter, Hyperparameters, Value } from "../hyperparameter.ts";
import { shown } from "../json.ts";
import { SearchSpace } from "../search_space.ts";
import { checkHyperparameter, isRecord } from "../space_checks.ts";

/** Values for which a child is active, by parent. */
type Active = ReadonlyMap<string, readonly Value[]>;

/** Whether parsed JSON is a space of ConfigSpace rather than one of ours. */
export function isConfigSpace(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value.hyperparameters);
}

/**
 * The search space of a ConfigSpace.
 *
 * @param value Parsed JSON.
 * @throws {InputError} naming what cannot be used.
 */
export function fromConfigSpace(value: unknown): SearchSpace {
  if (!isRecord(value) || !Array.isArray(value.hyperparameters)) {
    throw spaceError("have a list 'hyperparameters'", value);
  }
  const forbidden = value.forbiddens ?? [];
  if (!Array.isArray(forbidden) || forbidden.length > 0) {
    throw spaceError("have no forbidden clauses, which a search space here cannot keep", forbidden);
  }
  const hyperparameters = new Map<string, Hyperparameter>();
  for (const one of value.hyperparameters) {
    if (!isRecord(one) || typeof one.name !== "string") {
      throw spaceError("name each of its hyperparameters", one);
    }
    const hyperparameter = hyperparameterOf(one.name, one);
    checkHyperparameter(one.name, hyperparameter);
    hyperparameters.set(one.name, hyperparameter);
  }
  const conditions = value.conditions ?? [];
  if (!Array.isArray(conditions)) throw spaceError("have a list 'conditions'", conditions);
  for (const condition of conditions) {
    const child = isRecord(condition) ? condition.child : undefined;
    const known = typeof child === "string" ? hyperparameters.get(child) : undefined;
    if (known === undefined) {
      throw spaceError("name a hyperparameter as 'child' of each condition", condition);
    }
    const active = both(listed(known.when ?? {}), activeFor(condition, hyperparameters));
    hyperparameters.set(child as string, { ...known, when: Object.fromEntries(active) });
  }
  return new SearchSpace(Object.fromEntries(hyperparameters) as Hyperparameters);
}

function hyperparameterOf(name: string, one: Record<string, unknown>): Hyperparameter {
  // `default` before version 1.
  const given = one.default_value ?? one.default;
  const preferred = given === undefined || given === null ? {} : { default: given };
  switch (one.type) {
    case "uniform_float":
    case "uniform_int":
      return {
        type: one.type === "uniform_float" ? "real" : "integer",
        min: one.lower,
        max: one.upper,
        ...(one.log === true ? { log: true } : {}),
        ...(one.q === undefined || one.q === null ? {} : { step: one.q }),
        ...preferred,
      } as Hyperparameter;
    case "categorical": {
      const { weights } = one;
      if (Array.isArray(weights) && weights.some((weight) => weight !== weights[0])) {
        throw spaceError(`have no 'weights' for the choices of '${name}' that differ`, weights);
      }
      return { type: "choice", values: one.choices, ...preferred } as Hyperparameter;
    }
    case "ordinal":
      return { type: "ordered", values: one.sequence, ...preferred } as Hyperparameter;
    case "constant":
    case "unparametrized":
      return { type: "constant", value: one.value as Value };
    default:
      throw spaceError(
        `have uniform, categorical, ordinal and constant hyperparameters only, unlike '${name}'`,
        one.type,
      );
  }
}

/** The values of parents for which a condition holds. */
function activeFor(condition: unknown, all: ReadonlyMap<string, Hyperparameter>): Active {
  if (!isRecord(condition)) throw spaceError("have conditions that are objects", condition);
  const { type, parent } = condition;
  if (type === "AND" || type === "OR") {
    const parts = condition.conditions;
    if (!Array.isArray(parts) || parts.length === 0) {
      throw spaceError(`list the conditions that ${type} joins`, condition);
    }
    const active = parts.map((part) => activeFor(part, all));
    return active.reduce(type === "AND" ? both : (one, other) => either(one, other, condition));
  }
  const known = typeof parent === "string" ? all.get(parent) : undefined;
  if (known === undefined) {
    throw spaceError("name a hyperparameter as 'parent' of each condition", condition);
  }
  const values = valuesOf(known);
  const given = condition.value;
  const rank = values?.indexOf(given as Value) ?? -1;
  const bound = typeof given === "object" ? NaN : Number(given);
  const holds: Readonly<Record<string, (value: Value, i: number) => boolean>> = {
    EQ: (value) => value === given,
    IN: (value) => Array.isArray(condition.values) && condition.values.includes(value),
    NE: (value) => value !== given,
    NEQ: (value) => value !== given,
    GT: (value, i) => known.type === "ordered" ? i > rank : Number(value) > bound,
    LT: (value, i) => known.type === "ordered" ? i < rank : Number(value) < bound,
  };
  if (values === undefined || typeof type !== "string" || !Object.hasOwn(holds, type)) {
    throw spaceError(
      "have conditions EQ, NEQ, IN, GT, LT, AND and OR on choices, ordinals, constants and integers of at most " +
        "1000 values",
      condition,
    );
  }
  return new Map([[parent as string, values.filter(holds[type])]]);
}

/** All values of a parent; undefined if there are too many or they are reals. */
function valuesOf(one: Hyperparameter): readonly Value[] | undefined {
  if (one.type === "choice" || one.type === "ordered") return one.values;
  if (one.type === "constant") return [one.value];
  const { type, min, max, step = 1 } = one;
  const count = Math.floor((max - min) / step + 1e-8) + 1;
  if (type === "real" || !(count <= 1000)) return undefined;
  return Array.from({ length: count }, (_, i) => min + i * step);
}

function listed(when: Conditions): Active {
  return new Map(
    Object.entries(when).map(([parent, values]) => [parent, [values].flat() as Value[]]),
  );
}

function both(one: Active, other: Active): Active {
  const joined = new Map(one);
  for (const [parent, values] of other) {
    joined.set(parent, joined.get(parent)?.filter((value) => values.includes(value)) ?? values);
  }
  return joined;
}

function either(one: Active, other: Active, condition: unknown): Active {
  const [parent] = one.keys();
  if (one.size !== 1 || other.size !== 1 || !other.has(parent)) {
    throw spaceError("have alternatives (OR) of one and the same parent only", condition);
  }
  return new Map([[parent, [...new Set([...one.get(parent)!, ...other.get(parent)!])]]]);
}

/**
 * A search space as ConfigSpace 1.x reads it. Steps, which it does not have, are an ordinal list of the values.
 *
 * @param name The name that the ConfigSpace gets.
 * @throws {InputError} for more than 1000 steps.
 */
export function toConfigSpace(space: SearchSpace, name?: string): Record<string, unknown> {
  const entries = Object.entries(space.hyperparameters);
  return {
    name: name ?? null,
    hyperparameters: entries.map(([name, one]) => written(name, one)),
    conditions: entries.flatMap(([child, { when }]) => {
      if (when === undefined) return [];
      const parts = [...listed(when)].map(([parent, values]) =>
        values.length === 1
          ? { type: "EQ", child, parent, value: values[0] }
          : { type: "IN", child, parent, values }
      );
      return [parts.length === 1 ? parts[0] : { type: "AND", child, conditions: parts }];
    }),
    forbiddens: [],
    format_version: 0.4,
  };
}

function written(name: string, one: Hyperparameter): Record<string, unknown> {
  if (one.type === "constant") return { type: "constant", name, value: one.value, meta: null };
  const { default: preferred } = one;
  if (one.type === "choice" || one.type === "ordered") {
    const default_value = preferred === undefined ? one.values[0] : preferred;
    return one.type === "choice"
      ? { type: "categorical", name, choices: one.values, weights: null, default_value, meta: null }
      : { type: "ordinal", name, sequence: one.values, default_value, meta: null };
  }
  const { type, min, max, step, log = false } = one;
  if (min === max) return { type: "constant", name, value: min, meta: null };
  if (step !== undefined && !(type === "integer" && step === 1)) {
    const count = Math.round((max - min) / step) + 1;
    if (count > 1000) {
      throw new InputError(
        `Cannot write '${name}' for ConfigSpace as it must have at most 1000 steps: got ${count}`,
      );
    }
    const sequence = Array.from(
      { length: count },
      (_, i) => Number((min + i * step).toPrecision(15)),
    );
    return { type: "ordinal", name, sequence, default_value: preferred ?? min, meta: null };
  }
  const middle = log ? Math.sqrt(min * max) : (min + max) / 2;
  return {
    type: type === "real" ? "uniform_float" : "uniform_int",
    name,
    lower: min,
    upper: max,
    default_value: preferred ?? (type === "real" ? middle : Math.floor(middle)),
    log,
    meta: null,
  };
}

function spaceError(requirement: string, given: unknown): InputError {
  return new InputError(
    `Cannot use the ConfigSpace as it must ${requirement}: got ${shown(given)}`,
  );
}
