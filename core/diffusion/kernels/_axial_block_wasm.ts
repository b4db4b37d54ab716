/**
 * The axial block as one fused kernel of the WASM backend, forward and backward.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineKernel, defineOperation } from "./_wasm.ts";
import type { KernelHeap, Operation, Pointer, TensorInfos } from "./_wasm.ts";

const weightNames = ["n1", "n2", "q", "kv", "o", "m1", "m1Bias", "m2", "m2Bias"] as const;

/**
 * The fused operation, on the tensors of `axial_block.ts` by name. Without `keysAndValues` it projects them
 * from the block's own tokens by `kv`.
 */
export const fusedAxialBlock: Operation = defineOperation("AxialBlock", {
  forward: (heap, inputs) => {
    const output = heap.allocate(inputs.tokens!.shape);
    return withMemory(heap, { inputs, output, gradients: {} }, (args, bindSaved) => {
      const bytes = heap.kernels.axialBlockSavedBytes(args);
      const saved = heap.allocate([inputs.tokens!.shape[0], bytes / 4]);
      bindSaved(saved);
      heap.kernels.axialBlockForward(args);
      return [output, saved];
    });
  },
  backward: (heap, inputs, wanted) => {
    const gradients: TensorInfos = Object.fromEntries(
      wanted.map((name) => [name, heap.zeros(inputs[name]!.shape)]),
    );
    return withMemory(
      heap,
      { inputs, output: inputs.dOutput!, gradients },
      (args, bindSaved) => {
        bindSaved(inputs.output1!);
        heap.kernels.axialBlockBackward(args);
        return gradients;
      },
    );
  },
});

/**
 * Keys and values of a context, [B, n, D, 4 W], in the order in which the kernel reads them, for the `laidOut` of any
 * number of {@linkcode fusedAxialBlock}: it would arrange them anew in each.
 */
export function layOutKeysAndValues(
  keysAndValues: tf.Tensor,
  { sizes, heads }: { sizes: tf.Tensor; heads: number },
): tf.Tensor {
  return layOut({ keysAndValues, sizes }, { heads });
}

const layOut = defineKernel("LayOutKeysAndValues", (heap, inputs, { heads }) => {
  const [contexts, keys, dimension, channels] = inputs.keysAndValues!.shape;
  const sizes = {
    contexts,
    queries: 0,
    keys,
    dimension,
    width: channels / 4,
    heads,
    relevanceRows: 0,
  };
  return withArguments(heap, (args, write) => {
    write(argumentsOf(heap, sizes, { inputs }));
    const laidOut = heap.allocate([heap.kernels.axialBlockLaidOutBytes(args) / 4]);
    write(argumentsOf(heap, sizes, { inputs: { ...inputs, laidOut } }));
    heap.kernels.layOutKeysAndValues(args);
    return laidOut;
  });
});

/** Writes the arguments of a pass, with scratch, and calls `use` with their address. */
function withMemory<T>(
  heap: KernelHeap,
  tensors: { inputs: TensorInfos; output: tf.TensorInfo; gradients: TensorInfos },
  use: (args: Pointer, bindSaved: (saved: tf.TensorInfo) => void) => T,
): T {
  const { inputs } = tensors;
  const [contexts, queries, dimension, width] = inputs.tokens!.shape;
  const [, relevanceRows, , heads] = inputs.relevance!.shape;
  const keys = inputs.keyCoordinates!.shape[1];
  const sizes = { contexts, queries, keys, dimension, width, heads, relevanceRows };
  return withArguments(heap, (args, write) => {
    write(argumentsOf(heap, sizes, tensors));
    return heap.withScratch(
      heap.kernels.axialBlockScratchBytes(args),
      (scratch) =>
        use(args, (saved) => write(argumentsOf(heap, sizes, { ...tensors, saved, scratch }))),
    );
  });
}

/** Memory for `Arguments`, and what writes them there. */
function withArguments<T>(
  heap: KernelHeap,
  use: (args: Pointer, write: (values: readonly number[]) => void) => T,
): T {
  return heap.withScratch(
    argumentBytes,
    (args) => use(args, (values) => heap.writeIntegers(args, values)),
  );
}

/** `Arguments` of `assembly/axial_block_layout.ts`. */
function argumentsOf(
  heap: KernelHeap,
  sizes: Record<typeof sizeNames[number], number>,
  tensors: {
    inputs: TensorInfos;
    output?: tf.TensorInfo;
    gradients?: TensorInfos;
    saved?: tf.TensorInfo;
    scratch?: Pointer;
  },
): number[] {
  const { inputs, output, gradients = {}, saved, scratch = 0 } = tensors;
  return [
    ...sizeNames.map((name) => sizes[name]),
    ...inputNames.map((name) => heap.pointer(inputs[name])),
    ...[heap.pointer(output), heap.pointer(saved), saved === undefined ? 0 : saved.shape[1] * 4],
    scratch,
    ...gradientNames.map((name) => heap.pointer(gradients[name])),
  ];
}

// In the order of `Arguments`.
// deno-fmt-ignore
const sizeNames = [
  "contexts", "queries", "keys", "dimension", "width", "heads", "relevanceRows",
] as const;
// deno-fmt-ignore
const inputNames = [
  "tokens", "keysAndValues", "laidOut", "relevance", "queryCoordinates", "keyCoordinates", "keyShare",
  "modulation", "sizes", ...weightNames,
] as const;
const gradientNames = [
  "tokens",
  "keysAndValues",
  "relevance",
  "modulation",
  ...weightNames,
] as const;
const argumentBytes = 4 * (sizeNames.length + inputNames.length + 4 + gradientNames.length);
