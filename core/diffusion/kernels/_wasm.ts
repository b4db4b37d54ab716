/**
 * Our own kernels on the heap of TensorFlow.js's WASM backend: a small SIMD module that shares the
 * backend's memory, so that tensors are worked on where they lie.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { wasmBackendName } from "./backend_name.ts";
import { fusedKernelModuleBase64 } from "./_fused_module.ts";
import { kernelModuleBase64 } from "./_module.ts";

/** An address in the shared memory; 0 for nothing. */
export type Pointer = number;

/** The functions of `assembly/index.ts`, documented there. Strides are in bytes. */
// deno-fmt-ignore
interface KernelExports {
  constantBytes: WebAssembly.Global;
  initialize(memory: Pointer): void;
  axialBlockForward(args: Pointer): void;
  axialBlockBackward(args: Pointer): void;
  axialBlockSavedBytes(args: Pointer): number;
  axialBlockScratchBytes(args: Pointer): number;
  axialBlockLaidOutBytes(args: Pointer): number;
  layOutKeysAndValues(args: Pointer): void;
  dense(
    rows: number, inputs: number, outputs: number,
    x: Pointer, weight: Pointer, bias: Pointer, weightT: Pointer, y: Pointer,
  ): void;
  denseBackward(
    rows: number, inputs: number, outputs: number,
    x: Pointer, weight: Pointer, dy: Pointer, dx: Pointer, dweight: Pointer, dbias: Pointer,
  ): void;
  matmul(
    rows: number, columns: number, outer: number, inner: number,
    a: Pointer, rowA: number, outerA: number, innerA: number,
    b: Pointer, rowB: number, c: Pointer, rowC: number, accumulate: boolean,
  ): void;
  meanAndMax(points: number, dimension: number, width: number, x: Pointer, out: Pointer): void;
  meanAndMaxBackward(
    points: number, dimension: number, width: number,
    x: Pointer, out: Pointer, dOut: Pointer, dx: Pointer,
  ): void;
  normalize(
    points: number, dimension: number, width: number, x: Pointer, gain: Pointer,
    modulation: Pointer, rowModulation: number, roots: Pointer, u: Pointer,
  ): void;
  normalizeBackward(
    points: number, dimension: number, width: number, x: Pointer, gain: Pointer,
    modulation: Pointer, rowModulation: number, roots: Pointer, du: Pointer,
    dx: Pointer, dgain: Pointer, dmodulation: Pointer,
  ): void;
}

/** What is used of TensorFlow.js's `BackendWasm`; not all of it is public, so its version is pinned. */
interface WasmBackend {
  wasm: {
    asm: { memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(pointer: Pointer): void;
  };
  dataIdMap: { get(dataId: tf.DataId): { memoryOffset: Pointer } };
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
}

/** The fastest module that the engine has the instructions for. */
function kernelModule(): Uint8Array<ArrayBuffer> {
  const [fused, separate] = [fusedKernelModuleBase64, kernelModuleBase64].map((text) =>
    Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  );
  return WebAssembly.validate(fused) ? fused : separate;
}

/** Access to the kernels and to the memory they share with the tensors. */
export class KernelHeap {
  /** The compiled kernels. */
  readonly kernels: KernelExports;
  readonly #backend: WasmBackend;

  /** Compiles the module against the memory of a running backend. */
  constructor(backend: WasmBackend) {
    const module = new WebAssembly.Module(kernelModule());
    const instance = new WebAssembly.Instance(module, { env: { memory: backend.wasm.asm.memory } });
    this.kernels = instance.exports as unknown as KernelExports;
    this.#backend = backend;
    this.kernels.initialize(backend.wasm._malloc(this.kernels.constantBytes.value) >>> 0);
  }

