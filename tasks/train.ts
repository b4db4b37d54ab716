/**
 * `deno task train`: pre-trains the diffusion policy on synthetic response surfaces.
 *
 * @module
 */
import { backendNames } from "../core/diffusion/backend.ts";
import type { Model } from "../core/diffusion/model.ts";
import { pretrainedModel } from "../core/diffusion/pretrained.ts";
import {
  type TrainingOptions,
  type TrainingSettings,
  trainingSettings,
} from "../core/diffusion/training/training_settings.ts";
import { type Command, type Flags, runCommand } from "./shared/cli.ts";
import { readModel } from "./shared/read_model.ts";
import { trainingPresets } from "./train/presets.ts";
import { shipWeights } from "./train/ship.ts";
import { readTransferTables } from "./train/transfer.ts";
import { TrainingFolder } from "./train/training_folder.ts";
import { WorkerEngine } from "./train/worker_engine.ts";

/** The command line. */
export const command: Command = {
  name: "train",
  summary: "Pre-trains the diffusion policy on synthetic response surfaces.",
  flags: {
    preset: {
      value: "NAME",
      description: "full, further (half of full, with --from), transfer or smoke (a minute)",
      default: "full",
    },
    from: {
      value: "FILE",
      description: "Weights to train further, or pretrained for those of the package",
    },
    transfer: {
      value: "DIR",
      description:
        "Folder in the layout of HPO-B's v3: trains for one search space, on its meta-train split",
    },
    space: { value: "ID", description: "Search space of --transfer (default: the first one)" },
    steps: { value: "N", description: "Training steps (default: the preset's)" },
    seed: { value: "N", description: "Key of all randomness", default: "1" },
    workers: {
      value: "N",
      description: "Worker threads; they do not change the result (default: the cores)",
    },
    backend: { value: "NAME", description: "wasm, webgpu or cpu", default: "wasm" },
    minutes: { value: "N", description: "Pause after so many minutes; run again to continue" },
    ship: { description: "When done, make these the weights that are part of the package" },
    out: { value: "DIR", description: "Folder of the outcome", default: "results/training" },
  },
  examples: [
    "genhpo train --preset smoke",
    "genhpo train --preset transfer --from pretrained --transfer DIR --out results/transfer",
    "genhpo train --minutes 60   # again and again, until it is done",
  ],
};

/** What it does. */
export async function run(flags: Flags): Promise<void> {
  const start = await startOf(flags.text("from"));
  const folder = flags.text("transfer");
  const transfer = folder === undefined
    ? undefined
    : await readTransferTables(folder, flags.text("space"));
  const settings = settingsOf(flags, {
    start: await start?.checksum() ?? null,
    transfer: transfer?.name ?? null,
    ...(transfer && { network: { columns: transfer.tables[0].dimension } }),
  });
  const out = flags.required("out");
  const backend = flags.choice("backend", backendNames);
  const cores = navigator.hardwareConcurrency;
  const workers = flags.text("workers") ? flags.integer("workers", 1, 64) : cores;
  const minutes = flags.text("minutes") ? flags.integer("minutes", 1) : Infinity;
  await Deno.mkdir(out, { recursive: true });
  const training = await TrainingFolder.open(out, settings, start, transfer?.tables);
  const engine = new WorkerEngine({ workers: Math.min(workers, settings.shards), backend });
  try {
    const done = await training.run(engine, { minutes });
    if (done && flags.on("ship")) await shipWeights(out);
  } finally {
    engine.close();
  }
}

async function startOf(from: string | undefined): Promise<Model | undefined> {
  if (from === undefined) return undefined;
  return from === "pretrained" ? await pretrainedModel() : await readModel(from);
}

function settingsOf(
  flags: Flags,
  from: Pick<TrainingOptions, "start" | "transfer" | "network">,
): TrainingSettings {
  const names = Object.keys(trainingPresets) as (keyof typeof trainingPresets)[];
  const preset = trainingPresets[flags.choice("preset", names)];
  const steps = flags.text("steps") ? { steps: flags.integer("steps", 1) } : {};
  return trainingSettings({
    ...preset,
    ...from,
    network: { ...preset.network, ...from.network },
    seed: flags.integer("seed", 0),
    optimizer: { ...preset.optimizer, ...steps },
  });
}

if (import.meta.main) await runCommand(command, run);
