/**
 * Files that people hand to commands: search spaces and tables of trials.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { parseSearchSpace } from "../../core/search/formats/space_file.ts";
import type { SearchSpace } from "../../core/search/search_space.ts";
import type { ReadTrialsOptions } from "../../core/trials/table_trial.ts";
import { readTrials, type TrialTable } from "../../core/trials/trial_table.ts";
import { type Flag, type Flags, oneOf, UsageError } from "./cli.ts";

/** The flags with which a table of trials is read. */
export const tableFlags: Record<string, Flag> = {
  response: {
    value: "NAME",
    description: "Column of the response (default: y, Optuna's value, SMAC3's cost)",
  },
  decimal: { value: "SIGN", description: "Sign before decimals, . or ,", default: "." },
  outside: {
    value: "RULE",
    description: "Rows outside of the space: omit, clip (nearest values) or refuse",
    default: "omit",
  },
};

/** Reads a text file. */
export async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`Cannot read ${path} as the file must exist: got nothing there`);
  }
}

/** Reads the text of the only positional argument, or of the standard input. */
export async function readInput(flags: Flags): Promise<string> {
  if (flags.positional.length > 1) {
    throw new UsageError(`Unexpected argument: got "${flags.positional[1]}"`);
  }
  const [path = "-"] = flags.positional;
  if (path !== "-") return await readText(path);
  if (Deno.stdin.isTerminal()) throw new UsageError("Missing input: give a FILE, or pipe one in");
  return await new Response(Deno.stdin.readable).text();
}

/** Reads the file of a search space. */
export async function readSpaceFile(path: string): Promise<SearchSpace> {
  const text = await readText(path);
  try {
    return parseSearchSpace(text);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
}

/** How a table of trials is read: plain data. */
export type TableSettings = Omit<ReadTrialsOptions, "space">;

/** What the flags say of the table. */
export function readTableSettings(flags: Flags): TableSettings {
  const response = flags.text("response");
  return {
    ...(response === undefined ? {} : { response }),
    decimal: oneOf("--decimal", flags.required("decimal"), [".", ","] as const),
    outside: oneOf("--outside", flags.required("outside"), ["omit", "clip", "refuse"] as const),
  };
}

/** Reads a table of trials, and says on the standard error what was passed over. */
export function readTable(
  text: string,
  settings: TableSettings,
  space: SearchSpace | undefined,
): TrialTable {
  const table = readTrials(text, { ...settings, ...(space === undefined ? {} : { space }) });
  for (const note of table.notes) console.error(note);
  return table;
}
