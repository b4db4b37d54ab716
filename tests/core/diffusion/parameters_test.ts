import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { historyConfig, Parameters, pretrainedConfig } from "../../../core/diffusion/parameters.ts";
import { Random } from "../../../core/search/random.ts";

const small = { ...historyConfig, width: 8, heads: 2, conditionWidth: 8, headBins: 8 };
const initialized = (): Parameters => Parameters.initialize(small, Random.of("parameters"));

Deno.test("the layout names every weight of the flat vector once", () => {
  assertEquals(new Parameters(pretrainedConfig).values.length, 128761);
  let offset = 0;
  for (const entry of new Parameters(historyConfig).layout) {
    assertEquals(entry.offset, offset);
    offset += entry.size;
  }
});

Deno.test("a view shares memory with the flat vector, a clone does not", () => {
  const parameters = initialized();
  const copy = parameters.clone();
  parameters.view("out.bias")[0] = 5;
  assert(parameters.values.includes(5));
  assertEquals(copy.view("out.bias")[0], 0);
  const shared = new Float32Array(new SharedArrayBuffer(parameters.values.byteLength));
  assertEquals(new Parameters(small, shared).values.buffer, shared.buffer);
});

Deno.test("initial weights are distributed as PyTorch's defaults", () => {
  const parameters = Parameters.initialize(pretrainedConfig, Random.of("initialization"));
  const moments = (name: string): { mean: number; deviation: number; largest: number } => {
    const values = [...parameters.view(name)];
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    return { mean, deviation, largest: Math.max(...values.map(Math.abs)) };
  };
  // nn.Linear(inputs, outputs): uniform in +-1 / sqrt(inputs), weight and bias.
  for (
    const [name, inputs] of [["enc.0.kv.weight", 32], ["dec.2.m1.weight", 64], ["hd.0.bias", 112]]
  ) {
    const bound = 1 / Math.sqrt(inputs as number);
    const { mean, deviation, largest } = moments(name as string);
    assert(largest <= bound && largest > 0.9 * bound);
    assertAlmostEquals(mean, 0, 0.2 * bound);
    assertAlmostEquals(deviation, bound / Math.sqrt(3), 0.1 * bound);
  }
  assertAlmostEquals(moments("ie.weight").deviation, 1, 0.2); // nn.Embedding: standard normal
  for (const name of ["enc.1.ard.weight", "dec.0.ada.weight", "dec.0.ada.bias", "out.weight"]) {
    assertEquals(moments(name).largest, 0);
  }
  assert(parameters.view("enc.0.n1.g").every((gain) => gain === 1));
  assertEquals(
    [...parameters.view("dec.1.ard.bias")],
    [0.15, 0.5, 1.5, 5].map((value) => Math.fround(Math.log(value))),
  );
});

Deno.test("impossible configurations and vectors are refused", () => {
  assertThrows(() => new Parameters({ ...small, width: 12 }), RangeError, "multiple of 8: got 12");
  assertThrows(
    () => new Parameters({ ...small, heads: 5, width: 20 }),
    RangeError,
    "in 1..4: got 5",
  );
  assertThrows(
    () => new Parameters({ ...small, headBins: 0 }),
    RangeError,
    "an integer in 1..1024: got 0",
  );
  assertThrows(() => new Parameters(small, new Float32Array(3)), RangeError, "elements: got 3");
  assertThrows(() => new Parameters(small).view("nothing"), RangeError, `named "nothing"`);
});
