/**
 * What every task shares: flags with help and suggestions, and how errors end.
 *
 * Exit codes: 0 done, 1 something given cannot be used (a file, a folder, the data), 2 wrong usage.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { didYouMean, InputError } from "../../core/search/errors.ts";
import { commandNames } from "./command_names.ts";

/** The command line itself is wrong: printed alone, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One flag of a task. */
export interface Flag {
  /** What it does, without a full stop. */
  description: string;
  /** What its value is called in the help; a flag without one is a switch. */
  value?: string;
  /** The value when the flag is not given; shown in the help. */
  default?: string;
}

/** A task's command line. */
export interface Command {
  /** As in `genhpo NAME`, and in `deno task NAME` in a checkout. */
  name: string;
  /** One sentence, shown on top of the help. */
  summary: string;
  flags: Record<string, Flag>;
  /** Name and description of positional arguments, where the task takes any. */
  positional?: { value: string; description: string };
  /** Name and description of what follows `--`, where the task takes a command line of others. */
  rest?: { value: string; description: string };
  /** Complete command lines for the help. */
  examples?: readonly string[];
}

/** The parsed command line. */
export class Flags {
  readonly #values: Map<string, string>;
  /** Positional arguments, in order. */
  readonly positional: readonly string[];
  /** What follows `--`. */
  readonly rest: readonly string[];

  constructor(
    values: Map<string, string>,
    positional: readonly string[],
    rest: readonly string[] = [],
  ) {
    this.#values = values;
    this.positional = positional;
    this.rest = rest;
  }

  /** A flag's text, its default, or undefined. */
  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Whether a switch is on. */
  on(name: string): boolean {
    return this.#values.get(name) === "true";
  }

  /** A flag's text, which a default guarantees to be there. */
  required(name: string): string {
    const text = this.text(name);
    if (text === undefined) throw new UsageError(`Missing flag: --${name} is required`);
    return text;
  }

  /** A flag's whole number within [minimum, maximum]. */
  integer(name: string, minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): number {
    const text = this.required(name);
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < minimum || value > maximum) {
      const range = maximum === Number.MAX_SAFE_INTEGER
        ? `of at least ${minimum}`
        : `from ${minimum} to ${maximum}`;
      throw new UsageError(`Flag --${name} must be a whole number ${range}: got "${text}"`);
    }
    return value;
  }

  /** A flag's comma-separated names without repetitions, or undefined when it is not given. */
  list(name: string): string[] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const names = text.split(",").map((part) => part.trim());
    if (names.some((part) => part === "")) {
      throw new UsageError(`Flag --${name} must be names separated by commas: got "${text}"`);
    }
    return [...new Set(names)];
  }

  /** A flag's value among `choices`. */
  choice<T extends string>(name: string, choices: readonly T[]): T {
    const text = this.required(name);
    return oneOf(`--${name}`, text, choices);
  }
}

/**
 * `text` if it is one of `choices`.
 * @throws {UsageError} naming the choices, and the nearest one.
 */
export function oneOf<T extends string>(label: string, text: string, choices: readonly T[]): T {
  if ((choices as readonly string[]).includes(text)) return text as T;
  throw new UsageError(
    `Unknown value for ${label}: got "${text}", possible are ${choices.join(", ")}` +
      didYouMean(text, choices),
  );
}

/**
 * Parses a command line.
 * @throws {UsageError} for an unknown or repeated flag, a missing value, or a stray argument.
 */
