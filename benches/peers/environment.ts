/**
 * The virtual environment that has the peers' packages.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";

const folder = ".cache/peers";
/** The environment's Python, relative to the checkout: what the task is allowed to run. */
export const interpreter = `${folder}/bin/python`;

/** Makes the environment. @throws {InputError} when Python or pip fail. */
export async function setUp(): Promise<void> {
  await runProgram("python3", ["-m", "venv", folder]);
  const file = (name: string): string => new URL(name, import.meta.url).pathname;
  const packages = [
    "--requirement",
    file("requirements.txt"),
    "--constraint",
    file("constraints.txt"),
  ];
  await runProgram(interpreter, ["-m", "pip", "install", ...packages]);
}

async function runProgram(program: string, args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args: [...args] }).spawn().status;
  if (!success) throw new InputError(`Cannot set up peers as ${program} must succeed: it failed`);
}

/**
 * The versions of all installed packages, by their names in lower case.
 *
 * @param python The environment's interpreter.
 * @throws {InputError} when the interpreter is not there.
 */
export async function installedPackages(
  python: string = interpreter,
): Promise<Map<string, string>> {
  const listing = "import importlib.metadata as m, json; " +
    "print(json.dumps([[d.metadata['Name'].lower(), d.version] for d in m.distributions()]))";
  try {
    const { stdout } = await new Deno.Command(python, { args: ["-c", listing] }).output();
    return new Map(JSON.parse(new TextDecoder().decode(stdout)));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(
      `Cannot run peers as ${python} must exist: deno task bench:peers --setup makes it`,
    );
  }
}
