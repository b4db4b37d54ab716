/**
 * How a program is told a configuration: in its arguments, its environment, and a file.
 *
 * @module
 */
import { didYouMean, InputError } from "../../core/search/errors.ts";

/** Stands for the path of the file with the whole configuration. */
const filePlaceholder = "configuration.json";
const placeholder = /\{([^{}]+)\}/g;

/** A trial's values by name; inactive hyperparameters are absent. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * Checks that every placeholder is a hyperparameter.
 *
 * @throws {InputError} naming the first that is not.
 */
export function checkPlaceholders(program: readonly string[], names: readonly string[]): void {
  for (const [text, name] of program.flatMap((part) => [...part.matchAll(placeholder)])) {
    if (name === filePlaceholder || names.includes(name)) continue;
    if (/[\s":]/.test(name)) continue; // braces of a shell or of JSON, not a name
    throw new InputError(
      `Cannot run the program as ${text} must name a hyperparameter, among ${names.join(", ")}: ` +
        `got "${name}"${didYouMean(name, names)}`,
    );
  }
}

/**
 * The arguments of one trial. An argument with the placeholder of an inactive hyperparameter is left out, and so is
 * the flag before it, if it is one that stands alone: `--momentum {momentum}`.
 *
 * @param names All hyperparameters of the space.
 */
export function fillIn(
  program: readonly string[],
  trial: { values: Values; names: readonly string[]; file: string },
): string[] {
  const { values, names, file } = trial;
  const filled: string[] = [];
  let isFlagAlone = false;
  for (const part of program) {
    let isInactive = false;
    const text = part.replace(placeholder, (whole, name) => {
      if (name === filePlaceholder) return file;
      if (Object.hasOwn(values, name)) return textOf(values[name]);
      if (names.includes(name)) isInactive = true;
      return whole;
    });
    if (isInactive && isFlagAlone) filled.pop();
    if (!isInactive) filled.push(text);
    isFlagAlone = !isInactive && text === part && /^--?[a-zA-Z]/.test(part) && !part.includes("=");
  }
  return filled;
}

/** The environment of one trial: `GENHPO_LR`, `GENHPO_TRIAL` and `GENHPO_CONFIGURATION`, the path of the file. */
export function environmentOf(
  trial: { values: Values; number: number; file: string },
): Record<string, string> {
  const { values, number, file } = trial;
  const entries = Object.entries(values).map(([name, value]) => [
    `GENHPO_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`,
    textOf(value),
  ]);
  return {
    ...Object.fromEntries(entries),
    GENHPO_TRIAL: String(number),
    GENHPO_CONFIGURATION: file,
  };
}

function textOf(value: unknown): string {
  return value === null ? "null" : String(value);
}
