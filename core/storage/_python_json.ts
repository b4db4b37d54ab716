/**
 * JSON as Python's `json` module reads and writes it: with bare NaN, Infinity and -Infinity.
 *
 * @module
 */
import type { AttributeValue } from "../study/records.ts";

/** Stands for a bare number while JSON is parsed; no other object has this name alone. */
const BARE = "\0bare";

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

/**
 * The value of a text.
 *
 * @throws {SyntaxError} when it is not JSON.
 */
export function parsePython(text: string): AttributeValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!text.includes("NaN") && !text.includes("Infinity")) throw error;
    const strict = text.replace(
      /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g,
      (token) => token.startsWith('"') ? token : `{"\\u0000bare": "${token}"}`,
    );
    return JSON.parse(
      strict,
      (_, value) =>
        value !== null && typeof value === "object" && BARE in value ? Number(value[BARE]) : value,
    );
  }
}
