/**
 * What is the same value, however a file spells it.
 *
 * @module
 */
import type { Value } from "./hyperparameter.ts";

/** A decimal number as programs write it, without the spellings of infinity and of what is not a number. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Words for a missing value: empty, and those of JSON, Python, pandas and R. */
const missing = /^(|null|none|nan|na|n\/a|<na>|nil)$/i;

/** The number that is given, or that a text spells; NaN for anything else. */
export function toNumber(given: unknown): number {
  if (typeof given === "number") return given;
  if (typeof given === "bigint") return Number(given);
  if (typeof given !== "string") return NaN;
  const text = given.trim();
  return decimal.test(text) ? Number(text) : NaN;
}

/** Whether it is a missing value: nothing, null, NaN, or a word for one. */
export function isMissing(given: unknown): boolean {
  return given === undefined || given === null || Number.isNaN(given) ||
    (typeof given === "string" && missing.test(given.trim()));
}

/**
 * The index of the value that is given, or -1. The value itself comes first, then the text of it, then what means
 * the same: `"True"`, `TRUE` and 1 are true, `32.0` is 32, an empty cell is null. What could be two values is none.
 */
export function indexOfValue(values: readonly Value[], given: unknown): number {
  const same = values.indexOf(given as Value);
  if (same >= 0) return same;
  if (typeof given === "object" && given !== null) return -1; // not even a list of one of the values
  const text = typeof given === "string" ? given.trim() : String(given);
  const written = values.findIndex((value) => value !== null && String(value).trim() === text);
  if (written >= 0) return written;
  const wanted = meaning(given);
  if (wanted === null) return values.indexOf(null);
  const byMeaning = onlyIndex(values, (value) => meaning(value) === wanted);
  if (byMeaning >= 0 || (wanted !== 1 && wanted !== 0)) return byMeaning;
  return values.indexOf(wanted === 1);
}

function onlyIndex(values: readonly Value[], matches: (value: Value) => boolean): number {
  const index = values.findIndex(matches);
  return index >= 0 && values.findLastIndex(matches) === index ? index : -1;
}

/** A value without its spelling: a boolean, a number, null, or a text. */
function meaning(value: unknown): unknown {
  if (isMissing(value)) return null;
  const number = toNumber(value);
  if (!Number.isNaN(number)) return number;
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (/^(true|t)$/i.test(text)) return true;
  return /^(false|f)$/i.test(text) ? false : text;
}
