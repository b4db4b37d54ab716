/**
 * `deno task suggest`: the next configurations for a person's own observations.
 *
 * @module
 */
import { csvFormat } from "d3-dsv";
import { backendNames } from "../core/diffusion/backend.ts";
import type { Algorithm } from "../core/search/algorithm.ts";
import { ExhaustedError } from "../core/search/errors.ts";
import type { Configuration } from "../core/search/search_space.ts";
import type { TrialTable } from "../core/trials/trial_table.ts";
import { type Command, type Flags, oneOf, runCommand } from "./shared/cli.ts";
import {
  readInput,
  readSpaceFile,
  readTable,
  readTableSettings,
  tableFlags,
} from "./shared/input_files.ts";
import { methodNames, methods } from "./shared/methods.ts";

/** The command line. */
export const command: Command = {
  name: "suggest",
  summary: "Reads observations and prints the next configuration to evaluate.",
  positional: {
    value: "FILE",
    description:
      "Table of trials: CSV, JSON, or an export of Optuna, W&B, Ray, SMAC3 or MLflow; - reads stdin",
  },
  flags: {
    space: { value: "FILE", description: "JSON of named hyperparameters, or a ConfigSpace" },
    ...tableFlags,
    minimize: { description: "Smaller responses are better" },
    count: { value: "N", description: "Number of configurations, all different", default: "1" },
    repeats: { description: "Allow configurations that were tried, as for noisy responses" },
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
  const path = flags.text("space");
  const space = path === undefined ? undefined : await readSpaceFile(path);
  const table = readTable(await readInput(flags), readTableSettings(flags), space);
  const suggestions = await suggest(method({ seed, backend }), table, {
    count,
    sign: flags.on("minimize") ? -1 : 1,
    repeats: flags.on("repeats"),
  });
  console.log(
    (wanted ?? table.format) === "json"
      ? JSON.stringify(suggestions, null, 2)
      : csvFormat(suggestions, [...table.space.names]),
  );
}

/** Suggestions one after the other; each sees the earlier ones as running, and so keeps away from them. */
async function suggest(
  algorithm: Algorithm,
  { space, trials }: TrialTable,
  { count, sign, repeats }: { count: number; sign: number; repeats: boolean },
): Promise<Configuration[]> {
  const isRunning = (state: string): boolean => state === "running" || state === "waiting";
  const finished = trials.filter(({ state }) => !isRunning(state));
  const points = finished.map(({ configuration }) => space.encode(configuration));
  // What a pruned trial had reached says nothing of what it would have come to.
  const responses = finished.map(({ state, response }) =>
    state === "complete" ? sign * response : NaN
  );
  const running = trials.filter(({ state }) => isRunning(state))
    .map(({ configuration }) => space.encode(configuration));
  const suggestions: Configuration[] = [];
  while (suggestions.length < count) {
    let point: Float64Array;
    try {
      const observed = { points, responses, running };
      point = await algorithm.observeAndSuggest(observed, {
        coordinates: space.coordinates,
        repeats,
      });
    } catch (error) {
      if (!(error instanceof ExhaustedError) || suggestions.length === 0) throw error;
      console.error(`Only ${suggestions.length} configurations were left to try`);
      break;
    }
    running.push(point);
    suggestions.push(space.decode(point));
  }
  return suggestions;
}

if (import.meta.main) await runCommand(command, run);
