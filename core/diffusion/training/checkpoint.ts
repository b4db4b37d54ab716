/**
 * Checkpoints of a training: everything that is needed to continue it exactly.
 *
 * @module
 */
import { InputError } from "../../search/errors.ts";
import { configOfMetadata, type NetworkConfig, Parameters } from "../parameters.ts";
import { parseSafetensors, writeSafetensors } from "../safetensors.ts";
import type { AdamWState } from "../adamw.ts";

/** The state of a training after some step. */
export interface Checkpoint {
  /** The size of the network. */
  config: Readonly<NetworkConfig>;
  /** Weights, their average, optimizer moments, number of steps. */
  optimizer: Readonly<AdamWState>;
  /** The settings of the training, as JSON: to continue it, they must be the same. */
  settings: string;
}

const vectors = ["values", "average", "firstMoment", "secondMoment"] as const;

/** A checkpoint as the bytes of a safetensors file. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { config, optimizer, settings } = checkpoint;
  return writeSafetensors(
    vectors.map((name) => ({ name, shape: [optimizer[name].length], values: optimizer[name] })),
    {
      format: "genhpo checkpoint 1",
      config: JSON.stringify(config),
      settings,
      step: String(optimizer.step),
      updates: String(optimizer.updates),
    },
  );
}

/**
 * Reads what {@linkcode encodeCheckpoint} wrote.
 *
 * @throws {InputError} when the file is damaged or no checkpoint.
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata.format !== "genhpo checkpoint 1") {
    throw new InputError(
      `Cannot continue the training as the file must be a checkpoint of format 1: ` +
        `got "${metadata.format ?? "no format"}"`,
    );
  }
  const config = configOfMetadata(metadata.config);
  const { length } = new Parameters(config).values;
  const vector = (name: typeof vectors[number]): Float32Array => {
    const values = tensors.get(name)?.values;
    if (values?.length === length && values.every(Number.isFinite)) return values;
    throw new InputError(
      `Cannot continue the training as '${name}' of the checkpoint must be ${length} finite numbers`,
    );
  };
  const count = (name: "step" | "updates"): number => {
    const value = Number(metadata[name] ?? NaN);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new InputError(
      `Cannot continue the training as '${name}' of the checkpoint must be a number of steps: ` +
        `got ${metadata[name] ?? "nothing"}`,
    );
  };
  if (metadata.settings === undefined) {
    throw new InputError("Cannot continue the training as the checkpoint must hold its settings");
  }
  return {
    config,
    settings: metadata.settings,
    optimizer: {
      step: count("step"),
      updates: count("updates"),
      values: vector("values"),
      average: vector("average"),
      firstMoment: vector("firstMoment"),
      secondMoment: vector("secondMoment"),
    },
  };
}
