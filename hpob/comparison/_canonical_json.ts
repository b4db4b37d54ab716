/**
 * JSON that is equal for equal values.
 *
 * @module
 */
import type { JsonValue } from "./result_types.ts";

/** A JSON object as it is printed: keys are sorted, whatever their order here. */
export type Printable = JsonValue | readonly number[] | ReadonlyMap<string, Printable>;

/** JSON with sorted keys: equal for equal values. Objects are spread over lines, arrays are not. */
export function canonicalJson(value: Printable, indentation = ""): string {
  if (Array.isArray(value)) {
    return `[${value.map((entry) => canonicalJson(entry, indentation)).join(", ")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries: [string, Printable][] = value instanceof Map
    ? [...value]
    : Object.entries(value as Record<string, JsonValue>);
  if (entries.length === 0) return "{}";
  const inner = `${indentation}  `;
  const lines = entries
    .sort(([a], [b]) => a < b ? -1 : 1)
    .map(([key, entry]) => `${inner}${JSON.stringify(key)}: ${canonicalJson(entry, inner)}`);
  return `{\n${lines.join(",\n")}\n${indentation}}`;
}
