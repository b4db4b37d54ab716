import { assertEquals, assertThrows } from "@std/assert";
import { parseSafetensors, writeSafetensors } from "../../../../core/diffusion/safetensors.ts";
import {
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../../../core/diffusion/training/checkpoint.ts";
import { InputError } from "../../../../core/search/errors.ts";
import { historyConfig, Parameters } from "../../../../core/diffusion/parameters.ts";
import { Random } from "../../../../core/search/random.ts";
import { AdamW } from "../../../../core/diffusion/adamw.ts";

const { values } = Parameters.initialize(historyConfig, Random.of(1));
const { state } = new AdamW(values, { steps: 10 });
const checkpoint = {
  config: historyConfig,
  optimizer: { ...state, step: 3, updates: 2 },
  settings: "{}",
};

/** The file of the checkpoint with other metadata. */
function changed(change: Record<string, string | undefined>): Uint8Array {
  const { tensors, metadata } = parseSafetensors(encodeCheckpoint(checkpoint));
  const entries = Object.entries({ ...metadata, ...change }).filter(([, text]) =>
    text !== undefined
  );
  return writeSafetensors(
    [...tensors].map(([name, tensor]) => ({ name, ...tensor })),
    Object.fromEntries(entries) as Record<string, string>,
  );
}

Deno.test("a checkpoint survives being written and read", () => {
  assertEquals(decodeCheckpoint(encodeCheckpoint(checkpoint)), checkpoint);
});

Deno.test("a checkpoint whose metadata are missing or wrong is refused by name", () => {
  const cases: [Record<string, string | undefined>, string][] = [
    [{ format: undefined }, 'checkpoint of format 1: got "no format"'],
    [{ config: undefined }, "must hold a network configuration"],
    [{ config: "{" }, "must hold a network configuration"],
    [
      { config: JSON.stringify({ ...historyConfig, width: 16000000 }) },
      "'width' must be an integer in",
    ],
    [
      { config: JSON.stringify({ ...historyConfig, width: 32 }) },
      "'values' of the checkpoint must be",
    ],
    [{ settings: undefined }, "must hold its settings"],
    [{ step: undefined }, "'step' of the checkpoint must be a number of steps: got nothing"],
    [{ updates: "many" }, "'updates' of the checkpoint must be a number of steps: got many"],
  ];
  for (const [change, message] of cases) {
    assertThrows(() => decodeCheckpoint(changed(change)), InputError, message);
  }
});
