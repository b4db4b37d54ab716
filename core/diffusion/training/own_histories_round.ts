/**
 * A round of searches that a training makes now and then, and its file, which stands beside the checkpoint.
 *
 * @module
 */
import { InputError } from "../../search/errors.ts";
import { parseSafetensors, writeSafetensors } from "../safetensors.ts";
import type { OwnHistories } from "./own_histories.ts";

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
  const shapes: Omit<OwnHistories, "x">[] = JSON.parse(metadata.searches);
  const searches = shapes.map((shape, i) => ({ ...shape, x: tensors.get(`${i}`)!.values }));
  return { step: Number(metadata.step), searches };
}
