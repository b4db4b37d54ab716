/**
 * What a program says: its response, and how far it is.
 *
 * @module
 */
import { parseJson } from "../../core/search/json.ts";
import type { ResponsePlace } from "./settings.ts";

/** A value that a program reports on its way. */
export interface Report {
  readonly step: number;
  readonly value: number;
}

const number = String.raw`[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf(?:inity)?)`;
const reportPattern = new RegExp(
  String.raw`^\s*(?:step|epoch)\s*[=:]\s*(\d+)\b[\s,;]*[\w.-]+\s*[=:]\s*(${number})\b`,
  "i",
);

/** The report in a line such as `step=3 loss=.21` or `epoch: 3, accuracy: 0.9`; undefined for other lines. */
export function reportOf(line: string): Report | undefined {
  const match = reportPattern.exec(line);
  return match === null ? undefined : { step: Number(match[1]), value: readNumber(match[2]) };
}

/** The response, or why there is none. */
export type FoundResponse = { readonly value: number } | { readonly problem: string };

/**
 * The response of a program that has ended well.
 *
 * @param output What it wrote to stdout.
 * @param readFile Reads a file of its working folder; undefined where there is none.
 */
export async function findResponse(
  place: ResponsePlace,
  output: string,
  readFile: (path: string) => Promise<string | undefined>,
): Promise<FoundResponse> {
  if (place.kind === "file") return fileResponse(place, await readFile(place.file));
  if (place.kind === "pattern") {
    const matches = [...output.matchAll(new RegExp(place.pattern, "gm"))];
    const text = matches.at(-1)?.[1];
    if (text === undefined) return { problem: `stdout does not match ${place.pattern}` };
    return checked(text, `what ${place.pattern} found`);
  }
  const line = output.split("\n").findLast((line) =>
    new RegExp(`^\\s*${number}\\s*$`, "i").test(line)
  );
  if (line === undefined) return { problem: "no line of stdout is a number" };
  return checked(line, "the last line that is a number");
}

function fileResponse(
  { file, key }: { file: string; key: string },
  text: string | undefined,
): FoundResponse {
  if (text === undefined) return { problem: `${file} is not there` };
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { problem: `${file} is not JSON` };
  }
  for (const part of key.split(".")) {
    value = typeof value === "object" && value !== null && Object.hasOwn(value, part)
      ? (value as Record<string, unknown>)[part]
      : undefined;
  }
  if (typeof value !== "number") return { problem: `${file} has no number at ${key}` };
  return checked(String(value), `${key} of ${file}`);
}

function checked(text: string, what: string): FoundResponse {
  const value = readNumber(text);
  return Number.isFinite(value) ? { value } : { problem: `${what} is ${text.trim()}` };
}

function readNumber(text: string): number {
  const word = text.trim().toLowerCase();
  if (/^[-+]?inf(inity)?$/.test(word)) return word.startsWith("-") ? -Infinity : Infinity;
  return word === "" ? NaN : Number(word);
}
