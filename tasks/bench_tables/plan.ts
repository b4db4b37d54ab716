/**
 * Which runs there are to be, from the command line.
 *
 * @module
 */
import type { Confirm } from "../../core/search/confirmation.ts";
import { InputError } from "../../core/search/errors.ts";
import { isMissing } from "../../hpob/files/atomic.ts";
import { type Flag, type Flags, oneOf, UsageError } from "../shared/cli.ts";
import { confirmFlag, parseConfirm } from "../shared/confirm_flag.ts";
import { runsPath, type SeriesSettings } from "./series.ts";
import { type Cell, NoisyTable, parseInitialCells } from "./table.ts";

/** Flags of all commands that run methods on tables. */
export const tableFlags = {
  tables: {
    value: "DIR",
    description: "Folder of the tables and inits.json (benches/export_tables.py writes one)",
    default: "tables",
  },
  only: { value: "a,b", description: "Names of tables (default: all of inits.json)" },
  runs: { value: "a,b", description: "Names of runs (default: all of inits.json)" },
  keys: { value: "a,b", description: "Keys of all randomness, a run each", default: "0" },
  trials: { value: "N", description: "Trials of every run", default: "50" },
  confirm: {
    ...confirmFlag,
    value: "a,b",
    description: `${confirmFlag.description}; several are compared`,
  },
} satisfies Record<string, Flag>;

/** A run that is to be made. */
export interface PlannedRun {
  readonly run: string;
  readonly key: number;
  /** The cells that it begins with. */
  readonly initial: readonly Cell[];
}

/** The runs of a series on one table. */
export interface TableJob {
  /** File of the results. */
  readonly file: string;
  readonly settings: SeriesSettings;
  /** Path of the table. */
  readonly path: string;
  readonly table: string;
  readonly family: string;
  readonly runs: readonly PlannedRun[];
}

/** What the command line asks for, methods aside. */
export interface Plan {
  readonly trials: number;
  readonly confirms: readonly Confirm[];
  /** The jobs of a series. */
  jobsOf(settings: SeriesSettings, out: string): TableJob[];
}

/** Reads the flags and the tables. @throws {InputError} {UsageError} naming what is wrong. */
export async function readPlan(flags: Flags): Promise<Plan> {
  const folder = flags.required("tables"), trials = flags.integer("trials", 1, 10_000);
  const confirms = flags.list("confirm")!.map(parseConfirm);
  const keys = flags.list("keys")!.map(Number);
  if (!keys.every((key) => Number.isSafeInteger(key) && key >= 0)) {
    throw new UsageError(`Flag --keys must be whole numbers: got "${flags.text("keys")}"`);
  }
  const inits = `${folder}/inits.json`;
  const initial = parseInitialCells(await readText(inits), inits);
  const names = flags.list("only")?.map((name) => oneOf("--only", name, [...initial.keys()])) ??
    [...initial.keys()];
  const chosen = flags.list("runs");
  const isChosen = ([run]: readonly [string, unknown]) => chosen?.includes(run) ?? true;
  if (!names.some((name) => [...initial.get(name)!].some(isChosen))) {
    throw new UsageError(`Unknown value for --runs: got "${flags.text("runs")}"`);
  }
  const families = new Map<string, string>();
  for (const name of names) {
    families.set(name, (await readTable(`${folder}/${name}.json`, initial.get(name)!)).family);
  }
  return {
    trials,
    confirms,
    jobsOf: (settings, out) =>
      names.map((table) => ({
        file: runsPath(out, settings, table),
        settings,
        path: `${folder}/${table}.json`,
        table,
        family: families.get(table)!,
        runs: keys.flatMap((key) =>
          [...initial.get(table)!].filter(isChosen).map(([run, cells]) => ({
            run,
            key,
            initial: cells,
          }))
        ),
      })),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InputError(`Cannot read ${path} as the file must exist`);
  }
}

/** @throws {InputError} when the table is not valid, or a run begins with a cell that it does not have. */
async function readTable(
  path: string,
  initial: ReadonlyMap<string, readonly Cell[]>,
): Promise<NoisyTable> {
  const table = NoisyTable.parse(await readText(path), path);
  for (const [run, cells] of initial) {
    const missing = cells.find((cell) => !table.has(cell));
    if (missing === undefined) continue;
    throw new InputError(
      `Cannot run ${table.name} as the first cells of ${run} must be in the table: got ${missing}`,
    );
  }
  return table;
}
