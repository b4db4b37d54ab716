/**
 * The axial block as one fused kernel of the WASM backend, forward and backward.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { defineOperation } from "./_wasm.ts";
import type { KernelHeap, Operation, Pointer, TensorInfos } from "./_wasm.ts";

const weightNames = ["n1", "n2", "q", "kv", "o", "m1", "m1Bias", "m2", "m2Bias"] as const;

/**
 * The fused operation, on the tensors of `axial_block.ts` by name. Without `keysAndValues` it projects them
 * from the block's own tokens by `kv`.
 */
export const fusedAxialBlock: Operation = defineOperation("AxialBlock", {
  forward: (heap, inputs) => {
    const output = heap.allocate(inputs.tokens!.shape);
    return withArguments(heap, { inputs, output, gradients: {} }, (args, bindSaved) => {
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
    return withArguments(
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

/** Lays out `Arguments` of `assembly/axial_block.ts`, with scratch, and calls `use` with their address. */
function withArguments<T>(
  heap: KernelHeap,
  tensors: { inputs: TensorInfos; output: tf.TensorInfo; gradients: TensorInfos },
  use: (args: Pointer, bindSaved: (saved: tf.TensorInfo) => void) => T,
): T {
  const { inputs, output, gradients } = tensors;
  const [contexts, queries, dimension, width] = inputs.tokens!.shape;
  const [, relevanceRows, , heads] = inputs.relevance!.shape;
  const keys = inputs.keyCoordinates!.shape[1];
  const pointers = (of: TensorInfos, names: readonly string[]): Pointer[] =>
    names.map((name) => heap.pointer(of[name]));
  const fields = (saved: Pointer, savedStride: number, scratch: Pointer): number[] => [
    ...[contexts, queries, keys, dimension, width, heads, relevanceRows],
    ...pointers(inputs, ["tokens", "keysAndValues", "relevance", "queryCoordinates"]),
    ...pointers(inputs, ["keyCoordinates", "keyShare", "modulation", "sizes", ...weightNames]),
    ...[heap.pointer(output), saved, savedStride, scratch],
    ...pointers(gradients, ["tokens", "keysAndValues", "relevance", "modulation", ...weightNames]),
  ];
  return heap.withScratch(fields(0, 0, 0).length * 4, (args) => {
    heap.writeIntegers(args, fields(0, 0, 0));
    return heap.withScratch(
      heap.kernels.axialBlockScratchBytes(args),
      (scratch) =>
        use(
          args,
          (saved) =>
            heap.writeIntegers(args, fields(heap.pointer(saved), saved.shape[1] * 4, scratch)),
        ),
    );
  });
}
