/**
 * Series: all runs of one method, or of one with trials that confirm, and their files.
 *
 * @module
 */
import type { Confirm } from "../../core/search/confirmation.ts";
import { InputError } from "../../core/search/errors.ts";
import { readIfExists, writeAtomically } from "../../hpob/files/atomic.ts";
import type { TableRun } from "./run.ts";

/** How runs are made. */
export interface SeriesSettings {
  /** Name of the method. */
  readonly method: string;
  readonly confirm: Confirm;
  /** Trials of every run. */
  readonly trials: number;
  /** What else the results depend on: the version of the package, the checksum of a model. */
  readonly [more: string]: string | number | false;
}

/** The runs of a series on one table: a file. */
export interface TableRuns {
  readonly settings: SeriesSettings;
  readonly table: string;
  readonly family: string;
  readonly runs: readonly TableRun[];
}

/** The name of a series: that of its method, with the rule by which leaders are measured again. */
export function seriesName(
  { method, confirm }: Pick<SeriesSettings, "method" | "confirm">,
): string {
  return confirm === false ? method : `${method}-confirm-${confirm}`;
}

/** The file of a series and a table. */
export function runsPath(out: string, settings: SeriesSettings, table: string): string {
  return `${out}/${seriesName(settings)}/${table}.json`;
}

/**
 * Reads a file of runs; undefined where there is none.
 *
 * @throws {InputError} when it is damaged, or was made with other settings than those that are given.
 */
export async function readRuns(
  path: string,
  settings?: SeriesSettings,
): Promise<TableRuns | undefined> {
  const bytes = await readIfExists(path);
  if (bytes === undefined) return undefined;
  let read: TableRuns;
  try {
    read = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError(`Cannot read ${path} as it must be JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(read?.runs) || typeof read.settings?.method !== "string") {
    throw new InputError(`Cannot read ${path} as it must be a file of runs on a table: it is not`);
  }
  const [had, got] = [read.settings, settings ?? read.settings].map((some) => JSON.stringify(some));
  if (had === got) return read;
  throw new InputError(
    `Cannot continue ${path} as the settings must be ${had} as before: got ${got}; choose another --out`,
  );
}

/** Writes a file of runs, a line each, ordered by key and name. */
export async function writeRuns(path: string, { runs, ...made }: TableRuns): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const ordered = runs.toSorted((a, b) => a.key - b.key || (a.run < b.run ? -1 : 1));
  const head = JSON.stringify(made).slice(0, -1);
  const lines = ordered.map((run) => JSON.stringify(run)).join(",\n");
  await writeAtomically(path, `${head},"runs":[\n${lines}\n]}\n`);
}

/** All series of a folder, by name. @throws {InputError} when a file is damaged. */
export async function readSeries(out: string): Promise<Map<string, TableRuns[]>> {
  const series = new Map<string, TableRuns[]>();
  const names = (await Array.fromAsync(Deno.readDir(out))).filter(({ isDirectory }) => isDirectory);
  for (const { name } of names) {
    const files = (await Array.fromAsync(Deno.readDir(`${out}/${name}`)))
      .filter(({ name }) => name.endsWith(".json"));
    if (files.length === 0) continue;
    const read = files.map(async (file) => (await readRuns(`${out}/${name}/${file.name}`))!);
    series.set(name, (await Promise.all(read)).sort((a, b) => a.table < b.table ? -1 : 1));
  }
  return new Map([...series].sort(([a], [b]) => a < b ? -1 : 1));
}
