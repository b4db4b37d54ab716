/**
 * `deno task plot`: draws figures from result files, ours or HPO-B's.
 *
 * @module
 */
import { InputError } from "../core/search/errors.ts";
import { alignResults } from "../hpob/comparison/aligned_results.ts";
import { readResults, type Results } from "../hpob/comparison/results.ts";
import { type Command, type Flags, oneOf, runCommand } from "./shared/cli.ts";
import { writeFigures } from "./shared/figures.ts";
import { summaryTable } from "./shared/summary.ts";

/** The command line. */
export const command: Command = {
  name: "plot",
  summary: "Draws rank and regret over trials from result files, ours or HPO-B's, a file a method.",
  positional: {
    value: "FILES",
    description: "Result files, or folders of them (default: results)",
  },
  flags: {
    methods: { value: "a,b", description: "Methods to draw (default: all)" },
    trials: { value: "N", description: "Draw the first N trials (default: all)" },
    protocol: {
      value: "NAME",
      description: "Protocol of files that do not state it: continuous or discrete",
    },
    band: {
      value: "NAME",
      description: "95% interval, or official: half of it, as in HPO-B's figures",
      default: "95%",
    },
    aggregation: {
      value: "NAME",
      description: "Over several search spaces: macro (mean of their means) or micro (mean of all)",
      default: "macro",
    },
    out: { value: "DIR", description: "Folder of the figures", default: "results/figures" },
  },
  examples: [
    "genhpo plot",
    "genhpo plot results/gp.json results/random.json --trials 25 --out figures",
    "genhpo plot published/GP.json published/Random.json --protocol continuous",
  ],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const band = flags.choice("band", ["95%", "official"]);
  const aggregation = flags.choice("aggregation", ["macro", "micro"]);
  const results = await chosenResults(flags);
  const comparison = cut(flags, alignResults(results));
  const paths = await writeFigures(flags.required("out"), comparison, {
    band,
    aggregation,
    benchmark: commonBenchmark(results),
  });
  console.log(`${summaryTable(comparison, results, { aggregation })}\n\n${paths.join("\n")}`);
}

/** The results of the files that are given, restricted to the methods that are wanted. */
async function chosenResults(flags: Flags): Promise<Results[]> {
  const protocol = flags.text("protocol") === undefined
    ? undefined
    : flags.choice("protocol", ["continuous", "discrete"]);
  const places = flags.positional.length > 0 ? flags.positional : ["results"];
  const paths = (await Promise.all(places.map(resultFiles))).flat();
  const results = await Promise.all(
    paths.map((path) => readResults(path, protocol === undefined ? {} : { protocol })),
  );
  const known = results.map(({ method }) => method);
  const wanted = flags.list("methods")?.map((name) => oneOf("--methods", name, known));
  return wanted === undefined
    ? results
    : wanted.map((name) => results.find(({ method }) => method === name)!);
}

/** The file itself, or the result files of a folder. */
async function resultFiles(place: string): Promise<string[]> {
  let isFolder: boolean;
  try {
    isFolder = (await Deno.stat(place)).isDirectory;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new InputError(`Cannot plot ${place} as it must be a result file or a folder of them`);
  }
  if (!isFolder) return [place];
  const entries = await Array.fromAsync(Deno.readDir(place));
  const names = entries.filter(({ isFile, name }) => isFile && name.endsWith(".json"))
    .map(({ name }) => name).sort();
  if (names.length === 0) {
    throw new InputError(`Cannot plot folder ${place} as there must be result files (.json) in it`);
  }
  return names.map((name) => `${place}/${name}`);
}

/** The comparison after the number of trials that is asked for. */
function cut<T extends { trials: number }>(flags: Flags, comparison: T): T {
  if (flags.text("trials") === undefined) return comparison;
  return { ...comparison, trials: flags.integer("trials", 1, comparison.trials) };
}

/** The benchmark that the files name, where they agree. */
function commonBenchmark(results: readonly Results[]): string | undefined {
  const names = new Set(results.map(({ settings }) => settings.benchmark));
  const [name] = names;
  return names.size === 1 && typeof name === "string" ? name : undefined;
}

if (import.meta.main) await runCommand(command, run);
