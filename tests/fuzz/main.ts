/**
 * `deno task fuzz`: tries damaged files on the readers, and writes the table of docs/robustness.md.
 *
 * @module
 */
import { InputError } from "../../core/search/errors.ts";
import { writeAtomically } from "../../hpob/files/atomic.ts";
import { replaceRegion } from "../../tasks/report/template.ts";
import { type Command, type Flags, oneOf, runCommand } from "../../tasks/shared/cli.ts";
import { Progress } from "../../tasks/shared/progress.ts";
import { fuzz, type FuzzReport } from "./fuzz.ts";
import { readers } from "./readers.ts";

const document = "docs/robustness.md";
const names = readers.map(({ name }) => name);

const command: Command = {
  name: "fuzz",
  summary:
    "Tries damaged files on every reader: each must end in a value or in an error with a place.",
  flags: {
    reader: { value: "NAME", description: `Only this reader: ${names.join(", ")}` },
    count: { value: "N", description: "Damaged files for each reader", default: "10000" },
    seed: { value: "N", description: "Key of all randomness", default: "0" },
  },
  examples: ["deno task fuzz --reader table --count 1000 --seed 3"],
};

/** What was found earlier and mended: a reader and a sentence a line. */
function mendedCrashes(): string[][] {
  const text = Deno.readTextFileSync(new URL("./mended.tsv", import.meta.url));
  return text.trim().split("\n").map((line) => line.split("\t"));
}

function table(reports: readonly FuzzReport[]): string {
  const mended = mendedCrashes();
  const unknown = mended.find(([reader]) => !names.includes(reader));
  if (unknown) throw new InputError(`Cannot write the table as ${unknown[0]} must be a reader`);
  const rows = reports.map(({ reader, tried, accepted, refused, crashes, slowest }) => [
    `\`${reader}\``,
    ...[tried, accepted, refused].map(String),
    slowest < 0.1 ? "below 0.1 s" : `${slowest.toFixed(1)} s`,
    String(crashes.length),
    String(mended.filter(([name]) => name === reader).length),
  ]);
  const sum = (column: number) => String(rows.reduce((sum, row) => sum + Number(row[column]), 0));
  const total = ["all", sum(1), sum(2), sum(3), "", sum(5), sum(6)];
  const head = ["reader", "files", "read", "refused", "slowest", "crashes", "mended before"];
  const widths = head.map((_, j) =>
    Math.max(...[head, ...rows, total].map((row) => row[j].length))
  );
  const line = (row: readonly string[]) =>
    `| ${
      row.map((cell, j) => j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j])).join(" | ")
    } |`;
  const rule = `| ${
    widths.map((width, j) => j === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`).join(" | ")
  } |`;
  return [line(head), rule, ...rows.map(line), line(total)].join("\n");
}

async function run(flags: Flags): Promise<void> {
  const only = flags.text("reader");
  if (only !== undefined) oneOf("--reader", only, names);
  const count = flags.integer("count", 1);
  const seed = flags.integer("seed", 0);
  const reports: FuzzReport[] = [];
  for (const reader of readers.filter(({ name }) => only === undefined || name === only)) {
    const progress = new Progress(count, (done) => `${reader.name}: ${done} of ${count} files`);
    const report = await fuzz(reader, { count, seed, onFile: (done) => progress.update(done) });
    progress.finish();
    reports.push(report);
    for (const { file, problem } of report.crashes.slice(0, 10)) {
      console.log(`${reader.name}, file ${file} of seed ${seed}: ${problem}`);
    }
  }
  console.log(table(reports));
  if (only === undefined) {
    const text = await Deno.readTextFile(document);
    const content = `Seed ${seed}:\n\n${table(reports)}`;
    await writeAtomically(
      document,
      replaceRegion(text, { name: "fuzz", content, source: document }),
    );
  }
  const crashes = reports.reduce((sum, report) => sum + report.crashes.length, 0);
  if (crashes > 0) throw new InputError(`Cannot be content as there were ${crashes} crashes`);
}

if (import.meta.main) await runCommand(command, run);
