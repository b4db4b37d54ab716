import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/search/errors.ts";
import { historyConfig, Parameters, pretrainedConfig } from "../../../core/diffusion/parameters.ts";
import { Random } from "../../../core/search/random.ts";

const small = { ...historyConfig, width: 8, heads: 2, conditionWidth: 8, headBins: 8 };
const initialized = (): Parameters => Parameters.initialize(small, Random.of("parameters"));

Deno.test("the layout names every weight of the flat vector once", () => {
  assertEquals(new Parameters(pretrainedConfig).values.length, 128505);
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

Deno.test("weights survive the file, with their configuration", () => {
  const parameters = initialized();
  const bytes = parameters.toSafetensors();
  const read = Parameters.fromSafetensors(bytes);
  assertEquals(read.config, small);
  assertEquals(read.values, parameters.values);
  assertEquals(read.toSafetensors(), bytes);
});

Deno.test("a file need not start on a word boundary", () => {
  const bytes = initialized().toSafetensors();
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  assertEquals(Parameters.fromSafetensors(shifted.subarray(1)).values, initialized().values);
});

Deno.test("truncated files are refused wherever they end", () => {
  const bytes = initialized().toSafetensors();
  for (const length of [0, 7, 8, 100, bytes.length - 4]) {
    assertThrows(() => Parameters.fromSafetensors(bytes.subarray(0, length)), InputError);
  }
});

Deno.test("files that are no weights are refused", () => {
  const refuse = (bytes: Uint8Array, message: string): unknown =>
    assertThrows(() => Parameters.fromSafetensors(bytes), InputError, message);
  refuse(new TextEncoder().encode("not weights at all"), "must hold its header");
  refuse(file("[1, 2"), "must have a JSON header");
  refuse(file(`{"__metadata__": null}`), `"__metadata__" must hold texts: got null`);
  refuse(file(`{"__metadata__": {"a": 1}}`), `must hold texts: got {"a":1}`);
  refuse(file(`{"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}`), `"a" must be F32`);
  refuse(
    file(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}`, 4),
    "must be those of this package's network",
  );
});

Deno.test("weights that are not finite are refused by name", () => {
  const parameters = initialized();
  parameters.view("colp.bias")[2] = NaN;
  assertThrows(
    () => Parameters.fromSafetensors(parameters.toSafetensors()),
    InputError,
    `tensor "colp.bias" must be finite`,
  );
});

Deno.test("tensors of another architecture are refused by name", () => {
  const text = (edit: (text: string) => string): Uint8Array => {
    const bytes = initialized().toSafetensors();
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = edit(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    assertEquals(header.length, length);
    bytes.set(new TextEncoder().encode(header), 8);
    return bytes;
  };
  assertThrows(
    () => Parameters.fromSafetensors(text((header) => header.replace("qc.bias", "zz.bias"))),
    InputError,
    `a tensor "qc.bias": it is missing`,
  );
  assertThrows(
    () =>
      Parameters.fromSafetensors(
        text((header) => header.replace(`"shape":[8,12]`, `"shape":[12,8]`)),
      ),
    InputError,
    `"ex.weight" must have shape [8,12]: got [12,8]`,
  );
  assertThrows(
    () =>
      Parameters.fromSafetensors(
        text((header) => header.replace(`\\"heads\\":2`, `\\"heads\\":3`)),
      ),
    InputError,
    "must be a multiple of 12",
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

/** A safetensors file with that header and `size` bytes of data. */
function file(header: string, size = 8): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