  /** The address of a tensor's first element. */
  pointer(tensor: tf.TensorInfo | undefined): Pointer {
    return tensor === undefined ? 0 : this.#backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A new float32 tensor with undefined values. @throws {RangeError} when memory does not suffice. */
  allocate(shape: readonly number[]): tf.TensorInfo {
    checkBytes(shape.reduce((product, length) => product * length, 4));
    return this.#backend.makeOutput([...shape], "float32");
  }

  /** A new float32 tensor of zeros. */
  zeros(shape: readonly number[]): tf.TensorInfo {
    const tensor = this.allocate(shape);
    const bytes = shape.reduce((product, length) => product * length, 4);
    new Uint8Array(this.#backend.wasm.asm.memory.buffer, this.pointer(tensor), bytes).fill(0);
    return tensor;
  }

  /** Runs `use` with temporary memory of that many bytes. @throws {RangeError} when there is not so much. */
  withScratch<T>(bytes: number, use: (pointer: Pointer) => T): T {
    checkBytes(bytes);
    const pointer = this.#backend.wasm._malloc(bytes) >>> 0;
    if (pointer === 0) throw tooLarge(bytes);
    try {
      return use(pointer);
    } finally {
      this.#backend.wasm._free(pointer);
    }
  }

  /** Writes 32-bit integers. */
  writeIntegers(pointer: Pointer, values: readonly number[]): void {
    new Int32Array(this.#backend.wasm.asm.memory.buffer, pointer, values.length).set(values);
  }
}

/** Bytes that a 32-bit address reaches: a larger size would wrap around. */
const largestBytes = 2 ** 32 - 1;

function checkBytes(bytes: number): void {
  if (bytes > largestBytes) throw tooLarge(bytes);
}

function tooLarge(bytes: number): RangeError {
  return new RangeError(
    `Cannot allocate ${bytes} bytes as WebAssembly has 4 GiB: give fewer observations at once`,
  );
}

let heap: KernelHeap | undefined;

/** Whether our WASM backend is in force, so that operations of our own can be used. */
export function hasWasmKernels(): boolean {
  return tf.getBackend() === wasmBackendName;
}

/** Tensors by name; what an operation can do without may be missing. */
export type TensorInfos = Record<string, tf.TensorInfo | undefined>;

/** The two kernels of a differentiable operation. */
export interface OperationKernels {
  /** The output, then what the backward pass needs beside the inputs. */
  forward(heap: KernelHeap, inputs: TensorInfos): tf.TensorInfo[];
  /**
   * Gradients of the inputs named in `wanted`.
   *
   * @param inputs the operation's inputs; `output0`, `output1`, ...: what `forward` returned; and
   * `dOutput`.
   */
  backward(heap: KernelHeap, inputs: TensorInfos, wanted: readonly string[]): TensorInfos;
}

/** An operation on named tensors: those that are differentiated, and constants. */
export type Operation = (
  variables: Readonly<Record<string, tf.Tensor | undefined>>,
  constants?: Readonly<Record<string, tf.Tensor>>,
) => tf.Tensor;

/** Registers a kernel of our own that nothing is differentiated by. */
export function defineKernel<A extends string>(
  name: string,
  forward: (heap: KernelHeap, inputs: TensorInfos, attributes: Record<A, number>) => tf.TensorInfo,
): (inputs: tf.NamedTensorMap, attributes: Record<A, number>) => tf.Tensor {
  tf.registerKernel({
    kernelName: name,
    backendName: wasmBackendName,
    kernelFunc: ({ inputs, backend, attrs }) =>
      forward(heapOf(backend), inputs as TensorInfos, attrs as Record<A, number>),
  });
  return (inputs, attributes) => tf.engine().runKernel(name, inputs, attributes) as tf.Tensor;
}

function heapOf(backend: unknown): KernelHeap {
  return heap ??= new KernelHeap(backend as WasmBackend);
}

/** Registers an operation of the WASM backend that is made of two kernels of our own. */
export function defineOperation(name: string, kernels: OperationKernels): Operation {
  tf.registerKernel({
    kernelName: name,
    backendName: wasmBackendName,
    kernelFunc: ({ inputs, backend }) => kernels.forward(heapOf(backend), inputs as TensorInfos),
  });
  tf.registerKernel({
    kernelName: `${name}Gradient`,
    backendName: wasmBackendName,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { wanted } = attrs as unknown as { wanted: string[] };
      const gradients = kernels.backward(heapOf(backend), inputs as TensorInfos, wanted);
      return wanted.map((input) => gradients[input]!);
    },
  });
  return (variables, constants = {}) => {
    const wanted = Object.keys(variables).filter((input) => variables[input] !== undefined);
    if (tf.engine().state.gradientDepth === 0) { // no gradient is asked for: nothing is kept for it
      const inputs = { ...constants, ...named(wanted, wanted.map((input) => variables[input]!)) };
      const [output, ...saved] = tf.engine().runKernel(name, inputs) as tf.Tensor[];
      tf.dispose(saved);
      return output;
    }
    const constantNames = Object.keys(constants);
    const operation = tf.customGrad((...args) => {
      const save = args.pop() as tf.GradSaveFunc;
      const inputs = { ...constants, ...named(wanted, args as tf.Tensor[]) };
      const outputs = tf.engine().runKernel(name, inputs) as tf.Tensor[];
      const outputNames = outputs.map((_, i) => `output${i}`);
      save([...outputs, ...Object.values(constants), ...(args as tf.Tensor[])]);
      return {
        value: outputs[0],
        gradFunc: (dOutput: tf.Tensor, saved: tf.Tensor[]) => {
          const inputs = {
            ...named([...outputNames, ...constantNames, ...wanted], saved),
            dOutput,
          };
          return tf.engine().runKernel(`${name}Gradient`, inputs, { wanted }) as tf.Tensor[];
        },
      };
    });
    return operation(...wanted.map((input) => variables[input]!));
  };
}

function named(names: readonly string[], tensors: readonly tf.Tensor[]): tf.NamedTensorMap {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
}

// TensorFlow.js's own Identity copies the values on the WASM backend, and everything that is saved
// for a gradient passes through it. Sharing them by reference, as Reshape does, is safe: tensors are
// never written to. It is the Identity of our instance of the backend alone.
if (tf.getKernel(tf.Identity, wasmBackendName)) tf.unregisterKernel(tf.Identity, wasmBackendName);
tf.registerKernel({
  kernelName: tf.Identity,
  backendName: wasmBackendName,
  kernelFunc: ({ inputs, backend }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    (backend as tf.KernelBackend).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
});
