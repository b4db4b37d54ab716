/**
 * A round of searches that a training makes now and then, and its file, which stands beside the checkpoint.
 *
 * @module
 */
import { InputError } from "../../search/errors.ts";
import { shown } from "../../search/json.ts";
import { parseSafetensors, writeSafetensors } from "../safetensors.ts";
import { type OwnHistories, ownHistorySize } from "./own_histories.ts";

/** The searches of one round. */
export interface OwnHistoriesRound {
  /** The step after which they were made. */
  step: number;
  /** One element a batch. */
  searches: readonly OwnHistories[];
}

const format = "genhpo own histories 1";

/** A round as the bytes of a safetensors file. */
export function encodeRound({ step, searches }: OwnHistoriesRound): Uint8Array<ArrayBuffer> {
  const tensors = searches.map(({ x }, i) => ({ name: `${i}`, shape: [x.length], values: x }));
  const shapes = searches.map(({ x: _, ...shape }) => shape);
  return writeSafetensors(tensors, { format, step: `${step}`, searches: JSON.stringify(shapes) });
}

/**
 * Reads what {@linkcode encodeRound} wrote.
 *
 * @throws {InputError} when the file is damaged or holds no round.
 */
export function decodeRound(bytes: Uint8Array): OwnHistoriesRound {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata.format !== format) {
    throw new InputError(
      `Cannot continue the training as its own histories must be of format "${format}": ` +
        `got "${metadata.format ?? "no format"}"`,
    );
  }
  const step = Number(metadata.step ?? NaN);
  if (!isCount(step)) {
    throw roundError("'step' must be a number of steps", metadata.step);
  }
  const searches = shapesOf(metadata.searches).map((shape, i) => {
    const x = tensors.get(`${i}`)?.values;
    const size = shape.contexts * ownHistorySize * shape.dimension;
    if (x?.length === size && x.every((value) => value >= 0 && value <= 1)) return { ...shape, x };
    throw roundError(`tensor "${i}" must have ${size} coordinates in [0, 1]`, x?.length);
  });
  return { step, searches };
}

function shapesOf(text: string | undefined): Omit<OwnHistories, "x">[] {
  let shapes: unknown;
  try {
    shapes = JSON.parse(text ?? "");
  } catch {
    // Reported below, like every other text that is not a list of shapes.
  }
  if (Array.isArray(shapes) && shapes.every(isShape)) return shapes;
  throw roundError("'searches' must be a list of keys, contexts and dimensions", text);
}

function isShape(shape: unknown): shape is Omit<OwnHistories, "x"> {
  const { key, contexts, dimension, isMixed } = (shape ?? {}) as Record<string, unknown>;
  return isCount(contexts) && isCount(dimension) && typeof isMixed === "boolean" &&
    Array.isArray(key) &&
    key.every((part) => typeof part === "string" || typeof part === "number");
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function roundError(requirement: string, given: unknown): InputError {
  return new InputError(
    `Cannot continue the training as ${requirement} in its own histories: got ${shown(given)}`,
  );
}
