/**
 * The safetensors file layout: 8 bytes header length (little endian), a JSON header
 * `{name: {dtype, shape, data_offsets}}`, then the tensors' bytes.
 *
 * @module
 */
import { InputError } from "../search/errors.ts";
import { shown } from "../search/json.ts";

/** A float32 tensor of a file. */
export interface StoredTensor {
  shape: readonly number[];
  values: Float32Array;
}

/** Writes float32 tensors in the given order. */
export function writeSafetensors(
  tensors: readonly (StoredTensor & { name: string })[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset += values.length * 4] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.set(text, 8);
  let position = 8 + headerLength;
  for (const { values } of tensors) {
    for (const value of values) {
      view.setFloat32(position, value, true);
      position += 4;
    }
  }
  return bytes;
}

/**
 * Reads float32 tensors.
 *
 * @throws {InputError} when the file is truncated, malformed, or holds another element type.
 */
export function parseSafetensors(
  bytes: Uint8Array,
): { tensors: Map<string, StoredTensor>; metadata: Record<string, string> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = bytes.length < 8 ? NaN : Number(view.getBigUint64(0, true));
  if (!(8 + headerLength <= bytes.length)) {
    throw new InputError(
      `Cannot read weights as a safetensors file must hold its header: got ${bytes.length} bytes`,
    );
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerLength));
  const tensors = new Map<string, StoredTensor>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") metadata = readMetadata(entry);
    else tensors.set(name, readTensor(view, 8 + headerLength, name, entry));
  }
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof header === "object" && header !== null) return header as Record<string, unknown>;
  } catch {
    // Reported below, like every other header that is not a JSON object.
  }
  throw new InputError("Cannot read weights as a safetensors file must have a JSON header");
}

function readMetadata(entry: unknown): Record<string, string> {
  const isRecord = typeof entry === "object" && entry !== null && !Array.isArray(entry);
  if (isRecord && Object.values(entry).every((value) => typeof value === "string")) {
    return entry as Record<string, string>;
  }
  throw new InputError(
    `Cannot read weights as "__metadata__" must hold texts: got ${shown(entry)}`,
  );
}

function readTensor(view: DataView, start: number, name: string, entry: unknown): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as {
    dtype?: unknown;
    shape?: unknown;
    data_offsets?: unknown;
  };
  const isList = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
  if (dtype !== "F32" || !isList(shape) || !isList(offsets) || offsets.length !== 2) {
    throw new InputError(
      `Cannot read weights as tensor "${name}" must be F32 with a shape and offsets: got ${
        shown(entry)
      }`,
    );
  }
  const size = shape.reduce((product, length) => product * length, 1);
  const position = start + offsets[0];
  if (offsets[1] - offsets[0] !== 4 * size || start + offsets[1] > view.byteLength) {
    throw new InputError(
      `Cannot read weights as tensor "${name}" must have ${4 * size} bytes inside the file: ` +
        `got bytes ${offsets[0]} to ${offsets[1]} of ${view.byteLength - start}`,
    );
  }
  return {
    shape,
    values: Float32Array.from({ length: size }, (_, i) => view.getFloat32(position + 4 * i, true)),
  };
}
