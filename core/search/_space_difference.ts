/**
 * What tells two search spaces apart, in words.
 *
 * @module
 */
import type { Hyperparameter, Hyperparameters } from "./hyperparameter.ts";

/** One sentence for each difference: hyperparameters of one space alone, and fields that are not the same. */
export function spaceDifference(first: Hyperparameters, second: Hyperparameters): string[] {
  const sentences: string[] = [];
  const [one, two] = [new Map(Object.entries(first)), new Map(Object.entries(second))];
  for (const name of one.keys()) {
    if (!two.has(name)) sentences.push(`'${name}' is only in the first`);
  }
  for (const name of two.keys()) {
    if (!one.has(name)) sentences.push(`'${name}' is only in the second`);
  }
  const both = [...one.keys()].filter((name) => two.has(name));
  for (const name of both) sentences.push(...fieldDifference(name, one.get(name)!, two.get(name)!));
  if (sentences.length === 0 && both.join("\n") !== [...two.keys()].join("\n")) {
    sentences.push(
      `the order is ${both.join(", ")} in the first and ${
        [...two.keys()].join(", ")
      } in the second`,
    );
  }
  return sentences;
}

function fieldDifference(name: string, first: Hyperparameter, second: Hyperparameter): string[] {
  const [one, two] = [withoutDefaults(first), withoutDefaults(second)];
  const fields = [...new Set([...one.keys(), ...two.keys()])];
  return fields.filter((field) => one.get(field) !== two.get(field)).map((field) =>
    `'${field}' of '${name}' is ${one.get(field) ?? "not given"} in the first and ` +
    `${two.get(field) ?? "not given"} in the second`
  );
}

/** Fields as JSON, without those that say what holds anyway. */
function withoutDefaults(one: Hyperparameter): Map<string, string> {
  const fields = new Map<string, unknown>(Object.entries(one));
  if (fields.get("log") === false) fields.delete("log");
  if (one.type === "integer" && one.step === 1) fields.delete("step");
  return new Map(
    [...fields].filter(([, value]) => value !== undefined).map((
      [field, value],
    ) => [field, JSON.stringify(value)]),
  );
}
