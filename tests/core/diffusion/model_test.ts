import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Model, type ModelFacts } from "../../../core/diffusion/model.ts";
import { historyConfig, Parameters } from "../../../core/diffusion/parameters.ts";
import { parseSafetensors, writeSafetensors } from "../../../core/diffusion/safetensors.ts";
import { InputError } from "../../../core/search/errors.ts";
import { Random } from "../../../core/search/random.ts";

const small = { ...historyConfig, width: 8, heads: 2, conditionWidth: 8, headBins: 8 };
const facts: ModelFacts = {
  schedule: "linear",
  largestContext: 40,
  smallestDimension: 2,
  largestDimension: 9,
};
const initialized = (): Model =>
  new Model(Parameters.initialize(small, Random.of("parameters")), facts);

Deno.test("weights survive the file, with their configuration and the facts of their training", () => {
  for (const config of [small, { ...small, columns: 5 }]) {
    const model = new Model(Parameters.initialize(config, Random.of("parameters")), facts);
    const bytes = model.toSafetensors();
    const read = Model.fromSafetensors(bytes);
    assertEquals(read.parameters.config, config);
    assertEquals(read.parameters.values, model.parameters.values);
    assertEquals(read.facts, facts);
    assertEquals(read.schedule.name, "linear");
    assertEquals(read.toSafetensors(), bytes);
  }
});

Deno.test("a file need not start on a word boundary", () => {
  const bytes = initialized().toSafetensors();
  const shifted = new Uint8Array(bytes.length + 1);
  shifted.set(bytes, 1);
  assertEquals(
    Model.fromSafetensors(shifted.subarray(1)).parameters.values,
    initialized().parameters.values,
  );
});

Deno.test("truncated files are refused wherever they end", () => {
  const bytes = initialized().toSafetensors();
  for (const length of [0, 7, 8, 100, bytes.length - 4]) {
    assertThrows(() => Model.fromSafetensors(bytes.subarray(0, length)), InputError);
  }
});

Deno.test("files that are no weights are refused", () => {
  const refuse = (bytes: Uint8Array, message: string): unknown =>
    assertThrows(() => Model.fromSafetensors(bytes), InputError, message);
  refuse(new TextEncoder().encode("not weights at all"), "must hold its header");
  refuse(file("[1, 2"), "must have a JSON header");
  refuse(file(`{"__metadata__": null}`), `"__metadata__" must hold texts: got null`);
  refuse(file(`{"__metadata__": {"a": 1}}`), `must hold texts: got {"a":1}`);
  refuse(file(`{"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}`), `"a" must be F32`);
  refuse(
    file(`{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}`, 4),
    'must be of format "genhpo weights 2": got no format',
  );
});

Deno.test("weights that are not finite are refused by name", () => {
  const model = initialized();
  model.parameters.view("colp.bias")[2] = NaN;
  assertThrows(
    () => Model.fromSafetensors(model.toSafetensors()),
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
    () => Model.fromSafetensors(text((header) => header.replace("qc.bias", "zz.bias"))),
    InputError,
    `a tensor "qc.bias": it is missing`,
  );
  assertThrows(
    () =>
      Model.fromSafetensors(
        text((header) => header.replace(`"shape":[8,12]`, `"shape":[12,8]`)),
      ),
    InputError,
    `"ex.weight" must have shape [8,12]: got [12,8]`,
  );
  assertThrows(
    () =>
      Model.fromSafetensors(
        text((header) => header.replace(`\\"heads\\":2`, `\\"heads\\":3`)),
      ),
    InputError,
    "must be a multiple of 12",
  );
});

Deno.test("weights of older versions and without their facts are refused by name", () => {
  const cases: [Record<string, string | undefined>, string][] = [
    [{ format: "genhpo" }, 'must be of format "genhpo weights 2": got "genhpo"'],
    [{ features: "0" }, "must be trained with version 2 of the features: got 0"],
    [{ features: undefined }, "version 2 of the features: got none"],
    [{ schedule: "square" }, "their 'schedule' must be cosine or linear: got square"],
    [{ schedule: undefined }, "their 'schedule' must be cosine or linear: got undefined"],
    [{ largestContext: undefined }, "their 'largestContext' must be a count: got NaN"],
    [{ smallestDimension: "0" }, "their 'smallestDimension' must be a count: got 0"],
    [{ largestDimension: "1" }, "their 'largestDimension' must be an integer from 2: got 1"],
    [{ config: undefined }, "must hold a network configuration"],
  ];
  for (const [change, message] of cases) {
    const { tensors, metadata } = parseSafetensors(initialized().toSafetensors());
    const entries = Object.entries({ ...metadata, ...change }).filter(([, text]) => text);
    const bytes = writeSafetensors(
      [...tensors].map(([name, tensor]) => ({ name, ...tensor })),
      Object.fromEntries(entries) as Record<string, string>,
    );
    assertThrows(() => Model.fromSafetensors(bytes), InputError, message);
  }
});

Deno.test("a checksum is that of the weights alone: SHA-256 of their little-endian bytes", async () => {
  const model = initialized();
  const { values } = model.parameters;
  const { tensors } = parseSafetensors(model.toSafetensors());
  const inOrder = new Float32Array([...tensors.values()].flatMap((tensor) => [...tensor.values]));
  const digest = await crypto.subtle.digest("SHA-256", inOrder);
  assertEquals(await model.checksum(), new Uint8Array(digest).toHex());
  const other = new Model(model.parameters, { ...facts, largestContext: 41 });
  assertEquals(await other.checksum(), await model.checksum());
  const before = await model.checksum();
  values[values.length - 1] += 1;
  assertNotEquals(await model.checksum(), before);
});

/** A safetensors file with that header and `size` bytes of data. */
function file(header: string, size = 8): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
