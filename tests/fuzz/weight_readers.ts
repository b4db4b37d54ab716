/**
 * Readers of weights and of checkpoints.
 *
 * @module
 */
import { AdamW } from "../../core/diffusion/adamw.ts";
import { Model } from "../../core/diffusion/model.ts";
import { Parameters } from "../../core/diffusion/parameters.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../core/diffusion/training/checkpoint.ts";
import { decodeRound, encodeRound } from "../../core/diffusion/training/own_histories_round.ts";
import { Random } from "../../core/search/random.ts";
import { mutateJson } from "./mutations.ts";
import { type FuzzedReader, textOf } from "./reader.ts";

const config = {
  width: 4,
  heads: 1,
  encoderBlocks: 1,
  decoderBlocks: 1,
  conditionWidth: 4,
  headBins: 4,
};
const parameters = Parameters.initialize(config, Random.of("fuzz"));

const model = new Model(parameters, {
  schedule: "cosine",
  largestContext: 60,
  smallestDimension: 2,
  largestDimension: 20,
});

/** Damages the header of a file in the safetensors layout, and states its new length. */
function mutateHeader(file: Uint8Array, random: Random): Uint8Array {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const mutated = mutateJson(textOf(file.subarray(8, 8 + length)), random);
  const header = new TextEncoder().encode(mutated);
  const result = new Uint8Array(file.length - length + header.length);
  new DataView(result.buffer).setBigUint64(0, BigInt(header.length), true);
  result.set(header, 8);
  result.set(file.subarray(8 + length), 8 + header.length);
  return result;
}

const readerOf = (name: string, file: () => Uint8Array, read: FuzzedReader["read"]) => ({
  name,
  corpus: () => Promise.resolve([file()]),
  read,
  mutate: mutateHeader,
});

export const weightReaders: readonly FuzzedReader[] = [
  readerOf(
    "weights",
    () => model.toSafetensors(),
    (file) => Model.fromSafetensors(file).checksum(),
  ),
  readerOf(
    "checkpoint",
    () => {
      const { state } = new AdamW(parameters.values.slice(), { steps: 10 });
      return encodeCheckpoint({
        config,
        optimizer: { ...state, step: 3, updates: 2 },
        settings: "{}",
      });
    },
    (file) => decodeCheckpoint(file),
  ),
  readerOf(
    "own-histories",
    () =>
      encodeRound({
        step: 10,
        searches: [{
          key: ["a", 1],
          contexts: 1,
          dimension: 2,
          isMixed: false,
          x: new Float32Array(120).fill(0.5),
        }],
      }),
    (file) => decodeRound(file),
  ),
];
