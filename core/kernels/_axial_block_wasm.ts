/**
 * The axial block as one fused kernel of the WASM backend, forward and backward.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { kernelHeap } from "./_wasm.ts";
import type { KernelHeap, Pointer } from "./_wasm.ts";
import type { AxialBlockInputs, AxialBlockWeights } from "./axial_block.ts";

/** Everything that is differentiated. */
type Differentiated = AxialBlockWeights & {
  tokens: tf.Tensor;
  relevance: tf.Tensor;
  keysAndValues?: tf.Tensor;
  modulation?: tf.Tensor;
};

const weightNames = ["n1", "n2", "q", "kv", "o", "m1", "m1Bias", "m2", "m2Bias"] as const;

/** The fused form of `axialBlock`; the WASM backend must run. */
export function fusedAxialBlock(
  weights: AxialBlockWeights,
  inputs: AxialBlockInputs,
): tf.Tensor4D {
  const { tokens, relevance, keysAndValues, modulation } = inputs;
  const { queryCoordinates, keyCoordinates, keyShare, sizes } = inputs;
  const constants = { queryCoordinates, keyCoordinates, keyShare, sizes };
  const differentiated: Differentiated = {
    ...weights,
    tokens,
    relevance,
    ...(keysAndValues && { keysAndValues }),
    ...(modulation && { modulation }),
  };
  const names = (Object.keys(differentiated) as (keyof Differentiated)[])
    .filter((name) => name !== "kv" || keysAndValues === undefined);
  const block = tf.customGrad((...args) => {
    const save = args.pop() as tf.GradSaveFunc;
    const given = Object.fromEntries(names.map((name, i) => [name, args[i] as tf.Tensor]));
    const [output, saved] = tf.engine().runKernel("AxialBlock", { ...constants, ...given }) as
      & tf.Tensor[]
      & { 0: tf.Tensor; 1: tf.Tensor };
    save([saved, ...Object.values(constants), ...(args as tf.Tensor[])]);
    return {
      value: output,
      gradFunc: (dOutput: tf.Tensor, [saved, ...kept]: tf.Tensor[]) => {
        const given = Object.fromEntries(
          [...Object.keys(constants), ...names].map((name, i) => [name, kept[i]]),
        );
        const inputs = { ...given, saved, output: dOutput };
        return tf.engine().runKernel("AxialBlockGradient", inputs, { names }) as tf.Tensor[];
      },
    };
  });
  return block(...names.map((name) => differentiated[name]!)) as tf.Tensor4D;
}

type KernelInputs = Record<string, tf.TensorInfo | undefined>;

tf.registerKernel({
  kernelName: "AxialBlock",
  backendName: "wasm",
  kernelFunc: ({ inputs, backend }) => {
    const heap = kernelHeap(backend);
    const given = inputs as KernelInputs;
    const [contexts] = given.tokens!.shape;
    const output = heap.allocate(given.tokens!.shape);
    const saved = withArguments(heap, { ...given, output }, {}, (args, write) => {
      const bytes = heap.kernels.axialBlockSavedBytes(args);
      const saved = heap.allocate([contexts, bytes / 4]);
      write(saved);
      heap.kernels.axialBlockForward(args);
      return saved;
    });
    return [output, saved];
  },
});

tf.registerKernel({
  kernelName: "AxialBlockGradient",
  backendName: "wasm",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const heap = kernelHeap(backend);
    const given = inputs as KernelInputs;
    const names = (attrs as unknown as { names: string[] }).names;
    const gradients: KernelInputs = Object.fromEntries(
      names.map((name) => [name, heap.zeros(given[name]!.shape)]),
    );
    withArguments(heap, given, gradients, (args, write) => {
      write(given.saved!);
      heap.kernels.axialBlockBackward(args);
    });
    return names.map((name) => gradients[name]!);
  },
});

/** Lays out `Arguments` of `assembly/axial_block.ts` and calls `use` with their address. */
function withArguments<T>(
  heap: KernelHeap,
  tensors: KernelInputs,
  gradients: KernelInputs,
  use: (args: Pointer, write: (saved: tf.TensorInfo) => void) => T,
): T {
  const [contexts, queries, dimension, width] = tensors.tokens!.shape;
  const [, relevanceRows, , heads] = tensors.relevance!.shape;
  const keys = tensors.keyCoordinates!.shape[1];
  const pointers = (of: KernelInputs, names: readonly string[]): Pointer[] =>
    names.map((name) => heap.pointer(of[name]));
  const fields = (saved: Pointer, savedStride: number, scratch: Pointer): number[] => [
    ...[contexts, queries, keys, dimension, width, heads, relevanceRows],
    ...pointers(tensors, ["tokens", "keysAndValues", "relevance", "queryCoordinates"]),
    ...pointers(tensors, ["keyCoordinates", "keyShare", "modulation", "sizes", ...weightNames]),
    ...pointers(tensors, ["output"]),
    ...[saved, savedStride, scratch],
    ...pointers(gradients, ["tokens", "keysAndValues", "relevance", "modulation", ...weightNames]),
  ];
  const bytes = fields(0, 0, 0).length * 4;
  return heap.withScratch(bytes, (args) => {
    heap.writeIntegers(args, fields(0, 0, 0));
    const scratchBytes = heap.kernels.axialBlockScratchBytes(args);
    return heap.withScratch(
      scratchBytes,
      (scratch) =>
        use(
          args,
          (saved) =>
            heap.writeIntegers(args, fields(heap.pointer(saved), saved.shape[1] * 4, scratch)),
        ),
    );
  });
}
