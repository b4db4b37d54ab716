/**
 * What a hyperparameter must be, whether it was written in a program or read from a file.
 *
 * @module
 */
import { lastLevel } from "./_domain.ts";
import { didYouMean, InputError } from "./errors.ts";
import type { Hyperparameter, Value } from "./hyperparameter.ts";
import { shown } from "./json.ts";

const fieldsOf: Readonly<Record<Hyperparameter["type"], readonly string[]>> = {
  real: ["type", "min", "max", "log", "step", "default", "when"],
  integer: ["type", "min", "max", "log", "step", "default", "when"],
  choice: ["type", "values", "default", "when"],
  ordered: ["type", "values", "default", "when"],
  constant: ["type", "value", "when"],
};

/** The largest number of values of an integer or of steps, which a double tells apart on [0, 1]. */
const mostSteps = 2 ** 45;

/** Whether something is an object with named fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether something can be the value of a hyperparameter. */
export function isValue(value: unknown): value is Value {
  return value === null || typeof value === "string" || typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value));
}

/** An error that says what is required of a hyperparameter, and what was given. */
export function spaceError(
  name: string,
  requirement: string,
  given: unknown,
  hint = "",
): InputError {
  return new InputError(
    `Cannot use the search space as ${requirement} of '${name}': got ${shown(given)}${hint}`,
  );
}

/**
 * Checks one hyperparameter, without its conditions.
 *
 * @throws {InputError} naming the hyperparameter and the field.
 */
export function checkHyperparameter(name: string, one: unknown): asserts one is Hyperparameter {
  const fail = (requirement: string, given: unknown) => spaceError(name, requirement, given);
  const type = isRecord(one) ? one.type : one;
  if (!isRecord(one) || typeof type !== "string" || !Object.hasOwn(fieldsOf, type)) {
    throw fail(
      `'type' must be ${Object.keys(fieldsOf).join(", ").replace(/, (\w+)$/, " or $1")}`,
      type,
    );
  }
  const fields = fieldsOf[type as Hyperparameter["type"]];
  const unknown = Object.keys(one).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    throw spaceError(
      name,
      `fields must be among ${fields.join(", ")}`,
      unknown,
      didYouMean(unknown, fields),
    );
  }
  if (type === "constant") {
    if (!isValue(one.value)) {
      throw fail("'value' must be a text, a finite number, a boolean or null", one.value);
    }
  } else if (type === "choice" || type === "ordered") checkValues(name, one.values);
  else checkRange(name, one as Record<string, unknown> & { type: string });
}

function checkValues(name: string, values: unknown): void {
  if (!Array.isArray(values) || values.length === 0) {
    throw spaceError(name, "'values' must be a list with at least one value", values);
  }
  const wrong = values.findIndex((value) => !isValue(value));
  if (wrong >= 0) {
    throw spaceError(
      name,
      `'values[${wrong}]' must be a text, a finite number, a boolean or null`,
      values[wrong],
    );
  }
  const written = new Map<string, number>();
  values.forEach((value, i) => {
    const first = written.get(String(value));
    if (first !== undefined) {
      throw spaceError(
        name,
        `'values' must be different when they are written as text, unlike those at ${first} and ${i},`,
        [values[first], value],
      );
    }
    written.set(String(value), i);
  });
}

function checkRange(name: string, one: Record<string, unknown> & { type: string }): void {
  const { min, max, log, step, type } = one;
  if (!isFinite(min) || !isFinite(max) || !Number.isFinite(max - min) || min > max) {
    throw spaceError(name, "'min' and 'max' must be finite numbers with 'min' not above 'max'", [
      min ?? null,
      max ?? null,
    ]);
  }
  if (type === "integer" && !(Number.isSafeInteger(min) && Number.isSafeInteger(max))) {
    throw spaceError(name, "'min' and 'max' must be integers", [min, max]);
  }
  if (log !== undefined && typeof log !== "boolean") {
    throw spaceError(name, "'log' must be true or false", log);
  }
  if (
    step !== undefined &&
    !(isFinite(step) && step > 0 && (type === "real" || Number.isSafeInteger(step)))
  ) {
    throw spaceError(
      name,
      `'step' must be ${type === "integer" ? "an integer" : "a number"} above 0`,
      step,
    );
  }
  if (min === max) return;
  const gap = step ?? (type === "integer" ? 1 : 0) as number;
  if (log && min <= gap / 2) {
    throw spaceError(
      name,
      `'min' must be above ${gap === 0 ? "0" : "half a step"} for a log scale`,
      min,
    );
  }
  if (gap === 0) return;
  const last = lastLevel({ min, max, step: gap });
  if (!Number.isInteger(last)) {
    throw spaceError(
      name,
      "'max' must be 'min' plus a multiple of 'step', as [min, max, step] are",
      [min, max, gap],
    );
  }
  if (last >= mostSteps) {
    throw spaceError(name, `the number of values must be below ${mostSteps}`, last + 1);
  }
}

function isFinite(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
