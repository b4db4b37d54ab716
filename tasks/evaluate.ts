/**
 * `deno task evaluate`: compares settings or weights of diffusion search, many runs side by side.
 *
 * @module
 */
import { backendNames } from "../core/diffusion/backend.ts";
import { pretrainedModel } from "../core/diffusion/pretrained.ts";
import { HpobHandler } from "../hpob/handler.ts";
import { comparisonTable, meanTable } from "./evaluate/tables.ts";
import { evaluate, type Variant } from "./evaluate/evaluate_variant.ts";
import { type Command, type Flags, runCommand, UsageError } from "./shared/cli.ts";
import { readModel } from "./shared/read_model.ts";

/** The command line. */
export const command: Command = {
  name: "evaluate",
  summary:
    "Compares settings or weights of diffusion search on benchmarks, many runs side by side.",
  positional: {
    value: "VARIANT...",
    description:
      "Settings as JSON, with weights by a file: '{}' '{\"probePeriod\":0}' '{\"weights\":\"a.safetensors\"}'",
  },
  flags: {
    data: { value: "DIR,DIR", description: "Folders in HPO-B's format (default: hpob-mini)" },
    keys: { value: "a,b", description: "Keys of all randomness", default: "0,1,2" },
    trials: { value: "N", description: "Trials of a run", default: "50" },
    batch: { value: "N", description: "Suggestions made before a response is known", default: "1" },
    backend: { value: "NAME", description: "wasm, webgpu or cpu", default: "wasm" },
    out: { value: "FILE", description: "JSON file of all regrets" },
  },
  examples: [
    "genhpo evaluate '{}' '{\"probePeriod\":0}' --data DIR --keys 0,1,2",
  ],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const variants = await Promise.all(flags.positional.map(readVariant));
  if (variants.length === 0) {
    throw new UsageError("Missing variant: give settings, '{}' for the default");
  }
  const keys = flags.list("keys")!.map(Number);
  if (!keys.every(Number.isSafeInteger)) {
    throw new UsageError(`Flag --keys must be integers: got "${flags.text("keys")}"`);
  }
  const folders = flags.list("data");
  const handlers = folders === undefined
    ? [await HpobHandler.embedded()]
    : await Promise.all(folders.map((folder) => HpobHandler.open(folder)));
  const trials = flags.integer("trials", 1), batch = flags.integer("batch", 1);
  const backend = flags.choice("backend", backendNames);
  const evaluated = [];
  for (const variant of variants) {
    const started = performance.now();
    evaluated.push(await evaluate(variant, handlers, { keys, trials, batch, backend }));
    console.error(`${variant.name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  console.log(meanTable(evaluated, trials));
  if (evaluated.length > 1) console.log(`\n${comparisonTable(evaluated)}`);
  const out = flags.text("out");
  if (out !== undefined) await Deno.writeTextFile(out, JSON.stringify(evaluated));
}

async function readVariant(text: string): Promise<Variant> {
  let settings: Record<string, unknown>;
  try {
    settings = JSON.parse(text);
  } catch {
    throw new UsageError(
      `A variant must be settings as JSON, such as {"guidance": 2}: got "${text}"`,
    );
  }
  const { weights, ...options } = settings;
  if (weights === undefined) return { name: text, options, model: await pretrainedModel() };
  return { name: text, options, model: await readModel(`${weights}`) };
}

if (import.meta.main) await runCommand(command, run);