export function parseFlags(command: Command, args: readonly string[]): Flags {
  const end = command.rest === undefined ? -1 : args.indexOf("--");
  const rest = end < 0 ? [] : args.slice(end + 1);
  if (end >= 0) args = args.slice(0, end);
  const flags: Record<string, Flag> = { ...command.flags, help: helpFlag };
  const names = Object.keys(flags);
  const switches = names.filter((name) => flags[name].value === undefined);
  for (const arg of args) {
    const match = /^--?([^=]*)(=.*)?$/s.exec(arg);
    if (match && switches.includes(match[1]) && match[2] !== undefined) {
      throw new UsageError(`Flag --${match[1]} takes no value: got "${arg}"`);
    }
  }
  const parsed = parseArgs([...args], {
    boolean: switches,
    string: [...names.filter((name) => flags[name].value !== undefined), "_"],
    collect: names.filter((name) => flags[name].value !== undefined),
    alias: { h: "help" },
    unknown: (arg, key) => {
      if (key === undefined) return true;
      throw new UsageError(
        `Unknown flag: got "${arg.split("=")[0]}"` +
          didYouMean(key, names, (name) => `--${name}`),
      );
    },
  });
  const values = new Map<string, string>();
  for (const name of names) {
    const flag = flags[name];
    const value = parsed[name];
    if (flag.value === undefined) {
      values.set(name, String(value === true));
      continue;
    }
    const given = (Array.isArray(value) ? value : []).map(String);
    if (given.length > 1) throw new UsageError(`Flag --${name} was given ${given.length} times`);
    if (given[0] === "") throw new UsageError(`Flag --${name} needs a value: ${flag.value}`);
    const text = given[0] ?? flag.default;
    if (text !== undefined) values.set(name, text);
  }
  const positional = parsed._.map(String);
  if (positional.length > 0 && !command.positional) {
    throw new UsageError(`Unexpected argument: got "${positional[0]}"`);
  }
  return new Flags(values, positional, rest);
}

const helpFlag: Flag = { description: "Show this help" };

/** The help text of a task. */
export function helpText(command: Command): string {
  const rows = Object.entries({ ...command.flags, help: helpFlag }).map(([name, flag]) => [
    `  --${name}${flag.value === undefined ? "" : ` ${flag.value}`}`,
    flag.description + (flag.default === undefined ? "" : ` (default: ${flag.default})`),
  ]);
  if (command.positional) {
    rows.unshift([`  ${command.positional.value}`, command.positional.description]);
  }
  if (command.rest) rows.push([`  -- ${command.rest.value}`, command.rest.description]);
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const lines = [
    command.summary,
    "",
    `Usage: genhpo ${command.name}${
      command.positional ? ` ${command.positional.value}` : ""
    } [flags]${command.rest ? ` -- ${command.rest.value}` : ""}`,
    "",
    ...rows.map(([left, right]) => left.padEnd(width) + right),
  ];
  if (command.examples) lines.push("", "Examples:", ...command.examples.map((line) => `  ${line}`));
  return asTyped(lines.join("\n"));
}

/** Whether this is the published command, `genhpo NAME`, and not a task of a checkout. */
const isPublished = /\/tasks\/cli\.[jt]s$/.test(Deno.mainModule);

/** A text with the commands as whoever reads it can type them: all texts name those of the published command. */
export function asTyped(text: string): string {
  if (isPublished) return text;
  return text.replace(
    /\bgenhpo ([a-z:]+)/g,
    (words, name) => commandNames.includes(name) ? `deno task ${name}` : words,
  );
}

/**
 * Runs a task: parses its flags, prints help or errors the way a person wants them, and exits.
 * @param command The task's command line.
 * @param main The task.
 * @param args The command line. @default {Deno.args}
 */
export async function runCommand(
  command: Command,
  main: (flags: Flags) => Promise<void>,
  args: readonly string[] = Deno.args,
): Promise<never> {
  try {
    const flags = parseFlags(command, args);
    if (flags.on("help")) console.log(helpText(command));
    else await main(flags);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(asTyped(`error: ${error.message}\nSee: genhpo ${command.name} --help`));
      Deno.exit(2);
    }
    exitWith(error);
  }
  Deno.exit(0);
}

/** Runs the working process of a task, whose errors end it as those of the task do. */
export async function runWorker(main: () => Promise<void>): Promise<never> {
  try {
    await main();
  } catch (error) {
    exitWith(error);
  }
  Deno.exit(0);
}

/** Says what went wrong, as a person's mistake or as one of the program, and exits with 1. */
function exitWith(error: unknown): never {
  if (error instanceof InputError || isSystemError(error)) {
    console.error(asTyped(`error: ${(error as Error).message}`));
  } else {
    console.error(error); // a mistake of the program: the stack trace is wanted
  }
  Deno.exit(1);
}

/** Errors of the operating system (missing file, no permission, full disk): the user's to mend. */
function isSystemError(error: unknown): boolean {
  return Object.values(Deno.errors).some((kind) => error instanceof kind) ||
    (error instanceof Error && "code" in error && typeof error.code === "string" &&
      /^E[A-Z]+$/.test(error.code));
}
