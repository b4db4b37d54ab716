/**
 * Mistakes of the person at the keyboard, as opposed to mistakes in the program.
 *
 * @module
 */

/** A message is for a person to read: of a longer one, the middle is left out. */
const longestMessage = 4000;

/**
 * Something that was given (a file, a folder, a name, a value) cannot be used. The message says the
 * action, the requirement and what was given; commands print it alone, without a stack trace, and
 * exit with code 1.
 */
export class InputError extends Error {
  /** Told apart by name, as the class is lost between threads. */
  override readonly name = "InputError";

  /** Says what is wrong. Names and values of any length may be in the message. */
  constructor(message?: string, options?: ErrorOptions) {
    super(message === undefined ? undefined : shortened(message), options);
  }
}

function shortened(message: string): string {
  if (message.length <= longestMessage) return message;
  const half = longestMessage / 2 - 20;
  return `${message.slice(0, half)} [...] ${message.slice(-half)}`;
}

/** Every point of a finite search space was tried, or is being tried. */
export class ExhaustedError extends InputError {}

/** What a value is, for the end of a message: `an array of length 3`, `Float64Array`, `undefined`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of length ${value.length}`;
  if (typeof value === "object") return value.constructor?.name ?? "an object";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeof value;
}

/** The known name that is closest to `name` by edit distance, or undefined if none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** The end of a message about an unknown name: `; did you mean "x"?`, or nothing if none is near. */
export function didYouMean(
  name: string,
  known: readonly string[],
  show: (nearest: string) => string = (nearest) => `"${nearest}"`,
): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `; did you mean ${show(nearest)}?`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
