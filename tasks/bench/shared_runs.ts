/**
 * The runs of a method in a folder that any number of processes share.
 *
 * A finished run is at once a file of its own in `.runs/METHOD/`, written under another name and
 * renamed, so that it is there as a whole or not at all. Now and then, and at the end, one process at
 * a time gathers them into the result file `METHOD.json`; only then are they removed. What a process
 * reads in this order, the single runs and then the result file, is therefore never less than what was
 * finished before.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import {
  mergeResults,
  parseResults,
  readResults,
  type Results,
  type RunResult,
  writeResults,
} from "../../hpob/comparison/results.ts";
import { type RunIdentity, runKey } from "../../hpob/comparison/run.ts";
import { isMissing, readIfExists } from "../../hpob/files/atomic.ts";
import { type Claims, isClaim } from "./claims.ts";

/** The runs of one method, ours and those of other processes. */
export class SharedRuns {
  /** The result file. */
  readonly path: string;
  readonly #folder: string;
  readonly #claims: Claims;
  #results: Results;
  /** Keys of all runs that are known. */
  readonly #known = new Set<string>();
  /** Names of the files of single runs that were read. */
  readonly #read = new Set<string>();
  /** Tells one state of the result file from another. */
  #version: string | undefined;

  private constructor(out: string, made: Omit<Results, "runs">, claims: Claims) {
    this.path = `${out}/${made.method}.json`;
    this.#folder = `${out}/.runs/${made.method}`;
    this.#results = { ...made, runs: [] };
    this.#claims = claims;
  }

  /**
   * Opens the runs of a method in a folder.
   *
   * @param out The folder, which need not exist yet.
   * @param made How the runs are made.
   * @throws {InputError} when runs that are there were made with other settings.
   */
  static async open(
    out: string,
    made: Omit<Results, "runs">,
    claims: Claims,
  ): Promise<SharedRuns> {
    const runs = new SharedRuns(out, made, claims);
    await runs.refresh();
    return runs;
  }

  /** All runs that are known to be finished. */
  get results(): Results {
    return this.#results;
  }

  /** Whether a run is finished, as far as is known. */
  has(run: RunIdentity): boolean {
    return this.#known.has(runKey(run));
  }

  /** Whether this process has claimed a run. */
  holds(run: RunIdentity): boolean {
    return this.#claims.holds(this.#file(run));
  }

  /** Claims a run that is to be made; returns whether it is ours. */
  async claim(run: RunIdentity): Promise<boolean> {
    await Deno.mkdir(this.#folder, { recursive: true });
    if (!await this.#claims.claim(this.#file(run))) return false;
    await this.refresh(); // it may have been finished, and its claim been released, just before
    if (this.has(run)) this.release(run);
    return this.holds(run);
  }

  /** Gives a claimed run back. */
  release(run: RunIdentity): void {
    this.#claims.release(this.#file(run));
  }

  /** Records a run that is finished, and gives its claim back. */
  async record(run: RunResult): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true });
    const file = this.#file(run);
    await writeResults(file, { ...this.#results, runs: [run] });
    this.#read.add(nameOf(file));
    this.#add({ ...this.#results, runs: [run] });
    this.release(run);
  }

  /** Takes notice of what other processes have finished. */
  async refresh(): Promise<void> {
    for (const name of await this.#files()) {
      if (!name.endsWith(".json") || this.#read.has(name)) continue;
      const bytes = await readIfExists(`${this.#folder}/${name}`);
      if (bytes === undefined) continue; // gathered meanwhile: the result file has it
      this.#read.add(name);
      const single = parseOrIgnore(new TextDecoder().decode(bytes), name);
      if (single !== undefined) this.#add(single);
    }
    const version = await versionOf(this.path);
    if (version === undefined || version === this.#version) return;
    const results = await readResults(this.path);
    this.#version = version;
    this.#add(results);
  }

  /**
   * Puts all finished runs into the result file, unless another process is about to.
   *
   * @returns whether the result file has all runs that are known.
   */
  async gather(): Promise<boolean> {
    await this.refresh();
    const names = await this.#files();
    if (!names.some((name) => name.endsWith(".json")) && this.#version !== undefined) {
      await this.#tidy(names);
      return true;
    }
    await Deno.mkdir(this.#folder, { recursive: true });
    const claim = `${this.#folder}/results`;
    if (!await this.#claims.claim(claim)) return false;
    try {
      await this.refresh();
      if (this.#results.runs.length === 0) return true;
      const gathered = [...this.#read];
      await writeResults(this.path, this.#results, { timings: "beside" });
      this.#version = await versionOf(this.path);
      for (const name of gathered) await removeIfExists(`${this.#folder}/${name}`);
      this.#read.clear();
    } finally {
      this.#claims.release(claim);
    }
    await this.#tidy(await this.#files());
    return true;
  }

  /** Removes the folder of single runs when nobody works in it. */
  async #tidy(names: readonly string[]): Promise<void> {
    if (names.some((name) => name.endsWith(".json") || isClaim(name))) return;
    for (const name of names) await removeIfExists(`${this.#folder}/${name}`); // of killed processes
    for (const folder of [this.#folder, this.#folder.replace(/\/[^/]*$/, "")]) {
      await Deno.remove(folder).catch(() => {}); // not empty: somebody has begun to work in it
    }
  }

  /** The names of the files of the folder of single runs. */
  async #files(): Promise<string[]> {
    try {
      return (await Array.fromAsync(Deno.readDir(this.#folder))).map(({ name }) => name);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  #add(results: Results): void {
    try {
      this.#results = mergeResults(results, this.#results);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const places = `${this.path} and ${this.#folder}`;
      throw new InputError(`${error.message}; choose another --out, or remove ${places}`);
    }
    for (const run of results.runs) this.#known.add(runKey(run));
  }

  /** The file of a single run. */
  #file(run: RunIdentity): string {
    const parts = [run.searchSpaceId, run.datasetId, run.seed].map((part) =>
      encodeURIComponent(part).replaceAll("~", "%7E")
    );
    return `${this.#folder}/${parts.join("~")}.json`;
  }
}

/** A run's file is whole, unless the machine lost its power: then the run is made again. */
function parseOrIgnore(text: string, source: string): Results | undefined {
  try {
    return parseResults(text, { source });
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { mtime, size, ino } = await Deno.stat(path);
    return `${mtime?.getTime()} ${size} ${ino}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function removeIfExists(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
