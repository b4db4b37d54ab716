/** The real Optuna, where a Python that has it is at hand. */
import { parseJson } from "../../../../core/search/json.ts";

/** The Python that has Optuna, and scikit-learn. */
export const pythonWithOptuna = Deno.env.get("GENHPO_OPTUNA_PYTHON") ??
  new URL("../../../../.cache/optuna/bin/python", import.meta.url).pathname;
const script = new URL("./with_optuna.py", import.meta.url).pathname;

/** A trial as Optuna reads it. */
export interface OptunaTrial {
  readonly number: number;
  readonly state: string;
  readonly values: readonly number[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly distributions: Readonly<Record<string, unknown>>;
  readonly intermediate: readonly (readonly [step: number, value: number])[];
  readonly user: Readonly<Record<string, unknown>>;
  readonly started: number | null;
  readonly finished: number | null;
}

/** A study as Optuna reads it. */
export interface OptunaStudy {
  readonly directions: readonly string[];
  readonly user: Readonly<Record<string, unknown>>;
  readonly trials: readonly OptunaTrial[];
}

/** Whether Optuna is installed. */
export function hasOptuna(): boolean {
  try {
    return Deno.statSync(pythonWithOptuna).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The path of a program that is installed beside Optuna. */
export function programBesideOptuna(name: string): string {
  return pythonWithOptuna.replace(/[^/]*$/, name);
}

/** The URL as SQLAlchemy spells it. */
export function sqlAlchemyUrl(url: string): string {
  return url.replace(/^sqlite:(?!\/\/)/, "sqlite:///").replace("postgres:", "postgresql+psycopg2:");
}

/** Lets Optuna do something with a study; gives what it printed. */
export async function withOptuna(
  command: "make" | "dump" | "draw" | "optimize",
  url: string,
  study: string,
  trials?: number,
): Promise<unknown> {
  const args = [script, command, sqlAlchemyUrl(url), study];
  const { success, stdout, stderr } = await new Deno.Command(pythonWithOptuna, {
    args: trials === undefined ? args : [...args, String(trials)],
  }).output();
  const [printed, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(errors);
  return printed === "" ? undefined : parseJson(printed);
}

/** A study as Optuna reads it. */
export async function dumpByOptuna(url: string, study: string): Promise<OptunaStudy> {
  return await withOptuna("dump", url, study) as OptunaStudy;
}
