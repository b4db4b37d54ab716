/**
 * JSON as it is found: with the byte order mark that Windows puts in front, and with the bare `NaN`,
 * `Infinity` and `-Infinity` that Python, R and XGBoost write and that the standard does not know.
 *
 * @module
 */

/** Stands in for a bare NaN while the text is parsed; no string of a file is like it. */
const nanMark = "\u0000NaN\u0000";

/**
 * Parses JSON text, whose numbers may be `NaN`, `Infinity` and `-Infinity`, too.
 *
 * @throws {SyntaxError} when it is not JSON.
 */
export function parseJson(text: string): unknown {
  const plain = text.startsWith("\uFEFF") ? text.slice(1) : text;
  try {
    return JSON.parse(plain); // faster by far than what follows, and right for most files
  } catch (error) {
    const spelled = spellNumbers(plain);
    if (spelled === plain) throw error;
    return withNumbers(JSON.parse(spelled));
  }
}

/** Spells the bare names of numbers so that `JSON.parse` reads them. Strings are left as they are. */
function spellNumbers(text: string): string {
  const parts: string[] = [];
  for (let start = 0; start < text.length;) {
    const quote = text.indexOf('"', start);
    const end = quote < 0 ? text.length : quote;
    parts.push(
      text.slice(start, end)
        .replace(/\bInfinity\b/g, "1e999") // which overflows to Infinity
        .replace(/-?\bNaN\b/g, JSON.stringify(nanMark)),
    );
    start = endOfString(text, end);
    parts.push(text.slice(end, start));
  }
  return parts.join("");
}

/** The position behind the string that begins at a position. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Puts NaN for its marks, in place. A loop, as files can be nested deeper than calls can. */
function withNumbers(root: unknown): unknown {
  const outer: Record<string, unknown> = { root };
  const pending = [outer];
  for (let record = pending.pop(); record !== undefined; record = pending.pop()) {
    for (const key of Object.keys(record)) {
      const value = record[key];
      if (typeof value === "object" && value !== null) {
        pending.push(value as Record<string, unknown>);
      } else if (value === nanMark) {
        Object.defineProperty(record, key, { value: NaN, writable: true, enumerable: true });
      }
    }
  }
  return outer.root;
}

/**
 * A value as an error message shows it: as JSON, cut after 60 characters. NaN and infinite numbers are
 * shown by their names, `undefined` as `nothing`.
 */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  const text = sketch(value, 3);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** JSON of at most so many levels, and of the first few entries: whatever is given, this is short. */
function sketch(value: unknown, levels: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value === "function" || typeof value === "symbol") return typeof value;
  if (typeof value !== "object" || value === null) return String(value);
  if (levels === 0) return "...";
  if (Array.isArray(value)) {
    return `[${value.slice(0, 20).map((entry) => sketch(entry, levels - 1)).join(",")}]`;
  }
  const entries = Object.entries(value).slice(0, 20);
  return `{${
    entries.map(([key, entry]) => `${JSON.stringify(key)}:${sketch(entry, levels - 1)}`)
  }}`;
}
