/**
 * Our own kernels on the heap of TensorFlow.js's WASM backend: a small SIMD module that shares the
 * backend's memory, so that tensors are worked on where they lie.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { kernelModuleBase64 } from "./_module.ts";

/** An address in the shared memory. */
export type Pointer = number;

/** The functions of `assembly/index.ts`. Strides are in bytes. */
interface KernelExports {
  axialBlockForward(args: Pointer): void;
  axialBlockBackward(args: Pointer): void;
  axialBlockSavedBytes(args: Pointer): number;
  axialBlockScratchBytes(args: Pointer): number;
  addColumnSums(rows: number, columns: number, x: Pointer, rowX: number, sums: Pointer): void;
  // deno-fmt-ignore
  matmul(
    rows: number, columns: number, outer: number, inner: number,
    a: Pointer, rowA: number, outerA: number, innerA: number,
    b: Pointer, rowB: number, c: Pointer, rowC: number, accumulate: boolean,
  ): void;
  // deno-fmt-ignore
  transpose(
    rows: number, columns: number, x: Pointer, rowX: number, out: Pointer, rowOut: number, scale: number,
  ): void;
  // deno-fmt-ignore
  normalize(
    points: number, dimension: number, width: number, x: Pointer, gain: Pointer,
    modulation: Pointer, rowModulation: number, roots: Pointer, u: Pointer,
  ): void;
  // deno-fmt-ignore
  normalizeBackward(
    points: number, dimension: number, width: number, x: Pointer, gain: Pointer,
    modulation: Pointer, rowModulation: number, roots: Pointer, du: Pointer,
    dx: Pointer, dgain: Pointer, dmodulation: Pointer,
  ): void;
}

/** What is used of TensorFlow.js's `BackendWasm`. */
interface WasmBackend {
  wasm: {
    asm: { memory: WebAssembly.Memory };
    HEAPU8: Uint8Array;
    HEAP32: Int32Array;
    _malloc(bytes: number): number;
    _free(pointer: Pointer): void;
  };
  dataIdMap: { get(dataId: tf.DataId): { memoryOffset: Pointer } };
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
}

/** Access to the kernels and to the memory they share with the tensors. */
export class KernelHeap {
  /** The compiled kernels. */
  readonly kernels: KernelExports;
  readonly #backend: WasmBackend;

  /** Compiles the module against the memory of a running backend. */
  constructor(backend: WasmBackend) {
    const module = new WebAssembly.Module(Uint8Array.fromBase64(kernelModuleBase64));
    const instance = new WebAssembly.Instance(module, { env: { memory: backend.wasm.asm.memory } });
    this.kernels = instance.exports as unknown as KernelExports;
    this.#backend = backend;
  }

  /** The address of a tensor's first element; 0 for none. */
  pointer(tensor: tf.TensorInfo | undefined): Pointer {
    return tensor === undefined ? 0 : this.#backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A new float32 tensor with undefined values. */
  allocate(shape: readonly number[]): tf.TensorInfo {
    return this.#backend.makeOutput([...shape], "float32");
  }

  /** A new float32 tensor of zeros. */
  zeros(shape: readonly number[]): tf.TensorInfo {
    const tensor = this.allocate(shape);
    const size = shape.reduce((product, length) => product * length, 1);
    const start = this.pointer(tensor);
    this.#backend.wasm.HEAPU8.fill(0, start, start + size * 4);
    return tensor;
  }

  /** Runs `use` with temporary memory of that many bytes. */
  withScratch<T>(bytes: number, use: (pointer: Pointer) => T): T {
    const pointer = this.#backend.wasm._malloc(bytes) >>> 0;
    try {
      return use(pointer);
    } finally {
      this.#backend.wasm._free(pointer);
    }
  }

  /** Writes 32-bit integers. */
  writeIntegers(pointer: Pointer, values: readonly number[]): void {
    new Int32Array(this.#backend.wasm.HEAPU8.buffer, pointer, values.length).set(values);
  }
}

let heap: KernelHeap | undefined;

/** The kernels of this thread's WASM backend. To be called inside kernel functions of that backend. */
export function kernelHeap(backend: unknown): KernelHeap {
  heap ??= new KernelHeap(backend as WasmBackend);
  return heap;
}

/** Whether the WASM backend runs in this thread, with our kernels beside TensorFlow.js's own. */
export function hasWasmKernels(): boolean {
  return tf.getBackend() === "wasm";
}
