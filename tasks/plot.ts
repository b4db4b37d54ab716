/**
 * `deno task plot`: draws figures from result files, ours or HPO-B's.
 *
 * @module
 */
import { alignResults } from "../hpob/comparison/aligned_results.ts";
import { describeOmissions } from "../hpob/comparison/omissions.ts";
import type { Results } from "../hpob/comparison/results.ts";
import { describeRuns } from "../hpob/figures/comparison_figures.ts";
import { plottedResults } from "./plot/plotted_results.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
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
    label: {
      value: "a,b",
      description: "Names of the methods, one a file, in the files' order (default: as they state)",
    },
    methods: { value: "a,b", description: "Methods to draw (default: all)" },
    trials: { value: "N", description: "Draw the first N trials (default: all)" },
    protocol: {
      value: "NAME",
      description: "Draw this protocol, continuous or discrete, of which files that state none are",
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
    "genhpo plot published/GP-C.json published/RS-C.json results/diffusion.json",
    "genhpo plot before/gp.json after/gp.json --label before,after",
  ],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const warn = (message: string): void => console.error(`warning: ${message}`);
  const groups = await plottedResults(flags, warn);
  const out = flags.required("out");
  for (const results of groups) {
    await plot(flags, results, groups.length > 1 ? `${out}/${results[0].protocol}` : out, warn);
  }
}

/** Draws results of one protocol into a folder, and prints their table. */
async function plot(
  flags: Flags,
  results: readonly Results[],
  out: string,
  warn: (message: string) => void,
): Promise<void> {
  const band = flags.choice("band", ["95%", "official"]);
  const aggregation = flags.choice("aggregation", ["macro", "micro"]);
  const whole = alignResults(results);
  const comparison = cut(flags, whole);
  describeOmissions(results, whole).forEach(warn);
  const benchmark = commonBenchmark(results);
  const paths = await writeFigures(out, comparison, { band, aggregation, benchmark });
  console.log(
    `${describeRuns(comparison, benchmark)}\n\n` +
      `${summaryTable(comparison, results, { aggregation })}\n\n${paths.join("\n")}`,
  );
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
