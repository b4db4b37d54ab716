/**
 * `deno task suggest`: the next configurations for a person's own observations.
 *
 * @module
 */
import { csvFormat } from "d3-dsv";
import { backendNames } from "../core/diffusion/backend.ts";
import { InputError } from "../core/search/errors.ts";
import { deriveSeed } from "../core/search/random.ts";
import { parseSearchSpace } from "../core/search/formats/space_file.ts";
import type { Configuration, SearchSpace } from "../core/search/search_space.ts";
import { type Command, type Flags, oneOf, runCommand, UsageError } from "./shared/cli.ts";
import { methodNames, methods } from "./shared/methods.ts";
import { type Observations, readObservations } from "./suggest/observations_file.ts";

/** The command line. */
export const command: Command = {
  name: "suggest",
  summary: "Reads observations and prints the next configuration to evaluate.",
  positional: {
    value: "FILE",
    description: "CSV with a header, or a JSON list of objects; - or nothing reads stdin",
  },
  flags: {
    space: { value: "FILE", description: "JSON file that describes named hyperparameters" },
    response: { value: "NAME", description: "Column of the response", default: "y" },
    minimize: { description: "Smaller responses are better" },
    count: { value: "N", description: "Number of configurations", default: "1" },
    method: { value: "NAME", description: `Among ${methodNames.join(", ")}`, default: "diffusion" },
    seed: { value: "N", description: "Key of all randomness", default: "0" },
    backend: { value: "NAME", description: "wasm, webgpu or cpu", default: "wasm" },
    format: { value: "NAME", description: "csv or json (default: as the input)" },
  },
  examples: [
    "genhpo suggest observations.csv",
    "genhpo suggest runs.csv --space space.json --response accuracy --count 4",
    'echo \'[{"a": 0.2, "b": 0.7, "y": 0.61}]\' | genhpo suggest',
  ],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const count = flags.integer("count", 1, 1000);
  const seed = flags.integer("seed", 0);
  const method = methods[oneOf("--method", flags.required("method"), methodNames)];
  const backend = flags.choice("backend", backendNames);
  const wanted = flags.text("format");
  if (wanted !== undefined) oneOf("--format", wanted, ["csv", "json"]);
  const space = await readSpace(flags.text("space"));
  const text = await readInput(flags);
  const observations = readObservations(text, { response: flags.required("response"), space });
  const y = flags.on("minimize") ? observations.y.map((value) => -value) : observations.y;

  const suggestions: Configuration[] = [];
  for (let i = 0; i < count; i++) {
    // The first suggestion is that of the seed itself, others are draws with seeds of their own.
    const algorithm = method({ seed: i === 0 ? seed : deriveSeed(seed, i), backend });
    const point = await algorithm.observeAndSuggest({ points: observations.x, responses: y });
    suggestions.push(space ? space.decode(point) : named(observations, point));
  }
  const asJson = (wanted ?? (/^\s*[[{]/.test(text) ? "json" : "csv")) === "json";
  console.log(asJson ? JSON.stringify(suggestions, null, 2) : csvFormat(suggestions));
}

function named({ columns }: Observations, point: Float64Array): Configuration {
  return Object.fromEntries(columns.map((name, j) => [name, Number(point[j].toPrecision(8))]));
}

async function readSpace(path: string | undefined): Promise<SearchSpace | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path);
  try {
    return parseSearchSpace(text);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${path}: ${error.message}`) : error;
  }
}

async function readInput(flags: Flags): Promise<string> {
  if (flags.positional.length > 1) {
    throw new UsageError(`Unexpected argument: got "${flags.positional[1]}"`);
  }
  const [path = "-"] = flags.positional;
  if (path !== "-") return await readFile(path);
  if (Deno.stdin.isTerminal()) throw new UsageError("Missing input: give a FILE, or pipe one in");
  return await new Response(Deno.stdin.readable).text();
}

async function readFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`Cannot read ${path} as the file must exist`);
  }
}

if (import.meta.main) await runCommand(command, run);
