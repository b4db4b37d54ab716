/**
 * JSON as Python's `json` module writes it: with bare NaN, Infinity and -Infinity.
 *
 * @module
 */
import type { AttributeValue } from "../study/records.ts";

/** The text of a value. */
export function stringifyPython(value: AttributeValue): string {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyPython).join(", ")}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${
    members.map(([name, member]) => `${JSON.stringify(name)}: ${stringifyPython(member)}`)
      .join(", ")
  }}`;
}
